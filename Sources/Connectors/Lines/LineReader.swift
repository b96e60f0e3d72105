internal import Glibc

/// Where the lines of a listing come from.
protocol LineReader: AnyObject, Sendable {
    /// A line without its end; nil after the last one.
    func readLine(maximumBytes: Int) throws(ConnectorError) -> [UInt8]?
    /// - Throws: when the lines ended for another reason than that there are no more.
    func finish() throws(ConnectorError)
}

extension ChildProgram: LineReader {}

/// The lines of a file or of standard input.
// @unchecked: who has the value has it alone, and hands it on only once done.
final class FileLines: LineReader, @unchecked Sendable {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    private static let chunkBytes = 256 << 10

    /// - Parameter path: `-` for standard input.
    init(path: String) throws(ConnectorError) {
        self.path = path
        self.descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard self.descriptor >= 0 else {
            throw ConnectorError(
                .unavailable,
                path: path,
                "the file of records cannot be opened: \(systemMessage(errno)); check 'path'",
                systemCode: errno
            )
        }
    }

    deinit { if self.descriptor >= 0 { close(self.descriptor) } }

    func readLine(maximumBytes: Int) throws(ConnectorError) -> [UInt8]? {
        var searched = self.start
        while true {
            if let end = self.buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { self.start = end + 1 }
                return Array(self.buffer[self.start..<end])
            }
            let searchedCount = self.buffer.count - self.start
            guard searchedCount <= maximumBytes else {
                throw ConnectorError(
                    .permanent,
                    path: self.path,
                    "it has a line of more than \(maximumBytes) bytes; raise 'maximum_bytes'"
                )
            }
            guard try self.fill() else {
                defer { self.start = self.buffer.count }
                return searchedCount == 0 ? nil : Array(self.buffer[self.start...])
            }
            searched = self.start + searchedCount
        }
    }

    func finish() throws(ConnectorError) {}

    private func fill() throws(ConnectorError) -> Bool {
        guard !self.isAtEnd else { return false }
        self.buffer.removeFirst(self.start)
        self.start = 0
        var code: Int32 = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { raw, count in
            var result = Glibc.read(self.descriptor, raw.baseAddress, raw.count)
            while result < 0, errno == EINTR {
                result = Glibc.read(self.descriptor, raw.baseAddress, raw.count)
            }
            code = result < 0 ? errno : 0
            count = max(0, result)
        }
        guard code == 0 else {
            throw ConnectorError(
                .transient,
                path: self.path,
                "it cannot be read: \(systemMessage(code))",
                systemCode: code
            )
        }
        self.buffer += chunk
        self.isAtEnd = chunk.isEmpty
        return !chunk.isEmpty
    }
}
