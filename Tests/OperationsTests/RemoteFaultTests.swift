import Foundation
import LoopbackServer
import Objects
import Storage
import Synchronization
import Testing

@testable import Operations

/// Servers that fail, cut, lie and fall silent: what is in force is whole, here and there.
@Suite(.ownThreads) struct RemoteFaultTests {
    /// A corpus whose first state is in force, with changes that were not pushed.
    private func changed(_ server: ObjectServer) throws -> (TestCorpus, RemoteStore) {
        let corpus = try TestCorpus()
        try corpus.fill(6, sections: 1)
        try corpus.run()
        let store = try store(server)
        try push(workspace: corpus.workspace, to: store)
        try pull(from: store, to: corpus.workspace("other"))
        try corpus.write("late.md", TestDocument(seed: 4_711))
        try corpus.run(.sync)
        return (corpus, store)
    }

    /// From the request of this number on, nobody answers: as a push that is killed there.
    @Test func aPushThatEndsAnywhereLeavesBothSidesWhole() throws {
        let server = try ObjectServer()
        let (corpus, store) = try self.changed(server)
        let reader = corpus.workspace("reader")
        var cut = 0
        while true {
            let count = Mutex(0)
            let limit = cut
            server.setMischief { _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return number > limit ? .reply(.init([.cut])) : .none
            }
            let result = Result { try push(workspace: corpus.workspace, to: store) }
            server.setMischief { _ in .none }
            if case .success(let report) = result {
                #expect(report.number == 2)
                break
            }
            #expect(try verify(workspace: corpus.workspace).problems.isEmpty)
            #expect(try pull(from: store, to: reader).number == 1)
            cut += 1
            try #require(cut < 100)
        }
        #expect(cut > 4)
        #expect(try pull(from: store, to: reader).number == 2)
        #expect(try contents(of: reader) == contents(of: corpus.workspace))
    }

    @Test func aPullThatEndsAnywhereChangesNothing() throws {
        let server = try ObjectServer()
        let (corpus, store) = try self.changed(server)
        try push(workspace: corpus.workspace, to: store)
        let other = corpus.workspace("other")
        let before = try contents(of: other)
        var cut = 0
        while true {
            let count = Mutex(0)
            let limit = cut
            server.setMischief { _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return number > limit ? .reply(.init(500)) : .none
            }
            let result = Result { try pull(from: store, to: other) }
            server.setMischief { _ in .none }
            if case .success = result { break }
            #expect(try contents(of: other) == before)
            #expect(!fileExists(corpus.workspace("new")))
            cut += 1
            try #require(cut < 100)
        }
        #expect(cut > 2)
        #expect(try contents(of: other) == contents(of: corpus.workspace))
        let beside = try FileManager.default.contentsOfDirectory(
            atPath: corpus.root + "/workspaces"
        )
        #expect(beside.allSatisfy { !$0.hasPrefix(StagedFile.namePrefix) })
    }

    enum Damage: CaseIterable {
        case missing, cut, flipped, longer, empty
    }

