internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// `backup.json`: what a backup holds, so that a restore can check every byte before it makes anything.
struct BackupDescriptor: Codable, Hashable {
    struct File: Codable, Hashable {
        /// Relative to the backup and to the workspace.
        var path: String
        var byteCount: Int
        /// In hexadecimal.
        var sha256: String
    }

    static let currentFormatVersion = 1
    static let name = "backup.json"
    private static let byteCountMax = 1 << 28

    var formatVersion = Self.currentFormatVersion
    var shardCount: Int
    /// Nil when nothing was published yet.
    var snapshot: Int?
    var digest: String?
    /// Whether no writer was at work; see ``backup(workspace:to:clock:progress:)``.
    var isQuiet: Bool
    var createdMilliseconds: Int64
    /// By ascending path.
    var files: [File]

    func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        var bytes = [UInt8](try encoder.encode(self))
        bytes.append(UInt8(ascii: "\n"))
        try replaceFile("\(folder)/\(Self.name)", with: bytes)
    }

    /// - Throws: ``OperationError`` `.noSuchState`, `.newerVersion`, or `.fatal` for a damaged one.
    static func read(from folder: String) throws -> BackupDescriptor {
        let path = "\(folder)/\(Self.name)"
        guard fileExists(path) else {
            throw OperationError(
                .noSuchState,
                "there is no backup at \(folder): it has no \(Self.name)"
            )
        }
        let bytes = Data(try readFile(path, maximumBytes: Self.byteCountMax))
        guard let version = try? JSONDecoder().decode(Version.self, from: bytes).formatVersion
        else { throw Self.damaged(path) }
        guard version <= Self.currentFormatVersion else {
            throw OperationError(
                .newerVersion,
                "\(path): backup format \(version), this binary reads up to "
                    + "\(Self.currentFormatVersion); use the newer binary"
            )
        }
        guard let descriptor = try? JSONDecoder().decode(BackupDescriptor.self, from: bytes),
            descriptor.shardCount > 0, descriptor.files.allSatisfy(\.staysInside)
        else { throw Self.damaged(path) }
        return descriptor
    }

    private static func damaged(_ path: String) -> OperationError {
        OperationError(
            .fatal,
            "\(path): this is not the descriptor of a backup; nothing was restored"
        )
    }

    private struct Version: Decodable {
        var formatVersion: Int
    }
}

extension BackupDescriptor.File {
    /// Whether the path cannot leave the folder it is joined to.
    var staysInside: Bool {
        let parts = self.path.split(separator: "/", omittingEmptySubsequences: false)
        return self.byteCount >= 0 && parts.allSatisfy { !["", ".", ".."].contains($0) }
    }
}

/// Bytes and SHA-256 of the file at `path`, read in pieces; `piece` is given each of them.
func measureFile(
    _ path: String,
    piece: (UnsafeRawBufferPointer) throws -> Void = { _ in }
) throws -> (byteCount: Int, sha256: String) {
    let file = try MappedFile(path: path)
    file.advise(.sequential)
    return try file.withBytes { bytes in
        var hasher = StreamingSHA256()
        for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
            let end = min(start + 1 << 20, bytes.count)
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            hasher.update(part)
            try piece(part)
        }
        return (bytes.count, hasher.finish().hex)
    }
}

/// Copies a file that is written once, durably.
func copyFile(_ path: String, to copyPath: String) throws -> (byteCount: Int, sha256: String) {
    var copy = try StagedFile(in: parentFolder(of: copyPath))
    let measure = try measureFile(path) { try copy.write($0) }
    try copy.commit(to: copyPath)
    return measure
}
