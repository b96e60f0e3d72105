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
    /// Of all but the held: those that were taken out of a listed document; nil where there are none.
    package var children: Int?

    package init() {}

    /// Counts documents that are listed and left out, of which the manifests know nothing.
    mutating func addExcluded(_ count: Int) {
        self.listed += count
        self.excluded += count
    }

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

/// What an unfinished run had done when it ended.
package struct ResumedRun: Sendable, Hashable, Codable {
    package var run: Int64
    /// Documents it had to look at, as far as it had listed them.
    package var pending: Int
    package var done: Int
    /// Documents in the batches it had in hand: they are done again.
    package var inFlight: Int
}

/// Near-duplicates that are kept in groups, of which a search shows the best member.
package struct GroupReport: Hashable, Sendable, Codable {
    package var groups: Int
    /// Of the indexed documents: those that are in a group.
    package var documents: Int
}

/// What a server embedded for a run, and what it cost.
package struct EmbeddingReport: Sendable, Hashable, Codable {
    package var stage: String
    package var provider: String
    package var model: String
    /// Requests sent, those that were sent again among them.
    package var requests: Int
    package var retries: Int
    /// Texts that came back as a vector.
    package var texts: Int
    /// As the server counts; by an estimate where it does not say.
    package var tokens: Int
    /// In the currency of `cost_per_million_tokens`.
    package var cost: Double
    package var costPerDocument: Double
    /// Of the chunks that were needed: those whose vector was there already.
    package var cacheHitRate: Double
    /// Texts whose vector was in the stage's `cache`; nil for a stage without one.
    package var cached: Int?
    /// Of all runs of the calendar month, this one among them.
    package var monthTokens: Int
    package var monthCost: Double
    /// Whether the text went through no redaction.
    package var isUnredacted: Bool
}

/// The closing summary of a run.
package struct RunSummary: Sendable, Codable {
    package enum Outcome: String, Sendable, Codable {
        case published
        case unchanged
        case stopped
        /// The gate stopped the snapshot: it waits, and what was live still is.
        case refused
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
    /// Documents the sources listed in this run; the rest of `accounts.listed` is held.
    package var listed = 0
    package var added = 0
    /// New content, new stages, or tried again.
    package var changed = 0
    package var removed = 0
    package var unchanged = 0
    /// Of `unchanged`: listed anew with the bytes of before.
    package var touched = 0
    /// Of `added` and `changed`: taken over from a document with the same bytes.
    package var copied = 0
    /// Of `copied`: those whose model was deleted by this run.
    package var renamed = 0
    /// Documents whose bytes were read.
    package var read = 0
    package var bytesRead = 0
    /// Documents that went through the prepare stages.
    package var extracted = 0
    package var chunks = 0
    /// Documents that were cut, once for each chunk stage.
    package var chunked = 0
    package var chunksEmbedded = 0
    /// Chunks that were indexed with a vector that was there already.
    package var chunksReused = 0
    /// Texts whose vector came from the `cache` of an embed stage; nil for none.
    package var chunksFromCache: Int?
    /// Of the chunks indexed by this run: those of which the model reads no word.
    ///
    /// They have no vector, and are found by their words alone.
    package var chunksWithoutVector = 0
    package var segmentsWritten = 0
    /// Of `accounts.failed` and stale documents: dead letters an operator accepted.
    package var ignoredFailures = 0
    /// The unfinished run that this one went on with.
    package var resumed: ResumedRun?
    /// Near-duplicates that are indexed because they differ in facts; nil where there are none.
    package var nearDuplicates: GroupReport?
    package var languages: [String: Int] = [:]
    package var unreadLanguages: [UnreadLanguages] = []
    package var redactions: [String: Int] = [:]
    /// Excluded documents by the stage that left them out and why; nil in summaries of older versions.
    package var exclusions: [String: Int]?
    /// Dead letters by code.
    package var failures: [String: Int] = [:]
    /// The first dead letters; `status` lists them all.
    package var deadLetters: [DeadLetterReport] = []
    package var heldReasons: [String] = []
    /// By name; nil where nothing was listed, and in what an older version recorded.
    package var sources: [SourceReport]?
    /// Tables and models that stages asked for and did without; nil in summaries of older versions.
    package var absences: [String]?
    package var stages: [StageReport] = []
    /// What the gate made of the snapshot; nil without one, and where nothing changed.
    package var gate: GateReport?
    /// What servers embedded; nil where none is asked.
    package var embedding: [EmbeddingReport]?
    /// What became of the pipeline's exports; nil where there are none.
    package var exports: [RunExportReport]?
    /// Path of the signed receipt of what a `retention` took out; nil where it took out nothing.
    package var retentionReceipt: String?
    /// Why the run stopped, where it was not asked to; nil in summaries of older versions.
    package var stopReason: String?

    package var status: ExitStatus { ExitStatus(rawValue: self.exitCode) ?? .fatal }
}
