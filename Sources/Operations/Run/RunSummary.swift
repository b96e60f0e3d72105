/// Where every document of a workspace stands.
///
/// - Invariant: `listed == indexed + duplicates + excluded + held + failed`.
package struct DocumentAccounts: Sendable, Hashable, Codable {
    package var listed = 0
    package var indexed = 0
    package var duplicates = 0
    package var excluded = 0
    /// No longer listed, but kept until someone approves the deletion.
    package var held = 0
    package var failed = 0
    /// Of the indexed and duplicates: those whose last update failed, so that an older version stands.
    package var stale = 0

    package init() {}

    package var addsUp: Bool {
        self.listed
            == self.indexed + self.duplicates + self.excluded + self.held + self.failed
    }
}

/// A document that was set aside; never its text.
package struct DeadLetterReport: Sendable, Hashable, Codable {
    package var uri: String
    package var stage: String
    package var code: String
    package var message: String
}

/// What a stage took, for the summary's JSON and the benchmarks.
package struct StageReport: Sendable, Hashable, Codable {
    package var stage: String
    package var documents: Int
    package var failures: Int
    package var inputBytes: Int
    package var outputBytes: Int
    package var seconds: Double
}

/// The closing summary of a run.
package struct RunSummary: Sendable, Codable {
    package enum Outcome: String, Sendable, Codable {
        case published
        case unchanged
        case stopped
    }

    package var run: Int64
    package var verb: String
    package var pipeline: String
    package var outcome: Outcome
    package var exitCode: Int32
    package var snapshot: Int?
    package var digest: String?
    package var seconds: Double
    package var processorSeconds: Double
    package var memoryBytesMaximum: Int
    package var accounts = DocumentAccounts()
    package var added = 0
    package var changed = 0
    package var removed = 0
    package var unchanged = 0
    /// Documents that went through the prepare phase in this run.
    package var processed = 0
    package var bytesRead = 0
    package var chunks = 0
    package var chunksEmbedded = 0
    package var segmentsWritten = 0
    package var languages: [String: Int] = [:]
    package var redactions: [String: Int] = [:]
    /// Dead letters by code.
    package var failures: [String: Int] = [:]
    /// The first dead letters; `status` lists them all.
    package var deadLetters: [DeadLetterReport] = []
    package var heldReasons: [String] = []
    package var stages: [StageReport] = []

    package var status: ExitStatus { ExitStatus(rawValue: self.exitCode) ?? .fatal }
}
