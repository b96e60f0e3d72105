internal import Bytes
package import Formats
internal import Records

/// Extracts an OpenDocument text, spreadsheet or presentation, packed or as one XML file.
///
/// - Output: valid UTF-8 in NFC. Cells say what they show. A sheet or slide is cited by its name or
///   number; hidden ones are left out, unless they are kept, and counted. Deleted and hidden text,
///   comments and tables of contents are left out and counted.
/// - Throws: `.encrypted`, `.empty`, `.corrupt` for damaged zip or XML, `.limitExceeded` for bombs,
///   `.tooLarge` for a part over its limit.
/// - Complexity: O(n) in the bytes of the parts that are read.
/// - Source: OpenDocument 1.3, parts 2 and 3.
package func extractOpenDocument(
    _ bytes: [UInt8],
    keepsHidden: Bool = false
) throws(ExtractionError) -> ExtractedContent {
    var writer = BlockWriter()
    var collector = OpenDocumentStyleCollector()
    let content: [UInt8]
    if bytes.starts(with: [0x50, 0x4B]) {
        var archive = try ZipArchive(bytes)
        guard try !isEncrypted(&archive) else {
            throw ExtractionError(.encrypted, "the document needs a password; save it without one")
        }
        guard let part = try archive.read("content.xml", byteLimit: OfficePackage.partByteLimit)
        else {
            throw ExtractionError(.corrupt, "the zip file holds no OpenDocument content")
        }
        content = part
        if let styles = try archive.read("styles.xml", byteLimit: OfficePackage.partByteLimit) {
            let reader = StyleReader()
            try readXML(styles, into: reader)
            collector = reader.collector
        }
        if let meta = try archive.read("meta.xml", byteLimit: OfficePackage.partByteLimit) {
            try addMetadata(meta, to: &writer)
        }
    } else {
        content = bytes
        try addMetadata(bytes, to: &writer)
    }
    let reader = OpenDocumentReader(collector, writer, keepsHidden: keepsHidden)
    try readXML(content, into: reader)
    guard !reader.isOverLimit else {
        throw ExtractionError(.limitExceeded, "a sheet holds more cells than a document")
    }
    return try reader.blocks.finished("the document has no text")
}

private func addMetadata(
    _ part: [UInt8],
    to writer: inout BlockWriter
) throws(ExtractionError) {
    let reader = DublinCoreReader()
    try readXML(part, into: reader)
    writer.addDublinCore(reader)
}

/// Whether the manifest says how to decrypt a part.
private func isEncrypted(_ archive: inout ZipArchive) throws(ExtractionError) -> Bool {
    guard let bytes = try archive.read("META-INF/manifest.xml", byteLimit: 16 << 20) else {
        return false
    }
    return bytes.firstRange(of: Array("encryption-data".utf8)) != nil
}

private final class StyleReader: XMLEvents {
    private(set) var collector = OpenDocumentStyleCollector()

    func start(_ element: XMLElement) { self.collector.start(element) }
    func end(_ name: XMLName) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

extension OpenDocumentOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractOpenDocument(bytes, keepsHidden: self.hidden == .keep)
    }
}
