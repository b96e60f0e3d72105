internal import GRDB
internal import Storage

/// The kinds of manifest a workspace holds.
package enum ManifestKind: String, Hashable, Sendable, Codable, CaseIterable {
    case catalog
    case shard
    case dedupe

    var schema: Schema {
        switch self {
        case .catalog: .catalog
        case .shard: .shard
        case .dedupe: .dedupe
        }
    }

    /// The schema version that this binary writes.
    package var currentVersion: Int { self.schema.version }
}

/// Copies a manifest as of one commit, while a writer may be at work on it.
///
/// The copy is made in one step by SQLite's online backup, so the writer is not held up and the copy
/// never starts over; it is a single file, not yet synced. A manifest of an older schema is copied as
/// it is.
/// - Throws: ``ManifestError`` `.notFound`, `.corrupt`, `.tooNew`.
/// - Source: <https://www.sqlite.org/backup.html>
package func copyManifest(_ kind: ManifestKind, from path: String, to copyPath: String) throws {
    guard fileExists(path) else {
        throw ManifestError(.notFound, path: path, "there is no \(kind.schema.name) here")
    }
    do {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(20)
        configuration.prepareDatabase { try kind.schema.check($0, path: path) }
        let access = try ReadAccess(path: path)
        let source = try DatabaseQueue(path: access.name, configuration: configuration)
        do {
            try source.backup(to: DatabaseQueue(path: copyPath))
        } catch let error as DatabaseError where error.resultCode != .SQLITE_CORRUPT {
            throw ManifestError(error, path: copyPath)
        }
        try access.check()
    } catch {
        throw ManifestError.translated(error, path: path)
    }
}

/// Checks a manifest that no one has open by its header alone, leaving no file beside it.
///
/// - Throws: ``ManifestError`` `.corrupt` when it is not of this kind, `.tooNew` when this binary cannot
///   read it.
/// - Source: SQLite database file format, section 1.3: `user_version` at 60, `application_id` at 68.
package func checkManifestHeader(_ kind: ManifestKind, path: String) throws {
    let file = try MappedFile(path: path)
    let (version, identity) = try file.withBytes { bytes in
        guard bytes.count >= 100 else {
            throw ManifestError(.corrupt, path: path, "this is not a \(kind.schema.name)")
        }
        return (
            Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 60, as: Int32.self)),
            Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 68, as: Int32.self))
        )
    }
    guard identity == kind.schema.applicationID else {
        throw ManifestError(.corrupt, path: path, "this is not a \(kind.schema.name)")
    }
    guard version <= Int32(kind.schema.version) else {
        throw ManifestError(
            .tooNew,
            path: path,
            "\(kind.schema.name) version \(version), this binary knows up to "
                + "\(kind.schema.version); use the newer binary"
        )
    }
}
