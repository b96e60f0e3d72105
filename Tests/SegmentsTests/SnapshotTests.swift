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
                            chunkCount: 2,
                            documentCount: 1,
                            byteCount: 900
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
            ("{", SegmentError.Code.corrupt), (#"{"formatVersion":2}"#, .tooNew),
            (#"{"formatVersion":0}"#, .tooOld), (#"{"formatVersion":1}"#, .corrupt),
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

    @Test(arguments: ["", "1", "x\n", "-1\n", "1\n\n"])
    func aDamagedLiveFileIsReported(text: String) throws {
        let folder = try TemporaryFolder()
        try publish(Self.made(1), workspace: folder.path)
        try folder.write(Array(text.utf8), "LIVE")
        #expect(throws: SegmentError.self) { try liveSnapshot(workspace: folder.path) }
    }
}
