internal import Glibc

/// A file with what a program said where it stopped; removed when this value is released.
///
/// Programs of Singer take it as the path of a file alone. `mkstemp` makes it, for its owner to read only; it
/// holds marks, no records.
final class TemporaryState: Sendable {
    let path: String

    init(_ bytes: [UInt8]) throws(ConnectorError) {
        var template = Array("/tmp/millrace-state-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        self.path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        guard descriptor >= 0 else {
            throw ConnectorError(.transient, path: "/tmp", systemMessage(errno), systemCode: errno)
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        defer { close(descriptor) }
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else {
            throw ConnectorError(.transient, path: self.path, "the state could not be written")
        }
    }

    deinit { unlink(self.path) }
}
