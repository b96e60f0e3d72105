internal import Records

/// A document in a file of many.
struct ContainedDocument: Sendable {
    /// Its place within the source, in the form of a URI.
    var place: String
    /// The file, relative to the source's root.
    var path: [UInt8]
    /// Where it begins in the file.
    let offset: Int
    /// In a gzip of many documents, how far into its expanded bytes; else 0.
    var inner = 0
    /// Bytes that it takes there; nil where only reading tells.
    let size: Int?
    let version: ItemVersion
    let mediaType: MediaType
    var modificationNanoseconds: Int64?
    var metadata: [String: String] = [:]
}

/// A kind of file that holds many documents.
protocol ContainerForm: Sendable {
    /// The documents of a file, in its order.
    ///
    /// - Parameter note: told of what cannot be read of the file: the listing is not complete then.
    /// - Returns: nil for a file of another kind.
    func documents(
        in file: ContainerFile,
        _ note: (String) -> Void
    ) throws(ConnectorError) -> [ContainedDocument]?

    /// Which of the documents of all files the source has: no two of one place.
    func settled(_ documents: [ContainedDocument]) -> [ContainedDocument]

    /// Nil where the file does not hold it at its place as it was listed.
    func read(
        _ document: ContainedDocument,
        in file: ContainerFile,
        limit: Int
    ) throws(ConnectorError) -> SourceDocument?

    /// Whether places begin with the name of their file where there may be several.
    var placesByFile: Bool { get }
    /// What people call such a file.
    static var name: String { get }
}
