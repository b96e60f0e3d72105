/// A document of an index.
public struct IndexedDocument: Hashable, Sendable, Codable, Identifiable {
    public var id: String
    public var uri: String
    public var title: String
    /// The name of the source in the pipeline file.
    public var source: String
    public var language: String
    public var mediaType: String
    public var metadata: [String: String]
    /// The ids of its chunks, in the order of the text.
    public var chunks: [String]
    public var snapshot: Int
}

/// A snapshot that can be read.
public struct SnapshotSummary: Hashable, Sendable, Codable {
    public var number: Int
    public var isLive: Bool
    /// The same for equal content, whatever machine or history made it.
    public var digest: String
    public var documents: Int
    public var chunks: Int
    public var indexes: [String]
}
