import Execution
import Testing

@Suite struct ChildProcessTests {
    static let environment = ["PATH": "/usr/bin:/bin"]

    @Test func framesComeBackWhole() throws {
        // cat returns the frames it is given: the framing is symmetrical.
        let child = try ChildProcess(
            executable: "/bin/cat",
            arguments: [],
            environment: Self.environment
        )
        for size in [0, 1, 65_536, 700_000] {
            let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            #expect(try child.call(payload, deadlineSeconds: 30) == payload)
        }
    }

    @Test func aDeadChildIsClosedAndItsSignalIsKnown() throws {
        let child = try ChildProcess(
            executable: "/bin/sh",
            arguments: ["-c", "head -c 1 >/dev/null; kill -TERM $$"],
            environment: Self.environment
        )
        #expect(throws: FrameError.closed) { try child.call([1, 2, 3], deadlineSeconds: 30) }
        #expect(child.end(killing: false) == .signalled(15))
    }

    @Test func aHangIsNoticedAtTheDeadline() throws {
        let child = try ChildProcess(
            executable: "/bin/sleep",
            arguments: ["60"],
            environment: Self.environment
        )
        #expect(throws: FrameError.timedOut) { try child.call([1], deadlineSeconds: 0.1) }
        #expect(child.end(killing: true) == .signalled(9))
    }

    @Test func aMissingExecutableIsAnError() {
        #expect(throws: ChildProcessError.self) {
            let child = try ChildProcess(
                executable: "/nonexistent",
                arguments: [],
                environment: [:]
            )
            _ = try child.call([1], deadlineSeconds: 1)
        }
    }
}
