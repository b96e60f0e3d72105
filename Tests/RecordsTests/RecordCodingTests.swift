import Hashing
import Records
import Testing

@Suite struct RecordCodingTests {
    static let sample = PreparedDocument(
        id: documentID(uri: "docs/a.html"),
        mediaType: .html,
        title: "Überschrift",
        metadata: ["author": "A", "site": "B"],
        language: "de",
        languageConfidence: 0.75,
        compressedText: [1, 2, 3],
        textByteCount: 9,
        textHash: sha256("text"),
        blocks: [
            Block(kind: .heading, level: 2, page: 1, range: 0..<4),
            Block(kind: .paragraph, page: 300, range: 6..<900_000),
            Block(kind: .footer, page: 300, range: 900_002..<900_009, origin: .ocr),
        ],
        redactions: [Redaction(kind: "EMAIL", rule: "email", range: 7..<14)],
        warnings: [DocumentWarning(code: "truncated", count: 2)],
        signature: Signature(
            exact: sha256("x"),
            bandKeys: [1, .max],
            facts: .max - 8
        )
    )

    func encoded(_ outcome: PrepareOutcome) -> [UInt8] {
        var writer = ByteWriter()
        outcome.encode(to: &writer)
        return writer.bytes
    }

    @Test func preparedDocumentRoundTrips() throws {
        let bytes = self.encoded(.prepared(Self.sample))
        var reader = ByteReader(bytes)
        let outcome = try PrepareOutcome(from: &reader)
        #expect(reader.isAtEnd)
        #expect(self.encoded(outcome) == bytes)
        guard case .prepared(let document) = outcome else {
            Issue.record("expected a prepared document")
            return
        }
        #expect(document.blocks == Self.sample.blocks)
        #expect(document.signature == Self.sample.signature)
        #expect(document.redactions == Self.sample.redactions)
    }

    /// What was written before blocks had an origin.
    @Test func blocksWithoutAnOriginWereReadAsText() throws {
        let before: [UInt8] = [2, 1, 2, 1, 0, 4, 10, 0, 2, 2, 3]
        var reader = ByteReader(before)
        let blocks = try [Block](from: &reader)
        #expect(
            blocks == [
                Block(kind: .heading, level: 2, page: 1, range: 0..<4),
                Block(kind: .footer, page: 2, range: 6..<9),
            ]
        )
        var writer = ByteWriter()
        blocks.encode(to: &writer)
        #expect(writer.bytes == before)
    }

    @Test func everyTruncationIsAnErrorNotACrash() {
        let bytes = self.encoded(.prepared(Self.sample))
        for length in 0..<bytes.count {
            var reader = ByteReader(Array(bytes[..<length]))
            #expect(throws: ByteReaderError.self) { try PrepareOutcome(from: &reader) }
        }
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, UInt64.max - 1, UInt64.max])
    func varintsRoundTrip(value: UInt64) throws {
        var writer = ByteWriter()
        writer.write(varint: value)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.readVarint() == value)
    }

    @Test func overlongVarintIsRefused() {
        var reader = ByteReader([UInt8](repeating: 0xFF, count: 11))
        #expect(throws: ByteReaderError.self) { try reader.readVarint() }
    }
}
