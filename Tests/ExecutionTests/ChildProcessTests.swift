import Dispatch
import Execution
import Testing

@Suite struct ChildProcessTests {
    static let environment = ["PATH": "/usr/bin:/bin"]

    private func shell(_ script: String) throws -> ChildProcess {
        try ChildProcess(
            executable: "/bin/sh",
            arguments: ["-c", script],
            environment: Self.environment
        )
    }

    @Test(arguments: [0, 1, 65_536, 200_000], [0, 1, 65_536, 700_000])
    func framesComeBackWhole(headBytes: Int, bodyBytes: Int) throws {
        // cat returns the frames it is given: the framing is symmetrical.
        let child = try ChildProcess(
            executable: "/bin/cat",
            arguments: [],
            environment: Self.environment
        )
        let frame = Frame(
            head: (0..<headBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) },
            body: (0..<bodyBytes).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        )
        for _ in 0..<2 {
            #expect(try child.call(frame, deadlineSeconds: 30) == frame)
        }
    }

    @Test func aBodyLargerThanThePipeIsWrittenPieceByPiece() throws {
        // Reads 8 + 5,000,000 bytes, then answers an empty frame.
        let child = try self.shell("head -c 5000008 >/dev/null; head -c 8 /dev/zero; sleep 60")
        let frame = Frame(head: [], body: [UInt8](repeating: 7, count: 5_000_000))
        #expect(try child.call(frame, deadlineSeconds: 30) == Frame(head: []))
    }

    @Test func aDeadChildIsClosedAndItsSignalIsKnown() throws {
        let child = try self.shell("head -c 1 >/dev/null; kill -TERM $$")
        let frame = Frame(head: [1, 2, 3])
        #expect(throws: FrameError.closed) { try child.call(frame, deadlineSeconds: 30) }
        #expect(child.end(killing: false) == .signalled(15))
    }

    @Test(arguments: ["XCPU", "XFSZ", "PIPE", "TERM"])
    func noSignalIsBlockedOrIgnoredInAChildOfADispatchThread(name: String) async throws {
        let child = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "spawn").async {
                continuation.resume(with: Result { try self.shell("kill -\(name) $$; exit 7") })
            }
        }
        let ending = child.end(killing: false)
        #expect(ending != .exited(7), "SIG\(name) did nothing")
    }

    @Test func aWriteToADeadChildIsAnErrorAndNoSignal() throws {
        let child = try self.shell("exit 3")
        let frame = Frame(head: [], body: [UInt8](repeating: 1, count: 4 << 20))
        #expect(throws: FrameError.closed) { try child.call(frame, deadlineSeconds: 30) }
        #expect(child.end(killing: false) == .exited(3))
    }

    @Test func aHangIsNoticedAtTheDeadline() throws {
        let child = try self.shell("exec sleep 60")
        let frame = Frame(head: [1])
        #expect(throws: FrameError.timedOut) { try child.call(frame, deadlineSeconds: 0.1) }
        #expect(child.end(killing: true) == .signalled(9))
    }

    @Test func aWaitThatIsCalledOffEndsBeforeItsDeadline() throws {
        let child = try self.shell("exec sleep 600")
        #expect(throws: FrameError.calledOff) {
            try child.call(Frame(head: [1]), deadlineSeconds: 600, isCalledOff: { true })
        }
        #expect(child.end(killing: true) == .signalled(9))
    }

    @Test func aChildThatStopsReadingIsNoticedAtTheDeadline() throws {
        let child = try self.shell("kill -STOP $$")
        let frame = Frame(head: [], body: [UInt8](repeating: 1, count: 4 << 20))
        #expect(throws: FrameError.timedOut) { try child.call(frame, deadlineSeconds: 0.2) }
        #expect(child.end(killing: true) == .signalled(9))
    }

    @Test(arguments: [
        // Half a prefix; a prefix without its head; a head without its end.
        "printf '\\1\\0\\0'", "printf '\\11\\0\\0\\0\\0\\0\\0\\0'",
        "printf '\\11\\0\\0\\0\\0\\0\\0\\0abc'", "printf '\\1\\0\\0\\0\\7\\0\\0\\0abc'",
    ])
    func aTruncatedAnswerIsClosed(script: String) throws {
        let child = try self.shell(script)
        #expect(throws: FrameError.closed) {
            try child.call(Frame(head: []), deadlineSeconds: 30)
        }
    }

    @Test(arguments: [
        ("\\144\\0\\0\\0\\1\\0\\0\\0", 101), ("\\377\\377\\377\\377\\0\\0\\0\\0", 0xFFFF_FFFF),
    ])
    func anAnswerOverTheLimitIsRefusedUnread(prefix: String, claimed: Int) throws {
        let child = try self.shell("printf '\(prefix)'; exec sleep 60")
        #expect(throws: FrameError.tooLarge(claimed)) {
            try child.call(Frame(head: []), deadlineSeconds: 30, answerBytesMaximum: 100)
        }
    }

    @Test func aMissingExecutableIsAnError() {
        #expect(throws: ChildProcessError.self) {
            let child = try ChildProcess(
                executable: "/nonexistent",
                arguments: [],
                environment: [:]
            )
            _ = try child.call(Frame(head: [1]), deadlineSeconds: 1)
        }
    }
}
