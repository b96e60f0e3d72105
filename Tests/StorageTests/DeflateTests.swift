import Storage
import Testing

@Suite struct DeflateTests {
    @Test(arguments: [0, 1, 100, 65_536, 1_000_000], [1, 6, 9])
    func textComesBackAsItWas(byteCount: Int, level: Int) throws {
        let bytes = sampleBytes(byteCount).map { $0 & 15 }
        let packed = deflate(bytes, level: level)
        #expect(try inflate(packed, byteCount: byteCount) == bytes)
        #expect(byteCount < 1_000 || packed.count < byteCount * 6 / 10)
    }

    @Test func reusedCompressorGivesTheBytesOfAFreshOne() throws {
        let deflater = Deflater(level: 6)
        let inflater = Inflater()
        for seed in 1...5 {
            let bytes = sampleBytes(seed * 1_000, seed: UInt64(seed)).map { $0 & 31 }
            let packed = deflater.deflate(bytes)
            #expect(packed == deflate(bytes, level: 6))
            #expect(try inflater.inflate(packed, byteCount: bytes.count) == bytes)
        }
    }

    @Test func wrongCountsAreRefused() throws {
        let packed = deflate(sampleBytes(1_000))
        for count in [-1, 0, 999, 1_001, 100_000_000, Int.max] {
            let error = #expect(throws: StorageError.self) {
                try inflate(packed, byteCount: count)
            }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func damagedCutAndPaddedStreamsAreRefused() throws {
        let bytes = sampleBytes(1_000).map { $0 & 3 }
        let packed = deflate(bytes)
        for broken in [Array(packed.dropLast()), packed + [0], [], [0xFF, 0xFF, 0xFF]] {
            let error = #expect(throws: StorageError.self) {
                try inflate(broken, byteCount: bytes.count)
            }
            #expect(error?.code == .corrupt)
        }
    }

    /// What the stream begins with is what zlib makes of all of it.
    @Test(arguments: [0, 1, 300, 65_536, 200_000], [0, 1, 6, 9])
    func aPartFromTheStartIsThatOfTheWhole(byteCount: Int, level: Int) throws {
        let bits = sampleBytes(byteCount, seed: UInt64(level)).map { $0 & 7 }
        // Runs, matches near and far, and bytes that no match helps.
        let bytes =
            bits + bits.prefix(700) + sampleBytes(byteCount / 3) + [UInt8](repeating: 9, count: 600)
        let packed = deflate(bytes, level: level)
        for count in [0, 1, bytes.count / 3, bytes.count - 1, bytes.count] {
            let part = try packed.withUnsafeBytes { try inflatePrefix($0, byteCount: count) }
            #expect(part == Array(bytes.prefix(count)))
        }
        let error = #expect(throws: StorageError.self) {
            try packed.withUnsafeBytes { try inflatePrefix($0, byteCount: bytes.count + 1) }
        }
        #expect(error?.code == .corrupt)
    }

    @Test func aPartOfADamagedStreamIsRefusedOrAsLongAsWasAskedFor() throws {
        let bytes = sampleBytes(3_000).map { $0 & 15 }
        let packed = deflate(bytes)
        var random = sampleBytes(4_000, seed: 7).makeIterator()
        for round in 0..<1_000 {
            var broken = packed
            let place = (Int(random.next() ?? 0) << 8 | Int(random.next() ?? 0)) % packed.count
            broken[place] ^= 1 << ((random.next() ?? 0) & 7)
            if round % 3 == 0 { broken.removeLast(place) }
            let part = try? broken.withUnsafeBytes {
                try inflatePrefix($0, byteCount: bytes.count)
            }
            #expect(part.map { $0.count == bytes.count } ?? true)
        }
    }

    @Test func expanderRecoversAfterADamagedStream() throws {
        let inflater = Inflater()
        #expect(throws: StorageError.self) { try inflater.inflate([7, 7, 7], byteCount: 9) }
        #expect(try inflater.inflate(deflate([1, 2, 3]), byteCount: 3) == [1, 2, 3])
    }

    @Test func checksumIsTheOneOfTheStandard() {
        #expect(crc32(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(crc32([UInt8]()) == 0)
        let first = crc32(Array("1234".utf8))
        #expect(crc32(Array("56789".utf8), continuing: first) == 0xCBF4_3926)
    }
}
