/// What a caller may see: the labels that they hold.
///
/// A document is seen by who holds every label it carries, and by everybody when it carries none. What
/// is not seen takes part in nothing: it is not ranked, counted, or weighed in the rarity of a word.
public struct Access: Hashable, Sendable {
    /// Nil for who may see everything.
    public let labels: Set<String>?

    private init(labels: Set<String>?) { self.labels = labels }

    /// All documents, whatever their labels.
    public static let everything = Access(labels: nil)

    /// Documents all of whose labels are among `labels`, and those without labels.
    public static func labels(_ labels: some Sequence<String>) -> Access {
        Access(labels: Set(labels))
    }

    /// Whether who has this access sees a document of these labels.
    func covers(_ labelsOfDocument: [String]) -> Bool {
        guard let labels = self.labels else { return true }
        return labelsOfDocument.allSatisfy { labels.contains($0) }
    }
}
