import Foundation
import LoopbackServer
import Segments
import Storage
import Synchronization
import Telemetry
import Testing

@testable import Objects
@testable import Operations

/// Queries of a workspace in a bucket ask for the bytes they read, and answer as the workspace itself would.
@Suite(.ownThreads) struct RemoteReadingTests {
    /// Small enough that segments of tests have many.
    private static let pieces = SegmentPieces(byteCount: 16_384, blockByteCount: 2_048)

    fileprivate struct Place {
        let corpus: TestCorpus
        let server: ObjectServer
        let store: RemoteStore
        let folder: ReaderFolder

        init(documents: Int = 60, pieces: SegmentPieces = RemoteReadingTests.pieces) throws {
            self.corpus = try TestCorpus()
            self.server = try ObjectServer()
            self.corpus.pipeline.shards = 2
            try self.corpus.fill(documents, sections: 4)
            try self.corpus.run()
            self.store = try OperationsTests.store(self.server)
            self.folder = ReaderFolder(
                store: self.store,
                layout: WorkspaceLayout(root: self.corpus.workspace("reader"))
            )
            try self.push(pieces)
        }

        func push(_ pieces: SegmentPieces = RemoteReadingTests.pieces) throws {
            var options = PushOptions()
            options.segmentPieces = pieces
            try Operations.push(
                workspace: self.corpus.workspace,
                to: self.store,
                options: options,
                progress: RunProgress()
            )
        }

        func files(_ suffix: String) -> [String] {
            let root = self.folder.layout.root
            let walker = FileManager.default.enumerator(atPath: root)
            return (walker?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(suffix) }
        }

        /// Requests for objects, those of ranges counted apart.
        func requests() -> (whole: Int, ranges: Int) {
            let objects = self.server.requests.filter { $0.path.contains("/objects/") }
            let ranges = objects.count { $0.headers["range"] != nil }
            return (objects.count - ranges, ranges)
        }

        func answers(_ text: String, in workspace: String, _ mode: SearchModeName = .fused) throws
            -> [String]
        {
            var request = SearchRequest(workspace: workspace, text: text, count: 8)
            request.mode = mode
            return try Operations.search(request).hits.map { "\($0.uri) \($0.score) \($0.text)" }
        }
    }

    private static let questions = ["gear wheel", "stone", "the river in winter", "nothing of it"]

    @Test func answersAreThoseOfTheWorkspaceItself() throws {
        let place = try Place()
        try place.folder.bringUpToDate()
        #expect(place.files(".mrs").isEmpty && place.files(".mrs.part").count == 2)
        for mode in [SearchModeName.fused, .bm25, .vector] {
            for question in Self.questions + ["\"\(try place.phrase())\""] {
                let there = try place.answers(question, in: place.folder.layout.root, mode)
                #expect(try there == place.answers(question, in: place.corpus.workspace, mode))
            }
        }
        // What was read once is asked for no more, by another reader either.
        place.server.forgetRequests()
        _ = try place.answers(Self.questions[0], in: place.folder.layout.root)
        #expect(place.requests() == (0, 0))
    }

    @Test func openingTakesAFewRequestsASegment() throws {
        let place = try Place()
        try place.folder.bringUpToDate()
        place.server.forgetRequests()
        let snapshot = try #require(try liveSnapshot(workspace: place.folder.layout.root))
        for segment in snapshot.indexes.flatMap(\.segments) {
            let before = place.requests().ranges
            let reader = try LiveSegmentReader(segment, workspace: place.folder.layout.root)
            #expect(place.requests().ranges - before <= 3)
            let file = "\(segment.path(workspace: place.folder.layout.root)).part"
            #expect(try fileStatus(file).size == reader.segment.byteCount)
        }
        #expect(place.requests().whole == 0)
    }

    @Test func oneQueryReadsAPartOfASegment() throws {
        let place = try Place(documents: 150)
        try place.folder.bringUpToDate()
        place.server.forgetRequests()
        _ = try place.answers("stone", in: place.folder.layout.root, .bm25)
        let asked = place.server.requests.compactMap { request -> Int? in
            guard request.path.contains("/objects/") else { return nil }
            // A run of blocks that is a whole piece is asked for as one.
            guard let range = request.headers["range"] else { return Self.pieces.byteCount }
            let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
            return ends[1] - ends[0] + 1
        }
        let all = try liveSnapshot(workspace: place.folder.layout.root)?.indexes
            .flatMap(\.segments).reduce(0) { $0 + $1.byteCount }
        #expect(asked.reduce(0, +) < (all ?? 0), "\(asked.reduce(0, +)) of \(all ?? 0)")
    }

