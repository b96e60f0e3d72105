import Foundation
import Segments
import Storage
import Testing

@Suite struct SnapshotTests {
    static func made(_ number: Int) -> Snapshot {
        Snapshot(
            number: number,
            pipeline: "demo",
            indexes: [
                IndexSnapshot(
                    name: "main",
                    modelFingerprint: "model-1",
                    modelName: "potion",
                    dimensions: 256,
                    segments: [
                        SnapshotSegment(
                            shard: 7,
                            name: "ab.mrs",
                            tombstones: "cd.mrt",
                            chunkCount: 2,
                            documentCount: 1,
                            byteCount: 900,
                            digest: "00"
                        )
                    ]
                )
            ],
            digest: "00",
            documentCount: 1,
            chunkCount: 2
        )
    }

    @Test func nothingIsLiveBeforeTheFirstPublish() throws {
        let folder = try TemporaryFolder()
        #expect(try liveSnapshot(workspace: folder.path) == nil)
        #expect(try snapshotNumbers(workspace: folder.path).isEmpty)
    }

    @Test func publishingMakesTheSnapshotLive() throws {
        let folder = try TemporaryFolder()
        for number in [1, 2, 10] {
            try publish(Self.made(number), workspace: folder.path)
            #expect(try liveSnapshot(workspace: folder.path) == Self.made(number))
        }
        #expect(try snapshotNumbers(workspace: folder.path) == [1, 2, 10])
        #expect(try snapshot(number: 2, workspace: folder.path) == Self.made(2))
        #expect(try folder.read("LIVE") == Array("10\n".utf8))
        try makeLive(1, workspace: folder.path)
        #expect(try liveSnapshotNumber(workspace: folder.path) == 1)
    }

    @Test func aCandidateIsNotLive() throws {
        let folder = try TemporaryFolder()
        try writeSnapshot(Self.made(1), workspace: folder.path)
        #expect(try liveSnapshot(workspace: folder.path) == nil)
        #expect(throws: StorageError.self) { try makeLive(2, workspace: folder.path) }
        #expect(try liveSnapshot(workspace: folder.path) == nil)
    }

    @Test func aNumberIsNeverReused() throws {
        let folder = try TemporaryFolder()
        try publish(Self.made(1), workspace: folder.path)
        try publish(Self.made(1), workspace: folder.path)
        var other = Self.made(1)
        other.chunkCount = 3
        #expect(throws: StorageError.self) { try publish(other, workspace: folder.path) }
        #expect(try liveSnapshot(workspace: folder.path) == Self.made(1))
    }

    @Test(
        arguments: [
            ("{", SegmentError.Code.corrupt), (#"{"formatVersion":3}"#, .tooNew),
            (#"{"formatVersion":0}"#, .tooOld), (#"{"formatVersion":1}"#, .corrupt),
            (#"{"formatVersion":2}"#, .corrupt),
        ])
    func damagedDescriptorsAreReported(text: String, code: SegmentError.Code) throws {
        let folder = try TemporaryFolder()
        try publish(Self.made(1), workspace: folder.path)
        try folder.write(Array(text.utf8), "snapshots/1.json")
        let error = #expect(throws: SegmentError.self) {
            try liveSnapshot(workspace: folder.path)
        }
        #expect(error?.code == code)
    }

    @Test func aDescriptorOfVersion1HasNoTombstones() throws {
        let folder = try TemporaryFolder()
        var expected = Self.made(1)
        expected.formatVersion = 1
        expected.indexes[0].segments[0].tombstones = nil
        expected.indexes[0].segments[0].digest = nil
        // Byte for byte as that version wrote it.
        let text = """
            {
              "chunkCount" : 2,
              "digest" : "00",
              "documentCount" : 1,
              "formatVersion" : 1,
              "indexes" : [
                {
                  "dimensions" : 256,
                  "modelFingerprint" : "model-1",
                  "modelName" : "potion",
                  "name" : "main",
                  "segments" : [
                    {
                      "byteCount" : 900,
                      "chunkCount" : 2,
                      "documentCount" : 1,
                      "name" : "ab.mrs",
                      "shard" : 7
                    }
                  ]
                }
              ],
              "number" : 1,
              "pipeline" : "demo"
            }

            """
        try writeSnapshot(expected, workspace: folder.path)
        #expect(String(decoding: try folder.read("snapshots/1.json"), as: UTF8.self) == text)
        try makeLive(1, workspace: folder.path)
        #expect(try liveSnapshot(workspace: folder.path) == expected)
    }

    @Test func aSegmentIsNamedWithWhatIsLiveOfIt() throws {
        let segment = SegmentReference(
            name: "ab.mrs",
            byteCount: 900,
            documentCount: 5,
            chunkCount: 9,
            digest: String(repeating: "0", count: 63) + "5"
        )
        let tombstones = TombstoneReference(
            name: "cd.mrt",
            byteCount: 200,
            documentCount: 1,
            chunkCount: 3,
            termOccurrenceCount: 30,
            digest: String(repeating: "0", count: 63) + "2"
        )
        let expected = SnapshotSegment(
            shard: 3,
            name: "ab.mrs",
            tombstones: "cd.mrt",
            chunkCount: 6,
            documentCount: 4,
            byteCount: 900,
            digest: String(repeating: "0", count: 63) + "3"
        )
        let live = LiveSegment(segment, tombstones: tombstones)
        #expect(try SnapshotSegment(live, shard: 3) == expected)
        let whole = LiveSegment(segment)
        #expect(try SnapshotSegment(whole, shard: 3) == SnapshotSegment(segment, shard: 3))
    }

    @Test(arguments: ["", "1", "x\n", "-1\n", "1\n\n"])
    func aDamagedLiveFileIsReported(text: String) throws {
        let folder = try TemporaryFolder()
        try publish(Self.made(1), workspace: folder.path)
        try folder.write(Array(text.utf8), "LIVE")
        #expect(throws: SegmentError.self) { try liveSnapshot(workspace: folder.path) }
    }
}
