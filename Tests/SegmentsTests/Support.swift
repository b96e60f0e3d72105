import Foundation
import Hashing
import Records
import Segments
import Storage

/// A folder that goes away with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("segments-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? []).sorted()
    }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: self.path + "/" + name)))
    }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: self.path + "/" + name))
    }
}

struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Terms of words split at spaces, in the order and shape the writer takes.
func terms(of text: String) -> SegmentTerms {
    var positions: [[UInt8]: [UInt32]] = [:]
    var length = 0
    for word in text.utf8.split(separator: UInt8(ascii: " ")) {
        positions[Array(word), default: []].append(UInt32(length))
        length += 1
    }
    var terms = SegmentTerms(bytes: [], offsets: [0], counts: [], length: length)
    for (term, places) in positions.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        terms.bytes += term
        terms.offsets.append(UInt32(terms.bytes.count))
        terms.counts.append(UInt32(places.count))
        terms.positions += places
    }
    return terms
}

func document(_ uri: String, language: String = "en") -> SegmentDocument {
    SegmentDocument(
        id: documentID(uri: uri),
        uri: uri,
        title: "About " + uri,
        source: "docs",
        language: language,
        mediaType: "text/html",
        metadata: ["site": "example", "author": "A. Writer"]
    )
}

func chunk(
    _ ordinal: Int,
    _ text: String,
    vector: [Float] = [],
    headings: [String] = [],
    page: Int = 0,
    place: PagePlace? = nil
) -> SegmentChunk {
    let bytes = Array(text.utf8)
    return SegmentChunk(
        chunk: Chunk(
            ordinal: ordinal,
            range: ordinal * 1000..<ordinal * 1000 + bytes.count,
            tokenCount: bytes.count / 4,
            page: page,
            place: place,
            headings: headings,
            textHash: sha256(bytes)
        ),
        text: bytes[...],
        vector: vector,
        terms: terms(of: text)
    )
}

func configuration(
    dimensions: Int = 0,
    encoding: VectorEncoding = .none,
    properties: [String: String] = [:]
) -> SegmentConfiguration {
    SegmentConfiguration(
        indexName: "main",
        dimensions: dimensions,
        vectorEncoding: encoding,
        modelFingerprint: dimensions > 0 ? "model-1" : "",
        analyzerRevision: 3,
        properties: properties
    )
}

/// Where some sections lie, by what the section table says.
func sectionRange(_ numbers: ClosedRange<Int>, of bytes: [UInt8]) throws -> Range<Int> {
    func field(_ number: Int, _ at: Int) -> Int {
        let start = 128 + 24 * (number - 1) + at
        return bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let (first, last) = (numbers.lowerBound, numbers.upperBound)
    return field(first, 8)..<field(last, 8) + field(last, 16)
}

typealias Rows = [(document: SegmentDocument, chunks: [SegmentChunk])]

/// Documents of random words with random vectors, ascending by id.
func randomRows(count: Int, dimensions: Int, seed: UInt64, wordsPerChunk: Int = 40) -> Rows {
    var random = Seeded(seed)
    var rows: Rows = (0..<count).map { number in
        let language = ["en", "de", "fr"][Int(random.next() % 3)]
        let chunkCount = Int(random.next() % 5)
        let chunks = (0..<chunkCount).map { ordinal in
            let words = (0..<wordsPerChunk).map { _ in
                // Squared, so that some words are common and most are rare.
                let value = Double(random.next() % 1000) / 1000
                return "word\(Int(value * value * 3000))"
            }
            return chunk(
                ordinal,
                words.joined(separator: " "),
                vector: (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) },
                headings: ["Part \(number % 7)", "Section \(ordinal)"],
                page: ordinal + 1
            )
        }
        return (document("https://example.org/\(number)", language: language), chunks)
    }
    rows.sort { $0.document.id < $1.document.id }
    return rows
}

func writeSegment(
    _ rows: Rows,
    _ configuration: SegmentConfiguration,
    in folder: TemporaryFolder,
    memoryBudget: Int = 1 << 26
) throws -> SegmentReference {
    var writer = try SegmentWriter(
        folder: folder.path,
        configuration: configuration,
        memoryBudget: memoryBudget
    )
    for row in rows { try writer.add(row.document, chunks: row.chunks) }
    return try writer.finish()
}

/// The file with every checksum and digest made anew: damage that only a look at the content finds.
func resealed(_ file: [UInt8]) throws -> [UInt8] {
    var bytes = file
    func put(_ value: UInt32, at offset: Int) {
        withUnsafeBytes(of: value.littleEndian) {
            bytes.replaceSubrange(offset..<offset + 4, with: $0)
        }
    }
    let sectionCount = Int(bytes[12])
    for number in 1...sectionCount {
        put(
            crc32(Array(bytes[try sectionRange(number...number, of: bytes)])),
            at: 128 + 24 * (number - 1) + 4
        )
    }
    let tableEnd = 128 + 24 * sectionCount
    put(crc32(Array(bytes[128..<tableEnd]), continuing: crc32(Array(bytes[..<124]))), at: 124)
    let footer = bytes.count - 48
    bytes.replaceSubrange(footer..<footer + 32, with: sha256(Array(bytes[..<footer])).bytes)
    return bytes
}

func nameOf(_ file: [UInt8]) -> String { sha256(file).hex + ".mrs" }
