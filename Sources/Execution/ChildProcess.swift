internal import CProcess
internal import Glibc

/// A child process that answers frames on its standard input with frames on its standard output.
///
/// Its standard error goes to `/dev/null`: a parser's complaints may quote the document. The child is
/// killed when this value is released, and by the kernel when the parent dies.
// @unchecked: one worker block owns the value and never shares it.
package final class ChildProcess: @unchecked Sendable {
    package let processID: Int32
    private let input: Int32
    private let output: Int32
    private var isReaped = false

    /// How a child ended.
    package enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// Starts `executable` with `arguments` (without the program's name).
    package init(executable: String, arguments: [String], environment: [String: String]) throws {
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard cprocess_pipe(&toChild, 1 << 20) == 0 else { throw ChildProcessError.spawn(errno) }
        guard cprocess_pipe(&fromChild, 1 << 20) == 0 else {
            let code = errno
            close(toChild[0])
            close(toChild[1])
            throw ChildProcessError.spawn(code)
        }
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        do {
            self.processID = try Self.spawn(
                executable: executable,
                arguments: arguments,
                environment: environment,
                input: toChild[0],
                output: fromChild[1]
            )
        } catch {
            close(toChild[1])
            close(fromChild[0])
            throw error
        }
        self.input = toChild[1]
        self.output = fromChild[0]
        // So that a write to a child that has stopped reading can end at its deadline.
        _ = fcntl(self.input, F_SETFL, fcntl(self.input, F_GETFL) | O_NONBLOCK)
    }

    deinit {
        if !self.isReaped { _ = self.end(killing: true) }
        close(self.input)
        close(self.output)
    }

    /// Sends a request and waits for its answer.
    ///
    /// - Parameters:
    ///   - deadlineSeconds: for both; a child that does not read is as lost as one that does not answer.
    ///   - isCalledOff: ends the wait within a second when it says so.
    ///   - answerBytesMaximum: a longer answer is refused before it is read.
    ///   - isNotice: takes a frame that comes before the answer; the deadline begins anew behind it.
    package func call(
        _ request: Frame,
        deadlineSeconds: Double,
        isCalledOff: (@Sendable () -> Bool)? = nil,
        answerBytesMaximum: Int = Frame.byteCountMaximum,
        isNotice: (Frame) throws(FrameError) -> Bool = { _ in false }
    ) throws(FrameError) -> Frame {
        var deadline = Deadline(seconds: deadlineSeconds, isCalledOff: isCalledOff)
        try request.write(to: self.input, deadline: deadline)
        while true {
            let frame = try Frame.read(
                from: self.output,
                deadline: deadline,
                byteCountMaximum: answerBytesMaximum
            )
            guard let frame else { throw .closed }
            guard try isNotice(frame) else { return frame }
            deadline = Deadline(seconds: deadlineSeconds, isCalledOff: isCalledOff)
        }
    }

    /// Reaps the child, killing it first when asked.
    package func end(killing: Bool) -> Ending {
        if killing { kill(self.processID, SIGKILL) }
        var status: Int32 = 0
        while waitpid(self.processID, &status, 0) < 0, errno == EINTR {}
        self.isReaped = true
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    /// Every signal acts on the child as on any process.
    ///
    /// Threads of Dispatch block most signals, and a child inherits that: a limit of processor time,
    /// which is a signal, would not end it.
    private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var reset = sigset_t()
        sigemptyset(&reset)
        for signal in [SIGPIPE, SIGXCPU, SIGXFSZ] { sigaddset(&reset, signal) }
        posix_spawnattr_setsigdefault(&attributes, &reset)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    private static func spawn(
        executable: String,
        arguments: [String],
        environment: [String: String],
        input: Int32,
        output: Int32
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let argv = CStringArray([executable] + arguments)
        let envp = CStringArray(
            environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        )
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.resetSignals(&attributes)
        var processID: Int32 = 0
        let code = posix_spawn(
            &processID,
            executable,
            &actions,
            &attributes,
            argv.pointers,
            envp.pointers
        )
        guard code == 0 else { throw ChildProcessError.spawn(code) }
        return processID
    }
}

package enum ChildProcessError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An `errno`.
    case spawn(Int32)

    package var description: String {
        switch self {
        case .spawn(let code):
            "the worker process cannot be started: \(String(cString: strerror(code)))"
        }
    }
}
