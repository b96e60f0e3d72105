import Foundation
import Operations
import Segments
import Storage
import Testing

/// What a workspace knows moves to another one without work being done again.
@Suite struct StateTests {
    /// Duplicates, a failure, an exclusion and several formats.
    private func corpus(shards: Int) throws -> TestCorpus {
        var pipeline = TestPipeline()
        pipeline.shards = shards
        let corpus = try TestCorpus(pipeline)
        try corpus.fill(24, sections: 2)
        try corpus.write("twin.html", TestDocument(title: "Number 0", seed: 7_919, sections: 2))
        try corpus.write("broken.pdf", Array("%PDF-1.7 nothing".utf8))
        return corpus
    }

    @Test(arguments: [1, 3, 4, 7])
    func importedStateOfAnyShardCountGivesTheSameSnapshotWithoutWork(shards: Int) throws {
        let corpus = try self.corpus(shards: 4)
        let first = try corpus.run()
        let file = corpus.root + "/state.jsonl"
        let exported = try exportState(workspace: corpus.workspace, to: file)
        #expect(exported.documents == 26)

        let other = corpus.workspace("imported")
        _ = try importState(from: file, to: other, shardCount: shards)
        // An import of an export is the same state: equal bytes, whatever the shards.
        let again = try exportState(workspace: other, to: corpus.root + "/again.jsonl")
        #expect(again.documents == exported.documents)
        func documents(_ path: String) throws -> [Substring] {
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
                .filter { $0.hasPrefix("{\"document\"") }
        }
        #expect(try documents(file) == documents(corpus.root + "/again.jsonl"))

        corpus.pipeline.shards = shards
        let synced = try corpus.run(.sync, workspace: other)
        #expect(synced.digest == first.digest)
        #expect(synced.chunksEmbedded == 0)
        #expect(synced.extracted == 0)
        #expect(synced.accounts == first.accounts)
        #expect(try verify(workspace: other).problems.isEmpty)
        #expect(synced.snapshot == 2, "the number of the exported snapshot stays taken")
        try corpus.delete("a000.md")
        let after = try corpus.run(.sync, workspace: other)
        #expect(after.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func equalStatesGiveEqualBytes() throws {
        let corpus = try self.corpus(shards: 4)
        try corpus.run()
        let one = try exportState(workspace: corpus.workspace, to: corpus.root + "/1.jsonl")
        let two = try exportState(workspace: corpus.workspace, to: corpus.root + "/2.jsonl")
        #expect(one.sha256 == two.sha256)
    }

    @Test func damagedOrNewerFileIsRefusedBeforeAnythingIsMade() throws {
        let corpus = try self.corpus(shards: 2)
        try corpus.run()
        let file = corpus.root + "/state.jsonl"
        _ = try exportState(workspace: corpus.workspace, to: file)
        let sound = try Data(contentsOf: URL(filePath: file))
        func status(of bytes: Data) throws -> Operations.ExitStatus? {
            try bytes.write(to: URL(filePath: file))
            let error = #expect(throws: OperationError.self) {
                try importState(from: file, to: corpus.workspace("imported"), shardCount: 2)
            }
            #expect(error?.message.contains(file) == true)
            return error?.status
        }
        for place in stride(from: 5, to: sound.count, by: sound.count / 9) {
            var damaged = sound
            damaged[place] ^= 1
            #expect(try status(of: damaged) != nil)
            #expect(try status(of: sound.prefix(place)) == .fatal)
        }
        #expect(try status(of: Data()) == .fatal)
        let text = String(decoding: sound, as: UTF8.self)
        let newer = text.replacing("\"formatVersion\":1", with: "\"formatVersion\":9")
        #expect(try status(of: Data(newer.utf8)) == .newerVersion)
        #expect(!fileExists(corpus.workspace("imported")))
    }

    @Test func nothingIsOverwritten() throws {
        let corpus = try self.corpus(shards: 2)
        try corpus.run()
        let file = corpus.root + "/state.jsonl"
        _ = try exportState(workspace: corpus.workspace, to: file)
        let over = #expect(throws: OperationError.self) {
            try exportState(workspace: corpus.workspace, to: file)
        }
        #expect(over?.status == .configuration)
        let into = #expect(throws: OperationError.self) {
            try importState(from: file, to: corpus.workspace, shardCount: 2)
        }
        #expect(into?.status == .configuration)
    }
}
