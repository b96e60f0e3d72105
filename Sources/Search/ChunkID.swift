package import Records

/// Names a chunk of an index: the same as long as its document, its place there and its text are.
///
/// Its text form is `DOCUMENT-ORDINAL-TEXT`: the document's id (32 hexadecimal digits), the chunk's
/// ordinal, and the first 12 digits of its text's SHA-256. So a chunk is found without a table of ids,
/// and one that has changed is not taken for what it was.
package struct ChunkID: Hashable, Sendable, CustomStringConvertible {
    package let document: DocumentID
    package let ordinal: Int
    /// The first ``textDigitCount`` digits of the text's hash.
    package let text: String

    private static let textDigitCount = 12

    package init(document: DocumentID, ordinal: Int, textHash: Digest) {
        self.document = document
        self.ordinal = ordinal
        self.text = String(textHash.hex.prefix(Self.textDigitCount))
    }

    /// Nil for what is no such id.
    package init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].utf8.count == Self.textDigitCount,
            let bytes = Hex.decode(String(parts[0])), let document = DocumentID(bytes: bytes),
            let ordinal = Int(parts[1]), ordinal >= 0
        else { return nil }
        self.document = document
        self.ordinal = ordinal
        self.text = parts[2].lowercased()
    }

    package var description: String { "\(self.document.hex)-\(self.ordinal)-\(self.text)" }
}
