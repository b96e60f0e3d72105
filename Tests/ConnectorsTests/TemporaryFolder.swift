import Foundation
import Glibc

@testable import Connectors

/// A folder that is removed with everything in it when the test ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/millrace-connector-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        self.path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    deinit {
        _ = try? FileManager.default.removeItem(atPath: self.path)
    }

    func write(_ name: String, _ text: String = "text") throws {
        try self.write(Array(name.utf8), text)
    }

    /// Makes the file and the folders it is in; `name` may be any bytes.
    func write(_ name: [UInt8], _ text: String = "text") throws {
        let parts = name.split(separator: 0x2F)
        var path = Array(self.path.utf8)
        for part in parts.dropLast() {
            path += [0x2F] + part
            mkdir(path.map { CChar(bitPattern: $0) } + [0], 0o755)
        }
        path += [0x2F] + (parts.last ?? [])
        let stream = fopen(path.map { CChar(bitPattern: $0) } + [0], "w")
        guard let stream else { throw CocoaError(.fileWriteUnknown) }
        fputs(text, stream)
        fclose(stream)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(self.path)/\(name)",
            withDestinationPath: target
        )
    }

    func connector(
        include: [String] = ["**"],
        exclude: [String] = [],
        followSymlinks: Bool = false,
        includeHidden: Bool = false,
        leftOut: [String] = [],
        maximumBytes: Int = 1 << 20
    ) throws -> FolderConnector {
        try FolderConnector(
            name: "s",
            root: self.path,
            include: include,
            exclude: exclude,
            followSymlinks: followSymlinks,
            includeHidden: includeHidden,
            leftOut: leftOut,
            maximumBytes: maximumBytes
        )
    }
}

extension FolderConnector {
    func items() throws -> [ListedItem] {
        var items: [ListedItem] = []
        _ = try self.list { items.append($0) }
        return items
    }

    /// URIs without the source's name.
    func places() throws -> [String] { try self.items().map { String($0.uri.dropFirst(2)) } }
}
