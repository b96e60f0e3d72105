/// A document's clean text as a manifest holds it.
package struct CompressedText: Hashable, Sendable {
    package var title: String
    /// Raw DEFLATE of the text.
    package var bytes: [UInt8]
    /// What it expands to.
    package var textByteCount: Int

    /// - Parameter row: begins with text, byte count and title.
    init(row: StatementRow) throws {
        self.bytes = try row.bytes(0)
        self.textByteCount = Int(try row.integer(1))
        self.title = try row.string(2)
    }
}
