internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// Where the files of a run in items lie, below the workspace.
struct WorkFiles: Sendable {
    let layout: WorkspaceLayout

    private static let bytesMaximum = 1 << 31

    /// Named by the hash of its bytes.
    func input(_ name: String) -> String { "\(self.inputsFolder)/\(name)" }
    func done(_ item: String) -> String { "\(self.layout.workFolder)/done/\(item).json" }
    func lock(_ item: String) -> String { "\(self.layout.workFolder)/locks/\(item)" }
    func heartbeat(_ item: String) -> String {
        "\(self.layout.workFolder)/heartbeats/\(item).json"
    }

    var inputsFolder: String { self.layout.workFolder + "/inputs" }

    func createFolders() throws {
        for name in ["inputs", "done", "locks", "heartbeats"] {
            try createFolder("\(self.layout.workFolder)/\(name)")
        }
    }

    /// Ends the run for all who have items of it: what is left of it goes.
    func remove() throws {
        try removeFile(self.layout.workSession)
        if fileExists(self.layout.workFolder) {
            try syncFolder(self.layout.workFolder)
            try removeFolder(self.layout.workFolder)
        }
    }

    func write(_ value: some Encodable, to path: String) throws {
        try replaceFile(path, with: Self.encoded(value))
    }

    /// Nil where there is no file.
    ///
    /// - Throws: ``OperationError`` `.fatal` for one that cannot be read.
    func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value? {
        guard fileExists(path) else { return nil }
        let bytes = try readFile(path, maximumBytes: Self.bytesMaximum)
        guard let value = try? JSONDecoder().decode(type, from: Data(bytes)) else {
            throw OperationError(.fatal, "\(path): damaged; \(self.wayOut)")
        }
        return value
    }

    /// Keeps `value` under the hash of its bytes.
    func keep(_ value: some Encodable) throws -> String {
        let bytes = try Self.encoded(value)
        let name = sha256(bytes).hex
        try writeOnce(bytes, to: self.input(name))
        return name
    }

    /// The value that ``keep(_:)`` named.
    func kept<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        guard let value = try self.read(type, from: self.input(name)) else {
            throw OperationError(.fatal, "\(self.input(name)): missing; \(self.wayOut)")
        }
        return value
    }

    /// What to type where the files of a run are lost.
    var wayOut: String {
        "plan anew with 'millrace work plan PIPELINE --restart', or go on in one process with "
            + "'millrace sync PIPELINE': what is prepared is kept"
    }

    static func encoded(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }
}
