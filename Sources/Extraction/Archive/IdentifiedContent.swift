package import Records

/// A document as it is read: its bytes outside of any compression, and the type they show.
package struct IdentifiedContent: Sendable {
    package var bytes: [UInt8]
    package var type: MediaType
    /// The bytes are clearly of another type than the declared one.
    package var disagrees: Bool
}

/// Decides what a document is, taking it out of gzip, bzip2, xz or zstd first.
///
/// - Input: `declared` may be a compressed type such as `text/html+gzip`; `byteLimit` is the most bytes
///   a compressed document may stand for.
/// - Output: `disagrees` is true as well for a compressed document under another type's name and for
///   plain bytes under a name that says compressed.
/// - Throws: as ``uncompressed(_:declared:byteLimit:)``.
package func identifyContent(
    _ bytes: [UInt8],
    declared: MediaType,
    byteLimit: Int
) throws(ExtractionError) -> IdentifiedContent {
    guard Compression(of: bytes) != nil else {
        let inner = declared.insideCompression
        let (type, disagrees) = sniffMediaType(bytes, declared: inner ?? declared)
        return IdentifiedContent(
            bytes: bytes,
            type: type,
            disagrees: disagrees || (inner != nil && !bytes.isEmpty)
        )
    }
    let (content, inner) = try uncompressed(bytes, declared: declared, byteLimit: byteLimit)
    let (type, disagrees) = sniffMediaType(content, declared: inner)
    let isDeclared = declared == .unknown || declared.insideCompression != nil
    return IdentifiedContent(bytes: content, type: type, disagrees: disagrees || !isDeclared)
}

/// Takes a document out of a compressed file, and out of a second one inside.
///
/// - Output: the bytes, and the type declared for them; bytes that are not compressed are returned as
///   given.
/// - Throws: as ``Compression/expanded(_:byteLimit:)``; `.unsupportedType` for a third one inside.
/// - Complexity: O(output).
package func uncompressed(
    _ bytes: [UInt8],
    declared: MediaType,
    byteLimit: Int
) throws(ExtractionError) -> (bytes: [UInt8], declared: MediaType) {
    var content = bytes
    var type = declared
    for _ in 0..<compressionDepthLimit {
        guard let compression = Compression(of: content) else { return (content, type) }
        content = try compression.expanded(content, byteLimit: byteLimit)
        type = type.insideCompression ?? type
    }
    guard let compression = Compression(of: content) else { return (content, type) }
    throw ExtractionError(
        .unsupportedType,
        "\(compression.name) in a compressed file in another; take the document out of it, or exclude the file"
    )
}

/// A compressed file and one inside it, which tools that compress twice make.
private let compressionDepthLimit = 2
