internal import CProcess
internal import Glibc

/// A program of the operator's, started without a shell, with bounded waits.
///
/// Its standard error is kept for messages, the last of it; it is killed with all it started when this value
/// is released.
// @unchecked: who has the value has it alone, and hands it on only once done.
package final class ChildProgram: @unchecked Sendable {
    private let name: String
    private let directory: String
    private let processID: pid_t
    /// -1 once closed.
    private var input: Int32
    private let output: Int32
    private var errors: Int32
    private let waitSeconds: Int
    private let kept: TemporaryState?
    /// Then its own words may hold them, and are in no message.
    private let seesTexts: Bool
    /// When it must have answered; nil where only its silence is bounded.
    package var deadline: ContinuousClock.Instant?
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var errorText: [UInt8] = []
    private var ending: Int32?

    private static let errorBytesKept = 4096
    private static let chunkBytes = 256 << 10

    /// - Parameters:
    ///   - command: the program, found as a shell finds it, and its arguments.
    ///   - directory: where it runs.
    ///   - kept: a file that it reads.
    ///   - waitSeconds: a program that says nothing for so long is given up.
    init(
        _ command: [String],
        directory: String,
        takesInput: Bool = false,
        waitSeconds: Int = 600,
        seesTexts: Bool = false,
        keeping kept: TemporaryState? = nil
    ) throws(ConnectorError) {
        guard let program = command.first, !program.isEmpty else {
            throw ConnectorError(.configuration, path: directory, "the command is empty")
        }
        var pipes = ProgramPipes()
        guard pipes.open(takesInput: takesInput) else {
            throw ConnectorError(.transient, path: program, systemMessage(errno), systemCode: errno)
        }
        var processID: pid_t = 0
        let code = spawn(command, directory: directory, pipes, &processID)
        pipes.closeChildEnds()
        guard code == 0 else {
            pipes.closeOwnEnds()
            throw ConnectorError(
                .unavailable,
                path: program,
                "the program cannot be started in \(directory): \(systemMessage(code)); install it, or "
                    + "correct its name: one with a / in it is looked for in that folder",
                systemCode: code
            )
        }
        self.name = program
        self.directory = directory
        self.processID = processID
        self.input = pipes.input.own
        self.output = pipes.output.own
        self.errors = pipes.errors.own
        self.waitSeconds = waitSeconds
        self.kept = kept
        self.seesTexts = seesTexts
    }

    /// A program that answers questions about texts.
    package convenience init(
        answering command: [String],
        directory: String
    ) throws(ConnectorError) {
        try self.init(command, directory: directory, takesInput: true, seesTexts: true)
    }

    deinit {
        if self.ending == nil {
            kill(-self.processID, SIGKILL)
            var status: Int32 = 0
            while waitpid(self.processID, &status, 0) < 0, errno == EINTR {}
        }
        for descriptor in [self.input, self.output, self.errors] where descriptor >= 0 {
            close(descriptor)
        }
    }

    /// A line without its end; nil at the end of the output.
    ///
    /// - Throws: `.permanent` for a line of more than `maximumBytes`.
    package func readLine(maximumBytes: Int) throws(ConnectorError) -> [UInt8]? {
        let line = try self.read(upTo: UInt8(ascii: "\n"), maximumBytes: maximumBytes)
        return line?.last == UInt8(ascii: "\r") ? line?.dropLast() : line
    }

    /// The same of what ends in a zero.
    func readField(maximumBytes: Int) throws(ConnectorError) -> [UInt8]? {
        try self.read(upTo: 0, maximumBytes: maximumBytes)
    }

    private func read(upTo mark: UInt8, maximumBytes: Int) throws(ConnectorError) -> [UInt8]? {
        var searched = self.start
        while true {
            if let end = self.buffer[searched...].firstIndex(of: mark) {
                defer { self.start = end + 1 }
                return Array(self.buffer[self.start..<end])
            }
            guard self.buffer.count - self.start <= maximumBytes else {
                throw self.failure(.permanent, "it wrote a line of more than \(maximumBytes) bytes")
            }
            let searchedCount = self.buffer.count - self.start
            guard try self.fill() else {
                let rest = Array(self.buffer[self.start...])
                self.start = self.buffer.count
                return rest.isEmpty ? nil : rest
            }
            searched = self.start + searchedCount
        }
    }

    /// Exactly so many bytes.
    func read(count: Int) throws(ConnectorError) -> [UInt8] {
        while self.buffer.count - self.start < count {
            guard try self.fill() else {
                throw self.failure(.transient, "its answer was cut short")
            }
        }
        defer { self.start += count }
        return Array(self.buffer[self.start..<(self.start + count)])
    }

    package func write(_ bytes: [UInt8]) throws(ConnectorError) {
        var written = 0
        while written < bytes.count {
            // A pipe that has room takes so many bytes without a wait.
            let end = self.deadline == nil ? bytes.count : min(bytes.count, written + Int(PIPE_BUF))
            if self.deadline != nil { try self.waitForRoom() }
            let result = bytes.withUnsafeBytes { raw in
                // The call reads only.
                let start = UnsafeMutableRawPointer(mutating: raw.baseAddress).map { $0 + written }
                var part = iovec(iov_base: start, iov_len: end - written)
                return cprocess_write(self.input, &part, 1)
            }
            if result > 0 {
                written += result
            } else if errno != EINTR {
                throw self.failure(.transient, "it does not take questions any more")
            }
        }
    }

    private func waitForRoom() throws(ConnectorError) {
        var polled = pollfd(fd: self.input, events: Int16(POLLOUT), revents: 0)
        while true {
            let count = poll(&polled, 1, self.waitMilliseconds)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw self.failure(.transient, "it takes no question") }
            return
        }
    }

    private var waitMilliseconds: Int32 {
        let silence = self.waitSeconds * 1000
        guard let deadline = self.deadline else { return Int32(silence) }
        let left = (deadline - .now) / .milliseconds(1)
        return Int32(min(Double(silence), max(0, left.rounded(.up))))
    }

    /// Waits for the program to end by itself once its output has ended.
    ///
    /// - Throws: `.permanent` unless it ends with status 0.
    func finish() throws(ConnectorError) {
        let status = try self.endingStatus()
        guard status == 0 else {
            throw self.failure(
                .permanent,
                "it ended with status \(status); run it by hand in \(self.directory) to see why"
            )
        }
    }

    /// The exit status of the program once its output has ended, 128 and more for a signal.
    func endingStatus() throws(ConnectorError) -> Int32 {
        while try self.fill() { self.start = self.buffer.count }
        let status = self.wait()
        // What it said last; who else holds the channel is not waited for.
        var polled = pollfd(fd: self.errors, events: Int16(POLLIN), revents: 0)
        while self.errors >= 0, poll(&polled, 1, 0) > 0, self.readErrors() {}
        return status
    }

    func failure(_ code: ConnectorError.Code, _ message: String) -> ConnectorError {
        let text = self.seesTexts ? "" : self.lastWords
        return ConnectorError(
            code,
            path: self.name,
            text.isEmpty ? message : "\(message); it said: \(text)"
        )
    }

    /// The last line of its standard error, bounded and without control characters.
    var lastWords: String {
        let last =
            String(decoding: self.errorText, as: UTF8.self)
            .split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        let shown = last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(300)
        var text = ""
        text.unicodeScalars.append(contentsOf: shown)
        return text
    }

    /// The exit status, 128 and more for a signal.
    private func wait() -> Int32 {
        if let ending { return ending }
        if self.input >= 0 {
            close(self.input)
            self.input = -1
        }
        var status: Int32 = 0
        while waitpid(self.processID, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        let ending = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        self.ending = ending
        return ending
    }

    /// Reads some more; false at the end of the output.
    private func fill() throws(ConnectorError) -> Bool {
        if self.start > Self.chunkBytes || self.start == self.buffer.count {
            self.buffer.removeFirst(self.start)
            self.start = 0
        }
        while !self.isAtEnd {
            var polled = [
                pollfd(fd: self.output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: self.errors, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&polled, 2, self.waitMilliseconds)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw self.failure(
                    .transient,
                    self.deadline == nil
                        ? "it said nothing for \(self.waitSeconds) seconds"
                        : "it did not answer in time"
                )
            }
            if polled[1].revents != 0 { self.readErrors() }
            if polled[0].revents != 0 { return self.readOutput() }
        }
        return false
    }

    private func readOutput() -> Bool {
        let old = self.buffer.count
        let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { raw, count in
            count = max(0, Glibc.read(self.output, raw.baseAddress, raw.count))
        }
        self.buffer += chunk
        self.isAtEnd = self.buffer.count == old
        return !self.isAtEnd
    }

    /// False once its standard error has ended.
    @discardableResult
    private func readErrors() -> Bool {
        let chunk = [UInt8](unsafeUninitializedCapacity: Self.errorBytesKept) { raw, count in
            count = max(0, Glibc.read(self.errors, raw.baseAddress, raw.count))
        }
        if chunk.isEmpty {
            close(self.errors)
            self.errors = -1
        }
        self.errorText = Array((self.errorText + chunk).suffix(Self.errorBytesKept))
        return !chunk.isEmpty
    }
}
