import Foundation
import Hashing
import Records
import Segments
import Storage
import Testing

@Suite struct TombstoneDamageTests {
    let folder: TemporaryFolder
    let live: LiveSegment
    let name: String
    let bytes: [UInt8]

    init() throws {
        self.folder = try TemporaryFolder()
        let rows = randomRows(count: 70, dimensions: 0, seed: 12, wordsPerChunk: 4)
        let whole = LiveSegment(try writeSegment(rows, configuration(), in: self.folder))
        let ids = [0, 3, 64].map { rows[$0].document.id }
        self.live = try bury(ids, in: whole, folder: self.folder.path)
        self.name = try #require(self.live.tombstones?.name)
        self.bytes = try self.folder.read(self.name)
    }

    func code(_ live: LiveSegment? = nil) -> SegmentError.Code? {
        do {
            try verify(live ?? self.live, folder: self.folder.path)
            return nil
        } catch {
            return (error as? SegmentError)?.code
        }
    }

    @Test func everyFlippedByteIsReportedAtOpening() throws {
        #expect(self.code() == nil)
        var damaged = self.bytes
        for index in self.bytes.indices {
            damaged[index] ^= 1 << UInt8(index % 8)
            try self.folder.write(damaged, self.name)
            #expect(throws: SegmentError.self, "byte \(index)") {
                try LiveSegmentReader(self.live, folder: self.folder.path)
            }
            // The header is all that a look at it can check.
            #expect(isPresent(self.live, folder: self.folder.path) == (index >= 112))
            damaged[index] = self.bytes[index]
        }
    }

    @Test func everyTruncationIsReported() throws {
        for count in self.bytes.indices {
            try self.folder.write(Array(self.bytes[..<count]), self.name)
            #expect(self.code() == .corrupt, "\(count) bytes")
            #expect(!isPresent(self.live, folder: self.folder.path))
        }
        try self.folder.write(self.bytes + [0], self.name)
        #expect(self.code() == .corrupt)
        try removeFile(self.folder.path + "/" + self.name)
        #expect(!isPresent(self.live, folder: self.folder.path))
        #expect(throws: StorageError.self) { try verify(self.live, folder: self.folder.path) }
    }

    @Test(arguments: [(UInt8(0), SegmentError.Code.tooOld), (2, .tooNew), (255, .tooNew)])
    func otherVersionsAreNamedAsSuch(version: UInt8, code: SegmentError.Code) throws {
        var other = self.bytes
        other[8] = version
        try self.folder.write(other, self.name)
        #expect(self.code() == code)
        #expect(!isPresent(self.live, folder: self.folder.path))
    }

    /// A whole and sound file, put together anew with the change and its right name.
    func rewritten(_ change: (inout [UInt8]) -> Void) throws -> LiveSegment {
        var body = Array(self.bytes.dropLast(48))
        change(&body)
        body.replaceSubrange(108..<112, with: Self.little(crc32(Array(body[..<108]))))
        var file = body
        file += sha256(body).bytes
        file += self.bytes.suffix(16)
        var live = self.live
        live.tombstones?.name = sha256(file).hex + ".mrt"
        live.tombstones?.documentCount = Int(body[24])
        live.tombstones?.chunkCount = Int(body[28])
        live.tombstones?.digest = Digest(bytes: body[40..<72])?.hex ?? ""
        try self.folder.write(file, live.tombstones?.name ?? "")
        return live
    }

    static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    @Test func soundFilesThatDoNotFitTheSegmentAreCorrupt() throws {
        #expect(self.code(try self.rewritten { _ in }) == nil)
        // Another segment; a row that is not there; a count, a sum and a digest that are not so.
        #expect(self.code(try self.rewritten { $0[72] ^= 1 }) == .corrupt)
        #expect(self.code(try self.rewritten { $0[127] |= 0x80 }) == .corrupt)
        #expect(self.code(try self.rewritten { $0[24] += 1 }) == .corrupt)
        #expect(self.code(try self.rewritten { $0[28] += 1 }) == .corrupt)
        #expect(self.code(try self.rewritten { $0[40] ^= 1 }) == .corrupt)
        #expect(self.code(try self.rewritten { $0[112] = 0b0001_0001 }) == .corrupt)
    }

    @Test func tombstonesOfAnotherSegmentAreCorrupt() throws {
        let rows = randomRows(count: 70, dimensions: 0, seed: 13, wordsPerChunk: 4)
        let other = LiveSegment(try writeSegment(rows, configuration(), in: self.folder))
        let mixed = LiveSegment(other.segment, tombstones: self.live.tombstones)
        #expect(self.code(mixed) == .corrupt)
        #expect(!isPresent(mixed, folder: self.folder.path))
        #expect(throws: SegmentError.self) {
            try bury([rows[0].document.id], in: mixed, folder: self.folder.path)
        }
    }

    @Test func recordsThatAreNotOfTheFilesAreCorrupt() throws {
        var live = self.live
        live.segment.documentCount += 1
        #expect(self.code(live) == .corrupt && !isPresent(live, folder: self.folder.path))
        live = self.live
        live.segment.digest = live.tombstones?.digest ?? ""
        #expect(self.code(live) == .corrupt && !isPresent(live, folder: self.folder.path))
        live = self.live
        live.tombstones?.termOccurrenceCount += 1
        #expect(self.code(live) == .corrupt && !isPresent(live, folder: self.folder.path))
        live = self.live
        live.tombstones?.byteCount += 1
        #expect(self.code(live) == .corrupt && !isPresent(live, folder: self.folder.path))
        live.segment.digest = "no digest"
        #expect(throws: SegmentError.self) { try live.digest }
    }

    @Test func damageOfTheSegmentIsReportedToo() throws {
        let segment = self.live.segment.name
        var damaged = try self.folder.read(segment)
        damaged[damaged.count - 60] ^= 1
        try self.folder.write(damaged, segment)
        #expect(self.code() == .corrupt)
        try self.folder.write(Array(damaged.dropLast()), segment)
        #expect(!isPresent(self.live, folder: self.folder.path))
    }
}
