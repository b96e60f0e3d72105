internal import Faults
internal import Foundation
internal import Operations
internal import Segments
internal import Storage

/// Corpus, pipelines and the right answers; shared by all cases of a self-test.
struct CrashBench: Sendable {
    /// What a reader finds in a workspace.
    struct Answer: Hashable, Sendable {
        var digest: String
        /// URI, ordinal and byte range of every hit of every query.
        var hits: [String]
    }

    let root: String
    let executable: String
    let flaw: FaultPlan.Flaw?
    let queries: [String]
    private let documents: [CrashCorpus.State: String]
    private(set) var answers: [CrashCorpus.State: Answer] = [:]
    private(set) var operations: [CrashPhase: [FaultableOperation]] = [:]

    /// Makes the corpus below `root`, builds every state of it, and learns the operations.
    init(root: String, executable: String, seed: UInt64, flaw: FaultPlan.Flaw?) throws {
        self.root = root
        self.executable = executable
        self.flaw = flaw
        let corpus = try CrashCorpus(root: root + "/documents", seed: seed)
        self.queries = corpus.queries
        self.documents = Dictionary(
            uniqueKeysWithValues: CrashCorpus.State.allCases.map { ($0, corpus.folder($0)) }
        )
        for state in CrashCorpus.State.allCases {
            let place = try CrashPlace(self, name: "fresh-\(state.rawValue)")
            try place.runToTheEnd(.backfill, state)
            self.answers[state] = try place.answer()
        }
        try self.learn()
    }

    /// The workspace that a sync starts from.
    var base: String { self.root + "/fresh-before/workspace" }

    func documents(_ state: CrashCorpus.State) -> String { self.documents[state] ?? "" }

    private mutating func learn() throws {
        for phase in CrashPhase.allCases {
            let place = try CrashPlace(self, name: "learn-\(phase.rawValue)")
            try place.prepare(phase)
            let ending = try place.run(phase, .after, plan: FaultPlan(.count, flaw: self.flaw))
            guard let result = ending.result, result.status == 0,
                result.digest == self.answers[phase.outcome]?.digest
            else {
                throw SelftestError(
                    "a \(phase.rawValue) without a fault does not give the digest of a fresh "
                        + "backfill: \(ending.result?.message ?? "the child died")"
                )
            }
            self.operations[phase] = result.operations
            try place.remove()
        }
    }
}

/// The count of shards that a reshard gives to a workspace of two.
let reshardedCount = 3

/// A workspace with its pipeline files, used by one case after the other.
struct CrashPlace {
    private let bench: CrashBench
    private let folder: String
    var workspace: String { self.folder + "/workspace" }

    init(_ bench: CrashBench, name: String) throws {
        self.bench = bench
        self.folder = bench.root + "/" + name
        try FileManager.default.createDirectory(
            atPath: self.folder,
            withIntermediateDirectories: true
        )
        for state in CrashCorpus.State.allCases {
            let text = crashPipeline(
                documents: bench.documents(state),
                workspace: self.workspace
            )
            try Data(text.utf8).write(to: URL(filePath: self.pipeline(state)))
        }
    }

    private func pipeline(_ state: CrashCorpus.State) -> String {
        "\(self.folder)/\(state.rawValue).yml"
    }

    func remove() throws { try FileManager.default.removeItem(atPath: self.folder) }

    /// Puts the workspace into the state in which the phase begins.
    func prepare(_ phase: CrashPhase) throws {
        if fileExists(self.workspace) {
            try FileManager.default.removeItem(atPath: self.workspace)
        }
        guard phase.hasWorkspace else { return }
        try FileManager.default.copyItem(atPath: self.bench.base, toPath: self.workspace)
    }

    func run(
        _ phase: CrashPhase,
        _ state: CrashCorpus.State,
        shards: Int? = nil,
        plan: FaultPlan? = nil
    ) throws -> CrashEnding {
        try runCrashChild(
            CrashInstructions(
                verb: phase.rawValue,
                pipeline: self.pipeline(state),
                shards: phase == .reshard ? reshardedCount : shards,
                plan: plan,
                resultPath: self.folder + "/result.json"
            ),
            executable: self.bench.executable,
            instructionsPath: self.folder + "/instructions.json"
        )
    }

    /// A run without a fault.
    ///
    /// - Throws: ``CrashFinding`` when it does not end clean.
    func runToTheEnd(
        _ phase: CrashPhase,
        _ state: CrashCorpus.State,
        shards: Int? = nil
    ) throws {
        let ending = try self.run(phase, state, shards: shards)
        guard let result = ending.result, result.status == 0 else {
            throw CrashFinding(
                "a run without a fault ended with "
                    + (ending.signal.map { "signal \($0)" } ?? "exit code \(ending.exitCode)")
                    + ": " + (ending.result?.message ?? "no message")
            )
        }
    }

    /// What a reader finds, every byte of it checked; nil when nothing is published.
    func answer() throws -> CrashBench.Answer? {
        guard let snapshot = try liveSnapshot(workspace: self.workspace) else { return nil }
        for segment in snapshot.indexes.flatMap(\.segments) {
            try LiveSegmentReader(segment, workspace: self.workspace).verify()
        }
        let hits = try self.bench.queries.flatMap { query in
            try search(SearchRequest(workspace: self.workspace, text: query, count: 50)).hits
        }
        return CrashBench.Answer(
            digest: snapshot.digest,
            hits: hits.map { "\($0.uri) \($0.ordinal) \($0.start)..<\($0.end)" }
        )
    }
}

/// What was expected and what was found.
struct CrashFinding: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
