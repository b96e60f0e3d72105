internal import Bytes
package import Formats
internal import Records

/// Extracts XML of any vocabulary, in the order of its elements.
///
/// Where text stands beside elements anywhere, the file is prose: titles, paragraphs, lists, tables
/// and listings are told by the names that DocBook, DITA, JATS, TEI and HTML give them. Otherwise it
/// is data: a leaf is a line `name: value`, like elements in a row are a table.
///
/// - Output: valid UTF-8 in NFC; pages inside of values are read as pages. Entities that the file
///   declares are expanded within bounds; nothing is loaded.
/// - Throws: `.empty` (no text), `.corrupt` (not well formed), `.limitExceeded` for depth, number of
///   elements and entities.
/// - Complexity: O(n).
package func extractXML(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
    guard !bytes.isEmpty else { throw ExtractionError(.empty, "the file has no bytes") }
    let tree = try XMLTree(bytes)
    guard !tree.nodes.isEmpty else { throw ExtractionError(.empty, "the XML has no element") }
    let isProse = tree.nodes.contains { $0.hasText && $0.elementCount > 0 }
    let blocks: BlockWriter
    if isProse {
        var writer = XMLProseWriter(tree)
        writer.writeChildren(of: 0, level: 1)
        blocks = writer.blocks
    } else {
        var writer = XMLDataWriter(tree)
        writer.writeRoot()
        blocks = writer.blocks
    }
    return try blocks.finished("the XML holds no text")
}

extension XMLOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractXML(bytes)
    }
}
