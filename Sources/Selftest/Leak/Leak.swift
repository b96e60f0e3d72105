internal import Foundation
internal import Telemetry

/// Documents full of made-up personal data, no byte of which may be found anywhere after a run.
///
/// Searched are all files of the workspace, what it keeps compressed, the output and the log of a run
/// that logs all it can, its folder for temporary files, and whatever a crash leaves.
///
/// - Throws: ``SelftestError`` without an executable: what a run prints is only seen from outside.
package func selftestLeak(_ options: SelftestOptions) throws -> SelftestReport {
    let start = monotonicNanoseconds()
    var leak = try LeakTest(options)
    try leak.run()
    var report = SelftestReport(
        name: "leak",
        seed: options.seed,
        caseCount: leak.corpus.plantings.count,
        caseName: "planted values",
        seconds: Double(monotonicNanoseconds() - start) / 1e9,
        failures: leak.failures
    )
    report.details = [
        "\(leak.corpus.files.count) documents; \(leak.searchedBytes) bytes of \(leak.searchedFiles) "
            + "files and \(leak.searchedTexts) compressed texts were searched"
    ]
    return report
}

private struct LeakTest {
    let corpus: LeakCorpus
    private(set) var failures: [String] = []
    private(set) var searchedBytes = 0
    private(set) var searchedFiles = 0
    private(set) var searchedTexts = 0
    private let options: SelftestOptions
    private let executable: String
    private let folder: WorkFolder
    private let shape: PipelineShape
    private let search: NeedleSearch
    /// The planting of each needle.
    private let owners: [Int]

    init(_ options: SelftestOptions) throws {
        guard let executable = options.executable else {
            throw SelftestError("leak needs a millrace to start, so that all it prints is seen")
        }
        self.options = options
        self.executable = executable
        self.corpus = LeakCorpus(seed: options.seed, rounds: options.isQuick ? 2 : 10)
        self.folder = try WorkFolder(in: options.folder)
        var shape = PipelineShape()
        shape.redacts = !options.plantsBug
        self.shape = shape
        var needles: [[UInt8]] = []
        var owners: [Int] = []
        for (index, planting) in self.corpus.plantings.enumerated() {
            for form in planting.value.forms {
                needles.append(Array(form.utf8))
                owners.append(index)
            }
        }
        self.search = NeedleSearch(needles)
        self.owners = owners
    }

    mutating func run() throws {
        var source = try SourceFolder(self.folder("docs"))
        for file in self.corpus.files { try source.write(file.name, file.bytes) }
        for name in ["state", "state/temporary"] {
            try FileManager.default.createDirectory(
                atPath: self.folder(name),
                withIntermediateDirectories: true
            )
        }
        self.options.progress("a run that is not disturbed")
        try self.finishRun("whole")
        self.searchEverything("after a run")
        guard self.failures.isEmpty else { return }
        for (number, end) in self.ends.enumerated() {
            self.options.progress("a run that crashes after \(end.milliseconds) ms")
            let name = "crashed\(number)"
            let process = try self.start(name)
            process.end(afterMilliseconds: end.milliseconds, signal: end.signal)
            self.searchEverything("after a crash")
            try self.finishRun(name)
            self.searchEverything("after the run that follows a crash")
            guard self.failures.isEmpty else { return }
        }
    }

    /// `SIGABRT` would write a core file where the system lets it.
    private var ends: [(milliseconds: Int, signal: Int32)] {
        let milliseconds = self.options.isQuick ? [120] : [40, 90, 160, 300, 600]
        return milliseconds.enumerated().map { ($1, $0.isMultiple(of: 2) ? SIGABRT : SIGKILL) }
    }

    private func bench(_ name: String) -> Bench {
        Bench(self.shape, source: self.folder("docs"), workspace: self.folder("state/\(name)"))
    }

    private func start(_ name: String) throws -> CommandProcess {
        let bench = self.bench(name)
        try bench.writePipeline()
        return try CommandProcess(
            self.executable,
            [
                "backfill", bench.pipelineFile, "--json", "--log-level", "debug", "--log-format",
                "json", "--workers", "2",
            ],
            log: self.folder("state/\(name)"),
            environment: ["TMPDIR": self.folder("state/temporary")],
            currentFolder: self.folder("state")
        )
    }

    private mutating func finishRun(_ name: String) throws {
        let process = try self.start(name)
        let code = process.wait()
        // Some of the broken files are dead letters.
        guard code == 0 || code == 3 else {
            self.failures.append(
                "the run ended with \(code.map(String.init) ?? "a signal"): \(process.errors)"
            )
            return
        }
    }

    private mutating func searchEverything(_ moment: String) {
        for path in regularFiles(below: self.folder("state")) {
            guard let bytes = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
            else { continue }
            self.searchedFiles += 1
            self.search(Array(bytes), at: self.shortened(path), moment)
            let name = path.split(separator: "/").last ?? ""
            if name == "core" || name.hasPrefix("core.") {
                self.failures.append("\(moment): a core file was written: \(self.shortened(path))")
            }
        }
        for name in ["whole"] + self.ends.indices.map({ "crashed\($0)" }) {
            self.searchTexts(of: name, moment)
        }
    }

    private mutating func searchTexts(of name: String, _ moment: String) {
        var texts: [(String, [UInt8])] = []
        // A run that was killed may leave a log that only a writer can take up.
        self.searchedTexts +=
            (try? visitCompressedTexts(
                workspace: self.bench(name).workspace,
                shardCount: self.shape.shards
            ) { texts.append(($0, $1)) }) ?? 0
        for (place, bytes) in texts { self.search(bytes, at: self.shortened(place), moment) }
    }

    private mutating func search(_ bytes: [UInt8], at place: String, _ moment: String) {
        self.searchedBytes += bytes.count
        for hit in bytes.withUnsafeBytes({ self.search.hits(in: $0) }) {
            let planting = self.corpus.plantings[self.owners[hit.needle]]
            self.failures.append(
                "\(moment): the \(planting.value.kind) '\(planting.value.text)', in the "
                    + "\(planting.placement.rawValue) of \(planting.document), is at byte "
                    + "\(hit.offset) of \(place)"
            )
        }
    }

    private func shortened(_ path: String) -> String {
        path.replacing(self.folder.path + "/", with: "")
    }
}
