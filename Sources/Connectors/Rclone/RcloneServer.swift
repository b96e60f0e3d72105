internal import Dispatch
internal import Foundation
internal import Glibc
internal import Objects

/// `rclone rcd`, which gives the files of any remote by HTTP to who knows its password.
///
/// It listens on the loopback interface alone. The password is drawn anew each time and goes to it by its
/// environment, which other users cannot read. It ends with this value; and with this process, however that
/// ends, since a shell beside it waits for the end of a pipe that only this process holds open.
final class RcloneServer: Sendable {
    private let processID: pid_t
    private let input: Int32
    private let address: String
    let authorization: Secret

    private static let user = "millrace"
    private static let startMilliseconds: Int32 = 30_000
    private static let saidBytesMaximum = 64 << 10

    /// All but the program's own channels are let go of, so that its end is the end of its output.
    private static let script =
        #""$@" 2>&1 </dev/null & child=$!; exec >/dev/null 2>&1; cat; kill "$child"; wait "$child""#

    /// On a thread that may wait.
    init(_ program: RcloneProgram) throws(ConnectorError) {
        let password = try randomPassword()
        var pipes = ProgramPipes()
        guard pipes.open(takesInput: true) else {
            throw ConnectorError(
                .transient,
                path: "rclone",
                systemMessage(errno),
                systemCode: errno
            )
        }
        var processID: pid_t = 0
        let code = spawn(
            ["sh", "-c", Self.script, "sh"] + program.serving,
            directory: program.directory,
            environment: Self.environment(password),
            pipes,
            &processID
        )
        pipes.closeChildEnds()
        close(pipes.errors.own)
        guard code == 0 else {
            close(pipes.input.own)
            close(pipes.output.own)
            throw ConnectorError(.unavailable, path: "sh", systemMessage(code), systemCode: code)
        }
        self.processID = processID
        self.input = pipes.input.own
        let output = pipes.output.own
        let said = Self.start(of: output)
        drain(output)
        let pair = Data("\(Self.user):\(password)".utf8).base64EncodedString()
        self.authorization = Secret("Basic \(pair)")
        self.address = Self.address(in: said) ?? ""
        guard !self.address.isEmpty else {
            let last = said.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
            throw last.contains("not found")
                ? RcloneProgram.notInstalled(program.remote)
                : ConnectorError(
                    .transient,
                    path: program.remote,
                    "'rclone rcd' did not start: \(printable(last))"
                )
        }
    }

    deinit {
        close(self.input)
        kill(-self.processID, SIGKILL)
        var status: Int32 = 0
        while waitpid(self.processID, &status, 0) < 0, errno == EINTR {}
    }

    func url(of path: [UInt8], in remote: String) -> String {
        let place = PercentCoding.encoded(path, keepingSlashes: true)
        return "\(self.address)/\(PercentCoding.encoded("[\(remote)]"))/\(place)"
    }

    /// This process's, without what would change how the server listens or whom it lets in.
    private static func environment(_ password: String) -> [String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("RCLONE_RC_") }
            .map { "\($0.key)=\($0.value)" }
            + ["RCLONE_RC_USER=\(self.user)", "RCLONE_RC_PASS=\(password)"]
    }

    /// What it says until it says where it listens, ends, or has had enough time.
    private static func start(of output: Int32) -> String {
        var said: [UInt8] = []
        let clock = ContinuousClock()
        let deadline = clock.now + .milliseconds(Int64(self.startMilliseconds))
        while said.count < self.saidBytesMaximum, clock.now < deadline {
            var polled = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let count = poll(&polled, 1, 1000)
            if count < 0, errno != EINTR { break }
            guard count > 0 else { continue }
            let chunk = readSome(output)
            said += chunk
            if chunk.isEmpty || self.address(in: String(decoding: said, as: UTF8.self)) != nil {
                break
            }
        }
        return String(decoding: said, as: UTF8.self)
    }

    /// `http://127.0.0.1:PORT`, once a character after it shows that it is whole.
    private static func address(in said: String) -> String? {
        let head = "http://127.0.0.1:"
        guard let range = said.range(of: head) else { return nil }
        let digits = said[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.endIndex < said.endIndex else { return nil }
        return head + digits
    }
}

/// Takes what a program says until its end, so that it never waits for a reader.
private func drain(_ output: Int32) {
    DispatchQueue(label: "millrace.rclone.output").async {
        while !readSome(output).isEmpty {}
        close(output)
    }
}

/// Empty at the end.
private func readSome(_ descriptor: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 4096) { raw, count in
        var result = read(descriptor, raw.baseAddress, raw.count)
        while result < 0, errno == EINTR { result = read(descriptor, raw.baseAddress, raw.count) }
        count = max(0, result)
    }
}

/// 256 random bits in hexadecimal digits.
private func randomPassword() throws(ConnectorError) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    guard getentropy(&bytes, bytes.count) == 0 else {
        throw ConnectorError(.transient, path: "rclone", "the system gives no random bytes")
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(
        decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
        as: UTF8.self
    )
}
