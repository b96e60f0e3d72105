import Foundation

/// A folder that is removed with everything in it when the value goes.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/millrace-command-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        self.path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: self.path) }

    func callAsFunction(_ name: String) -> String { "\(self.path)/\(name)" }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let url = URL(filePath: self(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: url)
    }

    func write(_ name: String, _ text: String) throws { try self.write(name, Array(text.utf8)) }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: self(name))), as: UTF8.self)
    }

    func handle(_ name: String) throws -> FileHandle {
        try self.write(name, [])
        return try FileHandle(forWritingTo: URL(filePath: self(name)))
    }
}
