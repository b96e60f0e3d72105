import Foundation
import Hashing
import Manifests
import Records
import Storage

/// A fresh folder that goes away with this object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("millrace-manifests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func callAsFunction(_ name: String) -> String { self.path + "/" + name }
}

/// A small generator, so that a seed gives the same run everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

func item(_ name: String, priority: Int = 0, size: Int = 10, mtime: Int64 = 5) -> SourceItem {
    let uri = "file:///docs/" + name
    return SourceItem(
        id: documentID(uri: uri),
        uri: uri,
        source: "docs",
        priority: priority,
        size: size,
        modificationNanoseconds: mtime,
        version: ItemVersion(Digest(UInt64(size), UInt64(mtime), .max - 3, 1))
    )
}

func prepared(
    _ item: SourceItem,
    text: String = "Some text.",
    language: String = "en",
    signature: Signature? = nil,
    redactions: [Redaction] = []
) -> PreparedDocument {
    let bytes = Array(text.utf8)
    return PreparedDocument(
        id: item.id,
        mediaType: .html,
        title: "Title \u{1} \"quoted\" of \(item.uri)",
        metadata: ["b": "2\n", "a": "ä \\ \"x\""],
        language: language,
        languageConfidence: 0.75,
        compressedText: deflate(bytes),
        textByteCount: bytes.count,
        textHash: sha256(bytes),
        blocks: [
            Block(kind: .heading, level: 2, page: 1, range: 0..<4),
            Block(kind: .code, page: 3, range: 5..<bytes.count),
        ],
        redactions: redactions,
        warnings: [DocumentWarning(code: "truncated", count: 2)],
        signature: signature
    )
}

func success(
    _ item: SourceItem,
    text: String = "Some text.",
    content: String = "content",
    fingerprint: String = "v1",
    language: String = "en",
    signature: Signature? = nil,
    redactions: [Redaction] = []
) -> PrepareRecord {
    .prepared(
        item,
        contentHash: sha256(content),
        fingerprint: sha256(fingerprint),
        document: prepared(
            item,
            text: text,
            language: language,
            signature: signature,
            redactions: redactions
        )
    )
}

func failure(
    _ item: SourceItem,
    content: String? = "bad content",
    fingerprint: String = "v1",
    code: StageFailure.Code = .corrupt
) -> PrepareRecord {
    .failed(
        item,
        contentHash: content.map { sha256($0) },
        fingerprint: sha256(fingerprint),
        failure: StageFailure(stage: "extract", code: code, message: "no end of file")
    )
}

func exclusion(_ item: SourceItem) -> PrepareRecord {
    .excluded(
        item,
        contentHash: sha256("private"),
        fingerprint: sha256("v1"),
        stage: "language",
        reason: "language xx is not wanted"
    )
}

func signature(_ name: String) -> Signature {
    Signature(
        exact: sha256(name),
        minimums: Array(0..<126)
    )
}

func chunk(_ ordinal: Int, _ text: String, headings: [String] = ["One", "Two"]) -> Chunk {
    Chunk(
        ordinal: ordinal,
        range: ordinal * 100..<ordinal * 100 + 90,
        tokenCount: 20 + ordinal,
        page: ordinal / 2,
        headings: headings,
        textHash: sha256(text)
    )
}