    @Test func smallSegmentsComeWholeByOneRequest() throws {
        let place = try Place(documents: 10, pieces: SegmentPieces())
        try place.folder.bringUpToDate()
        #expect(place.files(".mrs.part").isEmpty)
        #expect(place.files(".mrs").count == 2 && place.requests().ranges == 0)
        _ = try place.answers("stone", in: place.folder.layout.root)
        #expect(place.requests().ranges == 0)
    }

    @Test func damagedBytesAreNeverAnAnswer() throws {
        let place = try Place()
        try place.folder.bringUpToDate()
        for (name, _) in place.server.objects where name.contains("/objects/") {
            guard !name.hasSuffix(".z") else { continue }
            place.server.change(name) { object in
                for index in stride(from: 3, to: object?.bytes.count ?? 0, by: 512) {
                    object?.bytes[index] ^= 0x40
                }
            }
        }
        let error = #expect(throws: OperationError.self) {
            try place.answers("stone", in: place.folder.layout.root)
        }
        #expect(error?.message.contains("damaged") == true, "\(error?.message ?? "")")
    }

    @Test func serverThatFailsFailsTheQueryAndNotTheNext() throws {
        let place = try Place()
        try place.folder.bringUpToDate()
        let snapshot = try #require(try liveSnapshot(workspace: place.folder.layout.root))
        let isDown = Mutex(false)
        place.server.setMischief { request in
            isDown.withLock { $0 } ? .reply(.init(403)) : .none
        }
        // Opened while it answered.
        let segments = try snapshot.indexes.flatMap(\.segments).map {
            try LiveSegmentReader($0, workspace: place.folder.layout.root)
        }
        isDown.withLock { $0 = true }
        #expect(throws: (any Error).self) {
            try place.answers("stone", in: place.folder.layout.root)
        }
        isDown.withLock { $0 = false }
        let there = try place.answers("stone", in: place.folder.layout.root)
        #expect(try there == place.answers("stone", in: place.corpus.workspace))
        withExtendedLifetime(segments) {}
    }

    /// A crash leaves any bytes in the file with holes: they are held to their hashes.
    @Test func whatAnEarlierProcessLeftIsCheckedBeforeItIsRead() throws {
        let place = try Place()
        try place.folder.bringUpToDate()
        let expected = try place.answers("stone", in: place.folder.layout.root)
        for file in place.files(".mrs.part") {
            let path = "\(place.folder.layout.root)/\(file)"
            var bytes = try readFile(path, maximumBytes: 1 << 26)
            for index in stride(from: 0, to: bytes.count, by: 700) { bytes[index] ^= 1 }
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.write(contentsOf: bytes)
        }
        // As a new process: nothing is known to be here.
        PartialFiles.keep { !$0.hasPrefix(place.folder.layout.root) }
        try place.folder.bringUpToDate()
        #expect(try place.answers("stone", in: place.folder.layout.root) == expected)
    }

    @Test func anotherStateBringsItsSegmentsAndDropsTheOthers() throws {
        let place = try Place()
        try place.folder.bringUpToDate()
        _ = try place.answers("stone", in: place.folder.layout.root)
        for number in 0..<30 { try place.corpus.delete(place.name(number)) }
        try place.corpus.run(.sync)
        try place.corpus.run(.compact)
        try place.push()
        try place.folder.bringUpToDate()
        let parts = place.files(".mrs.part")
        #expect(parts.count == 2)
        for question in Self.questions {
            let there = try place.answers(question, in: place.folder.layout.root)
            #expect(try there == place.answers(question, in: place.corpus.workspace))
        }
    }
}

extension RemoteReadingTests.Place {
    /// A few words of a document, in their order.
    fileprivate func phrase() throws -> String {
        let text = try self.corpus.search("stone", mode: .bm25, count: 1).hits.first?.text ?? ""
        return text.split(whereSeparator: { !$0.isLetter }).dropFirst(3).prefix(3)
            .joined(separator: " ")
    }

    fileprivate func name(_ number: Int) -> String {
        let names =
            (try? FileManager.default.contentsOfDirectory(
                atPath: self.corpus.path("")
            )) ?? []
        return names.sorted()[0]
    }
}