    @Test(arguments: Damage.allCases)
    func damagedObjectsAreNamedAndChangeNothing(damage: Damage) throws {
        let server = try ObjectServer()
        let (corpus, store) = try self.changed(server)
        try push(workspace: corpus.workspace, to: store)
        let other = corpus.workspace("other")
        let before = try contents(of: other)
        let sound = server.objects
        let generation = try #require(try store.head()?.head.generation)
        let used = try store.generation(generation).objects
        let names = sound.keys.filter { name in
            name.hasSuffix("/LIVE") || name.contains(generation)
                || used.contains { name.hasSuffix($0) }
        }
        #expect(names.count > 6)
        for name in names.sorted() {
            server.change(name) { object in
                switch damage {
                case .missing: object = nil
                case .cut: object?.bytes.removeLast()
                case .flipped:
                    let middle = (object?.bytes.count ?? 0) / 2
                    object?.bytes[middle] ^= 1
                case .longer: object?.bytes.append(0)
                case .empty: object?.bytes = []
                }
            }
            // One that is missing is as a new address; what is there already is not asked for.
            let result = Result { try pull(from: store, to: corpus.workspace("new")) }
            if case .failure(let error) = result {
                #expect("\(error)".contains("s3://bucket/a/b"), "\(error)")
                #expect(!fileExists(corpus.workspace("new")))
            } else {
                // Some bits of a compressed stream say nothing; what it holds is what its name promises.
                #expect(
                    try contents(of: corpus.workspace("new")) == contents(of: corpus.workspace),
                    "\(damage) \(name) was taken"
                )
                #expect(damage == .flipped && name.hasSuffix(".z"), "\(damage) \(name)")
                try removeFolder(corpus.workspace("new"))
            }
            if (try? pull(from: store, to: other)) == nil {
                #expect(try contents(of: other) == before)
            } else {
                try self.takeBack(other, before, store)
            }
            server.change(name) { $0 = sound[name] }
        }
    }

    /// Makes `workspace` again what it was before a pull.
    private func takeBack(
        _ workspace: String,
        _ contents: [String: Data],
        _ store: RemoteStore
    ) throws {
        try removeFolder(workspace)
        for (path, bytes) in contents {
            let url = URL(filePath: "\(workspace)/\(path)")
            try createFolder(url.deletingLastPathComponent().path)
            try bytes.write(to: url)
        }
        var record = RemoteRecord()
        let head = try #require(try store.head()?.head)
        let parent = try #require(try store.generation(head.generation).parent)
        record.settle(
            RemoteRecord.Known(name: parent, generation: try store.generation(parent)),
            at: store.address.description
        )
        try record.write(WorkspaceLayout(root: workspace))
    }

    @Test func damageIsMendedByAPushOfAll() throws {
        let server = try ObjectServer()
        let (corpus, store) = try self.changed(server)
        try push(workspace: corpus.workspace, to: store)
        for name in server.objects.keys where name.contains("/objects/") {
            server.change(name) { $0?.bytes = [] }
        }
        #expect(throws: OperationError.self) { try pull(from: store, to: corpus.workspace("new")) }
        var options = PushOptions()
        options.sendsAll = true
        let report = try push(workspace: corpus.workspace, to: store, options: options)
        #expect(report.wasUpToDate && report.objectsSent > 6)
        try pull(from: store, to: corpus.workspace("new"))
        #expect(try contents(of: corpus.workspace("new")) == contents(of: corpus.workspace))
    }

    /// Every request fails when it is made first, or is cut in the middle of its answer.
    @Test func passingFaultsAreMetByAskingAgain() throws {
        let server = try ObjectServer()
        let (corpus, store) = try self.changed(server)
        let seen = Mutex<Set<String>>([])
        let cut = LoopbackServer.Reply([
            .bytes(Array("HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\nab".utf8)), .cut,
        ])
        server.setMischief { request in
            // What came of a conditional write must be asked for, and is below.
            if request.headers["if-match"] != nil { return .none }
            let (isNew, count) = seen.withLock { seen in
                (seen.insert("\(request.method) \(request.target)").inserted, seen.count)
            }
            guard isNew else { return .none }
            return .reply(count % 2 == 0 ? cut : .init(500))
        }
        #expect(try push(workspace: corpus.workspace, to: store).number == 2)
        try pull(from: store, to: corpus.workspace("new"))
        #expect(try contents(of: corpus.workspace("new")) == contents(of: corpus.workspace))
    }

    /// The head moved and nobody heard of it.
    @Test func anAnswerThatWasLostIsFoundOut() throws {
        let server = try ObjectServer()
        let (corpus, store) = try self.changed(server)
        server.setMischief { $0.headers["if-match"] == nil ? .none : .loseAnswer }
        #expect(try push(workspace: corpus.workspace, to: store).number == 2)
        // The request was lost instead.
        try corpus.write("later.md", TestDocument(seed: 4_712))
        try corpus.run(.sync)
        let isFirst = Mutex(true)
        server.setMischief { request in
            guard request.headers["if-match"] != nil else { return .none }
            return isFirst.withLock { first in
                defer { first = false }
                return first ? .reply(.init([.cut])) : .none
            }
        }
        #expect(try push(workspace: corpus.workspace, to: store).number == 3)
    }

    /// The head moved, and the process was killed before it wrote so down.
    @Test func aPushThatWasKilledAfterItWonGoesOn() throws {
        let server = try ObjectServer()
        let (corpus, store) = try self.changed(server)
        let isDone = Mutex(false)
        server.setMischief { request in
            let was = isDone.withLock { done in
                defer { if request.headers["if-match"] != nil { done = true } }
                return done
            }
            return was
                ? .reply(.init(403)) : request.headers["if-match"] == nil ? .none : .loseAnswer
        }
        #expect(throws: OperationError.self) { try push(workspace: corpus.workspace, to: store) }
        server.setMischief { _ in .none }
        try corpus.write("later.md", TestDocument(seed: 4_712))
        try corpus.run(.sync)
        #expect(try push(workspace: corpus.workspace, to: store).number == 3)
    }

    /// A state that never was may not be replaced.
    @Test func aWrongETagMovesNothing() throws {
        let server = try ObjectServer()
        let (corpus, store) = try self.changed(server)
        let live = try #require(server.objects["bucket/a/b/LIVE"])
        server.setMischief { request in
            guard request.method == "GET", request.path.hasSuffix("/LIVE") else { return .none }
            return .reply(.init(200, ["etag": "\"wrong\""], live.bytes))
        }
        #expect(throws: OperationError.self) { try push(workspace: corpus.workspace, to: store) }
        #expect(server.objects["bucket/a/b/LIVE"]?.bytes == live.bytes)
    }

    @Test func pathsThatLeaveTheWorkspaceAreRefused() {
        for path in [
            "../LIVE", "/etc/passwd", "shards/0000/../../x", "shards/0/manifest.sqlite", "lock",
            "shards/0000/segments/../x.mrs", "shards/0000/segments/.tmp-1.mrs", "snapshots/x.json",
            "snapshots/1.json/x", "channels/a/b", "remotes.json", "erasure/receipts/../key", "",
            "shards/0000/manifest.sqlite-wal", "pins/", "leases/a.lease.json",
            "dedupe/../x.bands", "dedupe/.tmp-1.bands", "dedupe/x", "dedupe/a/x.bands",
        ] { #expect(!WorkspaceFiles.isPart(path), "\(path)") }
        for path in WorkspaceLayout.sampleFiles
        where path.hasSuffix(".sqlite") || path.hasSuffix(".bands") {
            #expect(WorkspaceFiles.isPart(path), "\(path)")
        }
    }

    @Test func garbageGoesAfterItsGraceTimeAndNotBefore() throws {
        let server = try ObjectServer()
        let day = 86_400.0
        server.setAge(seconds: 10 * day)
        let (corpus, store) = try self.changed(server)
        server.setAge(seconds: 2 * day)
        try push(workspace: corpus.workspace, to: store)
        try corpus.delete("a000.md")
        try corpus.run(.sync)
        server.setAge(seconds: day / 2)
        try push(workspace: corpus.workspace, to: store)
        // What another push sends at this moment.
        server.setAge(seconds: 60)
        server.change("bucket/a/b/objects/new.z") {
            $0 = .init(bytes: [1], modified: Date.now.timeIntervalSince1970, etag: "\"x\"")
        }
        let all = Set(server.objects.keys)
        var report = try collectRemoteGarbage(of: store, graceSeconds: day, isDryRun: true)
        #expect(report.generationsRemoved == 1 && report.objectsRemoved > 0)
        #expect(Set(server.objects.keys) == all)
        let removed = report.objectsRemoved
        report = try collectRemoteGarbage(of: store, graceSeconds: day)
        #expect(report.objectsRemoved == removed && report.generationsKept == 2)
        #expect(server.objects.count == all.count - removed - 1)
        #expect(server.objects["bucket/a/b/objects/new.z"] != nil)
        try pull(from: store, to: corpus.workspace("new"))
        #expect(try contents(of: corpus.workspace("new")) == contents(of: corpus.workspace))
        let short = #expect(throws: OperationError.self) {
            try collectRemoteGarbage(of: store, graceSeconds: 60)
        }
        #expect(short?.status == .configuration)
    }
}
