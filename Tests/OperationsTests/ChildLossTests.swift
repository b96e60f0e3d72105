import Dataflow
import Execution
import Foundation
import Hashing
import Records
import Testing
import WorkerMessages

@testable import Operations

/// A document in another one that costs its worker costs itself alone.
@Suite struct ChildLossTests {
    private static let archiveNode = PlanNode(
        id: "packed",
        uses: "extract-archive",
        phase: .prepare,
        inputs: ["docs"],
        mediaTypes: ["application/x-tar"],
        configuration: [:]
    )

    /// A tar of these files.
    private func tar(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        members.flatMap { name, bytes in
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, at offset: Int) {
                for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
            }
            put(name, at: 0)
            put("0000644", at: 100)
            put(String(bytes.count, radix: 8), at: 124)
            put("00000000000", at: 136)
            put("        0", at: 148)
            put("ustar\u{0}00", at: 257)
            put(String(header.reduce(0) { $0 + Int($1) }, radix: 8) + "\u{0} ", at: 148)
            return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
        } + [UInt8](repeating: 0, count: 1024)
    }

    private func request(_ bytes: [UInt8], memoryBytes: Int? = nil) -> PrepareRequest {
        let raw = RawDocument(
            id: documentID(uri: "docs/a.tar"),
            uri: "docs/a.tar",
            mediaType: .tar,
            bytes: bytes
        )
        return PrepareRequest(raw: raw, source: "docs", memoryBytes: memoryBytes)
    }

    private func page(_ word: String) -> [UInt8] {
        Array("<title>\(word)</title><main><p>One sentence with \(word) in it.</p></main>".utf8)
    }

    private func states(_ response: PrepareResponse) -> [String] {
        (response.children ?? []).map { child in
            switch child.outcome {
            case .prepared(let document): "\(child.suffix) \(document.title)"
            case .failed(let failure): "\(child.suffix) \(failure.stage) \(failure.code.rawValue)"
            case .excluded: "\(child.suffix) excluded"
            }
        }
    }

    @Test(.enabled(if: WorkerBinary.isBuilt, WorkerBinary.absence))
    func aMemberOverItsMemoryFailsAloneWhereverItStands() throws {
        let worker = try PrepareWorker(
            isolation: .process(WorkerProgram(path: WorkerBinary.path)),
            nodes: [htmlNode, Self.archiveNode],
            wantsSignature: false,
            limits: WorkerLimits()
        )
        let large = String(repeating: "<p>Words and <b>more</b> words.</p>\n", count: 800_000)
        let inner = self.tar([("x.html", self.page("inner")), ("y.html", Array(large.utf8))])
        let whole = self.tar([
            ("a.html", self.page("first")), ("b.tar", inner), ("c.html", self.page("last")),
        ])
        let response = try worker.prepare(self.request(whole, memoryBytes: 224 << 20))
        #expect(
            self.states(response) == [
                "!/a.html first", "!/b.tar ", "!/b.tar!/x.html inner",
                "!/b.tar!/y.html worker out_of_memory", "!/c.html last",
            ]
        )
        #expect(!response.isQuarantined)
        // Nothing of it is left for the next document.
        let next = try worker.prepare(self.request(self.tar([("d.html", self.page("next"))])))
        #expect(self.states(next) == ["!/d.html next"])
        #expect(next.attempts == 1)
    }

    /// Shell text that writes frames.
    private func printing(_ frames: [Frame]) -> String {
        let bytes = frames.flatMap { frame -> [UInt8] in
            let counts = [frame.head.count, frame.body.count].map { UInt32($0).littleEndian }
            return counts.flatMap { count in withUnsafeBytes(of: count, Array.init) } + frame.head
                + frame.body
        }
        let text = bytes.map { byte in
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return "printf '\(text.joined())'"
    }

    @Test func aMemberIsTriedThreeTimesAndTheFileThreeTimesOnceItIsSetAside() throws {
        // It is not looked at what the request says: a worker that dies at a member set aside is the
        // file's own fault.
        let notice = self.printing([ChildNotice.begun(number: 1).frame])
        let child = try ScriptedWorker("\(notice); kill -SEGV $$")
        let response = try child.worker().prepare(self.request([1, 2, 3]))
        #expect(response.isQuarantined)
        #expect(child.starts == 6)
    }

    @Test(arguments: [
        [ChildNotice.begun(number: 2), .begun(number: 1)],
        [.done(number: 1, last: 1, isWhole: true, payload: [])],
        [.begun(number: 1), .done(number: 2, last: 2, isWhole: true, payload: [])],
        [.begun(number: 3), .done(number: 3, last: 2, isWhole: true, payload: [])],
        [.begun(number: 1 << 40)],
    ])
    func noticesThatCannotBeAreACrash(notices: [ChildNotice]) throws {
        var progress = ChildProgress(byteCountMaximum: 100)
        progress.beginTry()
        #expect(throws: FrameError.malformed) {
            for notice in notices { _ = try progress.take(notice.frame) }
        }
        #expect(throws: FrameError.malformed) {
            _ = try progress.take(Frame(head: [], body: [9, 1]))
        }
    }

    @Test func whatIsDoneStandsOverTriesAndInnerOnesGoWithAFileThatCannotBeTold() throws {
        var progress = ChildProgress(byteCountMaximum: 100)
        progress.beginTry()
        #expect(!progress.hasBegun)
        func take(_ notices: ChildNotice...) throws {
            for notice in notices { #expect(try progress.take(notice.frame)) }
        }
        try take(
            .begun(number: 1),
            .done(number: 1, last: 1, isWhole: true, payload: [1]),
            .begun(number: 2),
            .begun(number: 3),
            .done(number: 3, last: 3, isWhole: true, payload: [3])
        )
        #expect(progress.known.done == [1: 1, 3: 3])
        #expect(progress.hasBegun)
        // The worker is lost in 2, behind 3; the next try is told of both.
        progress.beginTry()
        try take(.begun(number: 2), .done(number: 2, last: 3, isWhole: false, payload: [2]))
        #expect(progress.known.done == [1: 1, 2: 3])
        #expect(progress.inOrder == [[1], [2]])
        #expect(throws: FrameError.tooLarge(103)) {
            try take(
                .begun(number: 4),
                .done(number: 4, last: 4, isWhole: true, payload: .init(repeating: 4, count: 101))
            )
        }
    }

    @Test func messagesComeBackAsTheyWere() throws {
        let notices: [ChildNotice] = [
            .begun(number: 7), .done(number: 7, last: 9, isWhole: false, payload: [1, 2]),
            .done(number: 300, last: 300, isWhole: true, payload: []),
        ]
        for notice in notices { #expect(try ChildNotice(notice.frame) == notice) }
        #expect(try ChildNotice(Frame(head: [1], body: notices[0].frame.body)) == nil)
        var known = KnownChildren()
        known.done = [1: 3, 4: 4]
        known.setAside = [5: StageFailure(stage: "worker", code: .crashed, message: "m")]
        let request = self.request([1]).frame(processorSeconds: 3, known: known)
        #expect(try PrepareRequest.decode(request).known == known)
    }
}
