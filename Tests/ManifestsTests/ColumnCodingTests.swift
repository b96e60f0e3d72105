import Foundation
import Hashing
import Records
import Testing

@testable import Manifests

@Suite struct ColumnCodingTests {
    @Test(
        arguments: [
            [], [0], [.max], [0, 0], [0, .max], [1, 2, 3, 128, 16_384, 1 << 28, .max - 1, .max],
        ] as [[UInt32]]
    )
    func ascendingHashesComeBack(values: [UInt32]) throws {
        #expect(try AscendingCoding.decode(AscendingCoding.encode(values)) == values)
    }

    @Test func randomHashesComeBackSmaller() throws {
        var generator = SeededGenerator(seed: 7)
        let values = (0..<2_000).map { _ in UInt32.random(in: 0 ... .max, using: &generator) }
            .sorted()
        let bytes = AscendingCoding.encode(values)
        #expect(try AscendingCoding.decode(bytes) == values)
        #expect(bytes.count < values.count * 4)
    }

    @Test(
        arguments: [
            [1],  // a value is missing
            [0, 0],  // one too many
            [2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1],  // over 32 bits
            [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],  // a count that cannot be
            [1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],  // over 64 bits
        ] as [[UInt8]]
    )
    func damagedHashesAreRefused(bytes: [UInt8]) {
        #expect(throws: (any Error).self) { try AscendingCoding.decode(bytes) }
    }

    @Test func everyCutOfAChunkSetIsRefused() throws {
        let chunks = [
            chunk(0, "a", headings: []), chunk(1, "b", headings: ["H", "I"]),
            chunk(2, "c", headings: ["H", "J"]), chunk(3, "d", headings: ["H"]),
        ]
        let bytes = ChunkCoding.encode(chunks)
        #expect(try ChunkCoding.decode(bytes) == chunks)
        for count in 0..<bytes.count {
            #expect(throws: (any Error).self) { try ChunkCoding.decode(Array(bytes[..<count])) }
        }
        #expect(throws: (any Error).self) { try ChunkCoding.decode(bytes + [0]) }
    }

    @Test func metadataIsJSONWithAscendingKeys() throws {
        let metadata = ["b": "\u{0}\n\"\\/", "a": "🙂 ä", "": ""]
        let json = MetadataCoding.encode(metadata)
        #expect(json == #"{"":"","a":"🙂 ä","b":"\u0000\u000a\"\\/"}"#)
        #expect(try MetadataCoding.decode(json) == metadata)
        #expect(MetadataCoding.encode([:]) == "{}")
        #expect(throws: (any Error).self) { try MetadataCoding.decode("[1]") }
    }
}
