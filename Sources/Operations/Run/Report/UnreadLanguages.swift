internal import Dataflow
internal import Embedding
internal import Stages

/// Documents in languages that an embedding model was not made for: search by meaning finds them
/// badly or not at all, search by words as well as others.
package struct UnreadLanguages: Sendable, Hashable, Codable {
    package var model: String
    package var documents: Int
    /// Of the documents whose language is known.
    package var share: Double
    package var languages: [String: Int]

    /// A smaller share is told by `languages` alone.
    static let shareMin = 0.01

    /// - Parameter counts: documents by language tag, as BCP 47 has them.
    init?(model: KnownModel, counts: [String: Int]) {
        let known = counts.filter { !Self.isNoLanguage($0.key) }
        let unread = known.filter { tag, _ in
            let primary = tag.prefix { $0 != "-" }
            return !model.languages.contains { $0 == primary }
        }
        let total = known.values.reduce(0, +)
        let documents = unread.values.reduce(0, +)
        guard total > 0, Double(documents) >= Self.shareMin * Double(total) else { return nil }
        self.model = model.name
        self.documents = documents
        self.share = Double(documents) / Double(total)
        self.languages = unread
    }

    /// `und` and `zxx`: not known, and no language at all.
    private static func isNoLanguage(_ tag: String) -> Bool {
        tag.isEmpty || tag == "und" || tag == "zxx"
    }
}

/// What the embedding models of `plan` cannot read of documents counted by language.
func unreadLanguages(of plan: Plan, counts: [String: Int]) -> [UnreadLanguages] {
    let names = plan.nodes.filter { $0.uses == embedStageName && !isRemoteEmbedder($0) }
        .map(embeddingModelName)
    return Set(names).sorted().compactMap { name in
        KnownModel.all.first { $0.name == name }.flatMap {
            UnreadLanguages(model: $0, counts: counts)
        }
    }
}
