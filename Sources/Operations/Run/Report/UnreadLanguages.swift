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

    /// - Parameters:
    ///   - languages: Primary tags of those that the model reads.
    ///   - counts: Documents by language tag, as BCP 47 has them.
    init?(model: String, reading languages: [String], counts: [String: Int]) {
        let known = counts.filter { !Self.isNoLanguage($0.key) }
        let unread = known.filter { tag, _ in
            let primary = tag.prefix { $0 != "-" }
            return !languages.contains { $0 == primary }
        }
        let total = known.values.reduce(0, +)
        let documents = unread.values.reduce(0, +)
        guard total > 0, Double(documents) >= Self.shareMin * Double(total) else { return nil }
        self.model = model
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
///
/// Nothing is said of a model whose languages nobody stated.
/// - Parameter modelsRoot: nil for the store of this machine.
func unreadLanguages(
    of plan: Plan,
    counts: [String: Int],
    modelsRoot: String?
) -> [UnreadLanguages] {
    let store = ModelStore(at: modelsRoot)
    let names = plan.nodes.filter { $0.uses == embedStageName && !isRemoteEmbedder($0) }
        .map(embeddingModelName)
    return Set(names).sorted().compactMap { name in
        let languages = store.languages(of: LocalReference(model: name))
        return languages.isEmpty
            ? nil : UnreadLanguages(model: name, reading: languages, counts: counts)
    }
}
