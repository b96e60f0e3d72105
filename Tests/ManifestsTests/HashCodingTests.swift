import Foundation
import GRDB
import Hashing
import Records
import Testing

@testable import Manifests

/// How the hashes of a signature are stored, now, before schema 16 and before schema 13.
@Suite struct HashCodingTests {
    private func random(_ count: Int, seed: UInt64, in range: ClosedRange<UInt32>) -> [UInt32] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt32.random(in: range, using: &generator) }
    }

    private func minimums(_ bytes: [UInt8]) throws -> [UInt32] {
        try bytes.withUnsafeBytes { try MinimumCoding.decode($0) }
    }

    @Test(
        arguments: [
            [], [0], [.max], [0, 0, 0, 0, 0], [.max, 0, .max, 0], [1, 2, 3, 128, 16_384, 1 << 28],
            Array(repeating: 7, count: 1_000), Array(0..<300), Array(repeating: .max, count: 126),
        ] as [[UInt32]]
    )
    func minimumsComeBack(values: [UInt32]) throws {
        #expect(try self.minimums(MinimumCoding.encode(values)) == values)
    }

    @Test func randomNumbersOfEverySizeComeBack() throws {
        for bits in 0...32 {
            for count in [1, 2, 3, 4, 5, 126, 430] {
                let maximum = bits == 32 ? UInt32.max : (1 << bits) - 1
                let values = self.random(count, seed: UInt64(bits * 1_000 + count), in: 0...maximum)
                let coded = MinimumCoding.encode(values)
                // What tells it from words.
                #expect(!coded.count.isMultiple(of: 4))
                #expect(try self.minimums(coded) == values, "\(bits) bits, \(count)")
                let sorted = values.sorted()
                #expect(try AscendingCoding.decode(AscendingCoding.encode(sorted)) == sorted)
            }
        }
    }

    /// The signature of a page of 2.7 kB: 430 shingles, and the smallest of 126 permutations of them.
    @Test func signatureTakesAFifthLess() throws {
        let shingles = Array(Set(self.random(430, seed: 3, in: 0 ... .max))).sorted()
        let minimums = (0..<126).map { lane in
            self.random(430, seed: 100 + UInt64(lane), in: 0 ... .max).min() ?? 0
        }
        #expect(AscendingCoding.encode(shingles).count < shingles.count * 4 * 80 / 100)
        #expect(MinimumCoding.encode(minimums).count < 126 * 4 * 80 / 100)
    }

    @Test func whatEarlierProgramsStoredIsRead() throws {
        #expect(try AscendingCoding.decode([2, 5, 0x80, 0x01]) == [5, 133])
        #expect(try AscendingCoding.decode([0]) == [])
        #expect(try AscendingCoding.decode([]) == [])
        #expect(try self.minimums([1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == [1, .max])
        #expect(try self.minimums([]) == [])
    }

    private func bandKeys(_ bytes: [UInt8]) throws -> [UInt64] {
        try bytes.withUnsafeBytes { try BandKeyCoding.decode($0) }
    }

    @Test func bandKeysComeBack() throws {
        var generator = SeededGenerator(seed: 5)
        for count in 0...Signature.bandCount {
            for maximum in [0, 255, 1 << 40 - 1] as [UInt64] {
                let keys = (0..<count).map { _ in
                    UInt64.random(in: 0...maximum, using: &generator)
                }
                #expect(try self.bandKeys(BandKeyCoding.encode(keys)) == keys)
            }
        }
        #expect(BandKeyCoding.encode([0x01_0203_0405]) == [0, 5, 4, 3, 2, 1])
        for damaged in [[0], [0, 1], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]] as [[UInt8]] {
            #expect(throws: (any Error).self) { try self.bandKeys(damaged) }
        }
    }

    /// A manifest of an earlier version holds a row of each coding once it is written to again.
    @Test func rowsOfAllCodingsStandSideBySide() throws {
        let folder = try TemporaryFolder()
        let manifest = try ShardManifest(path: folder("manifest.sqlite"), mode: .create)
        let (words, coded, new) = (item("words"), item("coded"), item("new"))
        try manifest.commit(
            [words, coded, new].map { success($0, signature: signature($0.uri)) },
            run: 1,
            at: 1
        )
        let minimums = Array(0..<126) as [UInt32]
        let plain = minimums.flatMap { number -> [UInt8] in [UInt8(number), 0, 0, 0] }
        let earlier = [(words, plain), (coded, MinimumCoding.encode(minimums))]
        try manifest.file.write { database in
            for (item, bytes) in earlier {
                try database.execute(
                    sql: "UPDATE signatures SET minimums = ? WHERE exact = ?",
                    arguments: [bytes.data, sha256(item.uri).bytes.data]
                )
            }
        }
        let rows = try manifest.signatures(after: nil, limit: 9)
        #expect(rows.count == 3)
        #expect(rows.allSatisfy { $0.bandKeys == signature("").bandKeys })
    }

    @Test func damageIsRefusedAndNeverACrash() throws {
        let values = self.random(60, seed: 9, in: 0...9_000_000).sorted()
        let coded = AscendingCoding.encode(values)
        for count in coded.indices.dropFirst() {
            #expect(throws: (any Error).self) { try AscendingCoding.decode(Array(coded[..<count])) }
        }
        #expect(throws: (any Error).self) { try AscendingCoding.decode(coded + [0]) }
        #expect(throws: (any Error).self) { try AscendingCoding.decode(coded + [1]) }
        let minimums = MinimumCoding.encode(values)
        let keys = BandKeyCoding.encode(values.prefix(21).map { UInt64($0) })
        for bytes in [coded, minimums, keys] {
            for index in bytes.indices {
                for bit in 0..<8 {
                    var damaged = bytes
                    damaged[index] ^= 1 << bit
                    _ = try? AscendingCoding.decode(damaged)
                    _ = try? self.minimums(damaged)
                    _ = try? self.bandKeys(damaged)
                }
            }
        }
        // A count that is a lie, ones without end, low bits that no number has.
        let lies: [[UInt8]] = [
            [0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0], [1, 0, 0xFF, 0xFF, 0xFF], [1, 32, 0, 0, 0],
            [1, 31, 0x07, 0, 0],
        ]
        for lie in lies {
            #expect(throws: (any Error).self) { try self.minimums(lie) }
            #expect(throws: (any Error).self) {
                try AscendingCoding.decode([0x82, 0x80, 0x80, 0x80, 0x10] + lie)
            }
        }
        // Differences that add up to more than 32 bits.
        var writer = ByteWriter()
        RiceCoding.encode([.max, 1], to: &writer)
        #expect(throws: (any Error).self) {
            try AscendingCoding.decode([0x82, 0x80, 0x80, 0x80, 0x10] + writer.bytes)
        }
    }
}

extension MinimumCoding {
    /// As programs of schema 13 to 15 did.
    fileprivate static func encode(_ values: [UInt32]) -> [UInt8] {
        guard !values.isEmpty else { return [] }
        var writer = ByteWriter()
        RiceCoding.encode(values, to: &writer)
        if writer.bytes.count.isMultiple(of: 4) { writer.write(UInt8(0)) }
        return writer.bytes
    }
}

extension [UInt8] {
    fileprivate var data: Data { Data(self) }
}
