import Foundation
import Hashing
import Records
import Segments
import Storage
import Testing

@Suite struct TombstoneTests {
    let folder: TemporaryFolder
    let rows: Rows
    let whole: LiveSegment

    init() throws {
        self.folder = try TemporaryFolder()
        self.rows = randomRows(count: 130, dimensions: 6, seed: 21, wordsPerChunk: 9)
        self.whole = LiveSegment(try Self.write(self.rows, in: self.folder))
    }

    static func write(_ rows: Rows, in folder: TemporaryFolder) throws -> SegmentReference {
        try writeSegment(rows, configuration(dimensions: 6, encoding: .float16), in: folder)
    }

    func ids(_ numbers: some Sequence<Int>) -> [DocumentID] {
        numbers.map { self.rows[$0].document.id }
    }

    static let absent = [DocumentID(high: 0, low: 1), DocumentID(high: .max, low: .max)]

    /// The live documents in a segment of their own, in another folder.
    func fresh(without dead: Set<Int>) throws -> SegmentReference {
        let other = try TemporaryFolder()
        let live = self.rows.indices.filter { !dead.contains($0) }.map { self.rows[$0] }
        return try Self.write(live, in: other)
    }

    @Test(
        arguments: [
            [0], [129], [63], [64], [0, 63, 64, 127, 128, 129], Array(0..<129), Array(0..<130),
            Array(stride(from: 0, to: 130, by: 3)),
        ])
    func whatIsLeftIsWhatAFreshSegmentHolds(dead: [Int]) throws {
        let live = try bury(self.ids(dead), in: self.whole, folder: self.folder.path)
        let expected = try self.fresh(without: Set(dead))
        #expect(live.documentCount == expected.documentCount)
        #expect(live.chunkCount == expected.chunkCount)
        #expect(try live.digest.hex == expected.digest)
        #expect(live.segment == self.whole.segment)
        let left = self.ids(self.rows.indices.filter { !dead.contains($0) })
        #expect(try liveDocumentIDs(of: live, folder: self.folder.path) == left)
        #expect(isPresent(live, folder: self.folder.path))
        try verify(live, folder: self.folder.path)
        let reader = try LiveSegmentReader(live, folder: self.folder.path)
        #expect(reader.documentCount == live.documentCount)
        #expect(reader.chunkCount == live.chunkCount)
        let lengths = self.rows.indices.filter { !dead.contains($0) }
            .flatMap { self.rows[$0].chunks }.reduce(0) { $0 + $1.terms.length }
        #expect(reader.termOccurrenceCount == lengths)
    }

    @Test func onlyLivePostingsAreRead() throws {
        let dead = Set(stride(from: 0, to: 130, by: 3))
        let live = try bury(self.ids(dead.sorted()), in: self.whole, folder: self.folder.path)
        let reader = try LiveSegmentReader(live, folder: self.folder.path)
        let mask = try #require(reader.liveChunks)
        var all = SegmentPostings()
        var found = SegmentPostings()
        var holders = 0
        try reader.segment.forEachTerm { _, entry in
            try reader.segment.postings(of: entry, into: &all)
            try reader.postings(of: entry, into: &found)
            let expected = all.chunks.indices.filter { mask[Int(all.chunks[$0])] }
            #expect(found.chunks == expected.map { all.chunks[$0] })
            #expect(found.counts == expected.map { all.counts[$0] })
            holders += expected.count
        }
        #expect(holders > 100)
    }

    @Test func theBytesDependOnTheDeadDocumentsAlone() throws {
        let path = self.folder.path
        let atOnce = try bury(self.ids([3, 40, 90]), in: self.whole, folder: path)
        for order in [[[3], [40], [90]], [[90], [3, 40]], [[40, 90], [3]]] {
            var live = self.whole
            for part in order { live = try bury(self.ids(part), in: live, folder: path) }
            #expect(live == atOnce)
        }
        let bytes = try self.folder.read(atOnce.tombstones?.name ?? "")
        #expect(sha256(bytes).hex + ".mrt" == atOnce.tombstones?.name)
        #expect(bytes.count == atOnce.tombstones?.byteCount)
    }

    @Test func buryingWhatIsNotLiveChangesNothing() throws {
        let path = self.folder.path
        let names = self.folder.names
        #expect(try bury([], in: self.whole, folder: path) == self.whole)
        #expect(try bury(Self.absent, in: self.whole, folder: path) == self.whole)
        #expect(self.folder.names == names)
        let live = try bury(self.ids([5, 6]), in: self.whole, folder: path)
        let after = self.folder.names
        #expect(try bury(self.ids([5]), in: live, folder: path) == live)
        #expect(self.folder.names == after && after.count == names.count + 1)
        let more = [Self.absent[0]] + self.ids([5, 7]) + [Self.absent[1]]
        let third = try bury(more, in: live, folder: path)
        #expect(third == (try bury(self.ids([5, 6, 7]), in: self.whole, folder: path)))
        // The generation before stays for the snapshots that name it.
        try verify(live, folder: path)
    }

    @Test func aFailedWriteLeavesNothingUnderANewName() throws {
        let live = try bury(self.ids([1, 2]), in: self.whole, folder: self.folder.path)
        let name = try #require(live.tombstones?.name)
        let other = try TemporaryFolder()
        #expect(try Self.write(self.rows, in: other) == self.whole.segment)
        // A folder that cannot be renamed over stands for a disk that fails.
        try FileManager.default.createDirectory(
            atPath: other.path + "/" + name + "/full",
            withIntermediateDirectories: true
        )
        let before = other.names
        #expect(throws: StorageError.self) {
            try bury(self.ids([1, 2]), in: self.whole, folder: other.path)
        }
        #expect(other.names == before)
        #expect(!isPresent(live, folder: other.path))
    }

    @Test func aReferenceSurvivesItsCoding() throws {
        let live = try bury(self.ids([1, 2]), in: self.whole, folder: self.folder.path)
        for value in [self.whole, live] {
            let bytes = try JSONEncoder().encode(value)
            #expect(try JSONDecoder().decode(LiveSegment.self, from: bytes) == value)
        }
    }
}
