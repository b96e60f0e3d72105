internal import Foundation
internal import Operations
internal import Telemetry

/// Hostile documents among good ones: the run ends, every good one is found, every hostile one is
/// accounted for, in bounded time and memory.
///
/// - Throws: ``SelftestError`` without an executable: only a process of its own can be measured.
package func selftestHostile(_ options: SelftestOptions) throws -> SelftestReport {
    let start = monotonicNanoseconds()
    var hostile = try HostileTest(options)
    try hostile.run()
    return SelftestReport(
        name: "hostile",
        seed: options.seed,
        caseCount: hostile.hostileNames.count,
        caseName: "hostile documents",
        seconds: Double(monotonicNanoseconds() - start) / 1e9,
        failures: hostile.failures,
        details: hostile.details
    )
}

private struct HostileTest {
    /// Of the run and its workers together.
    private static let memoryBytesMaximum = 2 << 30
    /// On average: a single one may take as long as the limits of a worker let it.
    private static let secondsPerDocumentMaximum = 10.0
    private static let goodCount = 40

    private(set) var hostileNames: [String] = []
    private(set) var failures: [String] = []
    private(set) var details: [String] = []
    private let options: SelftestOptions
    private let executable: String
    private let folder: WorkFolder
    private let bench: Bench
    private var goodNames: [String] = []

    init(_ options: SelftestOptions) throws {
        guard let executable = options.executable else {
            throw SelftestError("hostile needs a millrace to start: only a process can be measured")
        }
        self.options = options
        self.executable = executable
        self.folder = try WorkFolder(in: options.folder)
        self.bench = Bench(
            PipelineShape(),
            source: self.folder("docs"),
            workspace: self.folder("workspace")
        )
    }

    mutating func run() throws {
        try self.writeDocuments()
        let documentCount = self.hostileNames.count + self.goodNames.count
        self.options.progress("\(self.hostileNames.count) among \(self.goodNames.count) good ones")
        try self.bench.writePipeline()
        let process = try CommandProcess(
            self.executable,
            ["backfill", self.bench.pipelineFile, "--json", "--quiet", "--workers", "2"],
            log: self.folder("run")
        )
        let limit = Double(documentCount) * Self.secondsPerDocumentMaximum
        guard process.wait(atMostSeconds: limit) else {
            process.end(afterMilliseconds: 0)
            self.failures.append("the run did not end within \(Int(limit)) s")
            return
        }
        guard let code = process.wait(), code == 0 || code == 3 else {
            self.failures.append("the run failed: \(process.errors)")
            return
        }
        let summary = try JSONDecoder().decode(RunSummary.self, from: Data(process.output.utf8))
        self.checkRun(summary, listed: documentCount)
        try self.checkDocuments()
    }

    private mutating func writeDocuments() throws {
        var source = try SourceFolder(self.bench.source)
        var random = SeededRandom(seed: self.options.seed)
        for number in 0..<Self.goodCount {
            let document = SyntheticDocument(
                language: .english,
                number: number,
                sections: 2,
                random: &random
            )
            let format = SyntheticDocument.Format.allCases[number % 4]
            let name = "good\(number).\(format.rawValue)"
            self.goodNames.append(name)
            try source.write(name, document.bytes(format))
        }
        for document in hostileDocuments(scale: self.options.isQuick ? 64 : 1) {
            self.hostileNames.append(document.name)
            try source.write(document.name, document.bytes)
        }
        if self.options.plantsBug {
            // What is thought to be good is not.
            try source.write(self.goodNames[3], BrokenFile.truncatedPDF.bytes(seed: 1))
        }
    }

    private mutating func checkRun(_ summary: RunSummary, listed: Int) {
        let accounts = summary.accounts
        if !accounts.addsUp || accounts.listed != listed {
            self.failures.append("\(listed) documents, but the accounts are \(accounts)")
        }
        if summary.memoryBytesMaximum > Self.memoryBytesMaximum {
            self.failures.append(
                "the run took \(summary.memoryBytesMaximum >> 20) MiB, the limit is "
                    + "\(Self.memoryBytesMaximum >> 20)"
            )
        }
        self.details.append(
            "run: \(Int(summary.seconds)) s, \(summary.memoryBytesMaximum >> 20) MiB at most"
        )
    }

    private mutating func checkDocuments() throws {
        for name in self.goodNames {
            let state = try explain(workspace: self.bench.workspace, uri: "docs/\(name)").state
            if state != "indexed" { self.failures.append("good document \(name) is \(state)") }
        }
        var counts: [String: Int] = [:]
        for name in self.hostileNames {
            let state = try explain(workspace: self.bench.workspace, uri: "docs/\(name)").state
            counts[state, default: 0] += 1
            if !["indexed", "duplicate", "excluded", "failed"].contains(state) {
                self.failures.append("hostile document \(name) is \(state)")
            }
        }
        self.details.append(
            "hostile documents: "
                + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
                .joined(separator: ", ")
        )
        let problems = try verify(workspace: self.bench.workspace).problems
        self.failures += problems
    }
}
