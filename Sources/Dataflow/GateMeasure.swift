/// What the gate measures of a snapshot, by the name it has in a pipeline file and in a report.
package enum GateMeasure: String, CaseIterable, Sendable, Codable {
    case ndcg = "ndcg@10"
    case recall5 = "recall@5"
    case recall10 = "recall@10"
    case recall20 = "recall@20"
    case reciprocalRank = "mrr"
    case precision = "p@10"
    case churn = "top10_churn"
    case documents
    case chunks
    case tokens
    case titles
    case languages
    case languageLoss = "language_loss"
    case sourceLoss = "source_loss"
    case formatLoss = "format_loss"
    case labels
    case labelLoss = "label_loss"
    case relabelled
    case dates
    case olderDates = "older_dates"
    case documentLength = "document_length"
    case chunkLength = "chunk_length"
    case duplicates
    case repeats
    case excluded
    case deadLetters = "dead_letters"
    case stale
    case redactions
    case redactionLoss = "redaction_loss"
    case personalData = "pii"
    case vectorNorms = "vector_norms"
    case vectorDrift = "vector_drift"
    case withoutVector = "without_vector"

    /// What a limit of a measure by itself holds.
    package enum Side: String, Sendable, Codable {
        case atLeast = "at_least"
        case atMost = "at_most"
    }

    /// How a snapshot is compared with the live one.
    package enum Comparison: String, Sendable, Codable {
        /// By how much the mean over the queries falls; noise does not count.
        case scoreLoss = "score_loss"
        /// Which share of what was is gone.
        case relativeLoss = "relative_loss"
        /// By how much it moves either way, as a share of what was.
        case relativeChange = "relative_change"
        /// By how much a share falls.
        case fall
        /// By how much a share rises.
        case rise
        /// By how much a share moves either way.
        case change
        /// The measure itself says how far the two are apart.
        case difference
    }

    /// Which measures can have a limit in `thresholds`.
    package var side: Side? {
        switch self {
        case .ndcg, .recall5, .recall10, .recall20, .reciprocalRank, .precision, .documents,
            .chunks, .tokens, .titles, .labels, .dates:
            .atLeast
        case .duplicates, .repeats, .excluded, .deadLetters, .stale, .personalData, .vectorNorms,
            .withoutVector:
            .atMost
        case .churn, .languages, .languageLoss, .sourceLoss, .formatLoss, .labelLoss, .relabelled,
            .olderDates, .documentLength, .chunkLength, .redactions, .redactionLoss, .vectorDrift:
            nil
        }
    }

    /// Which measures can have a limit in `maximum_drop`.
    package var comparison: Comparison? {
        switch self {
        case .ndcg, .recall5, .recall10, .recall20, .reciprocalRank, .precision: .scoreLoss
        case .documents, .chunks, .tokens, .redactions: .relativeLoss
        case .documentLength, .chunkLength: .relativeChange
        case .titles, .labels, .dates: .fall
        case .repeats, .excluded, .deadLetters, .stale, .withoutVector: .rise
        case .duplicates: .change
        case .churn, .languages, .languageLoss, .sourceLoss, .formatLoss, .labelLoss, .relabelled,
            .olderDates, .redactionLoss, .vectorDrift:
            .difference
        case .personalData, .vectorNorms: nil
        }
    }

    /// Choice: a snapshot below these is broken, whatever its collection is.
    package var defaultThreshold: Double? {
        switch self {
        case .ndcg: 0.01
        case .documents, .chunks: 1
        case .deadLetters, .stale: 0.5
        case .personalData, .vectorNorms: 0
        default: nil
        }
    }

    /// Choice: far outside what a night of additions, edits and deletions does to a collection, inside what a
    /// wrong configuration does; a limit in the pipeline file takes the place of each.
    package var defaultMaximumDrop: Double? {
        switch self {
        case .ndcg, .precision: 0.05
        case .recall10, .reciprocalRank: 0.1
        case .recall5, .recall20: nil
        case .churn: 0.6
        case .documents: 0.2
        case .chunks: 0.25
        case .tokens: 0.3
        case .titles, .labels, .dates, .olderDates, .vectorDrift: 0.1
        case .languages: 0.2
        case .languageLoss, .sourceLoss, .formatLoss, .labelLoss, .redactionLoss: 0.5
        case .relabelled: 0.3
        case .documentLength, .chunkLength: 0.5
        case .repeats: 0.03
        case .duplicates, .excluded: 0.15
        case .deadLetters: 0.1
        case .stale: 0.2
        case .redactions: 0.5
        case .withoutVector: 0.1
        case .personalData, .vectorNorms: nil
        }
    }

    package var summary: String {
        switch self {
        case .ndcg: "nDCG of the first 10 documents, mean over the queries"
        case .recall5: "share of the relevant documents among the first 5"
        case .recall10: "share of the relevant documents among the first 10"
        case .recall20: "share of the relevant documents among the first 20"
        case .reciprocalRank: "1 / rank of the first relevant document"
        case .precision: "share of relevant documents among the first 10"
        case .churn: "share of the first 10 documents that are others than in the live snapshot"
        case .documents: "documents served"
        case .chunks: "chunks served"
        case .tokens: "tokens of all chunks"
        case .titles: "share of documents with a title"
        case .languages: "how far the mix of languages is from the live one's, 0 to 1"
        case .languageLoss: "the largest share of its documents that a language lost"
        case .sourceLoss: "the largest share of its documents that a source lost"
        case .formatLoss: "the largest share of its documents that a media type lost"
        case .labels: "share of documents with an access label"
        case .labelLoss: "the largest share of its documents that an access label lost"
        case .relabelled: "share of the documents of both snapshots whose access labels are others"
        case .dates: "share of documents that say when they were changed or published"
        case .olderDates:
            "share of the dated documents of both snapshots whose date is an earlier one"
        case .documentLength: "tokens in a document, mean"
        case .chunkLength: "tokens in a chunk, mean"
        case .duplicates: "share of documents removed as duplicates"
        case .repeats: "share of documents most of whose chunks another document has already"
        case .excluded: "share of documents excluded"
        case .deadLetters: "share of documents that failed"
        case .stale: "share of documents served in an older version, their update having failed"
        case .redactions: "values replaced, per document"
        case .redactionLoss: "the largest share of its values, per document, that a kind lost"
        case .personalData: "values found in new text that redaction should have replaced"
        case .vectorNorms: "share of new vectors that are not of length 1"
        case .vectorDrift:
            "how far another model's vectors of the same texts and queries are from the live ones, 1 - cosine"
        case .withoutVector: "share of chunks without a vector"
        }
    }
}

/// What a snapshot has to pass before it goes live: the key `gate` of a pipeline file.
package struct GateSettings: Hashable, Sendable {
    /// JSON lines of queries, and their judgements; absolute paths.
    package var queries: String
    package var judgements: String
    /// Limits of a measure by itself; those of the file over the defaults.
    package var thresholds: [GateMeasure: Double]
    /// The most that a measure may be worse than the live snapshot's.
    package var maximumDrop: [GateMeasure: Double]

    /// With the default limits.
    package init(queries: String, judgements: String) {
        self.queries = queries
        self.judgements = judgements
        self.thresholds = [:]
        self.maximumDrop = [:]
        for measure in GateMeasure.allCases {
            self.thresholds[measure] = measure.defaultThreshold
            self.maximumDrop[measure] = measure.defaultMaximumDrop
        }
    }
}
