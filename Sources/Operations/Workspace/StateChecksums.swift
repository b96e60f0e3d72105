internal import Foundation
internal import Hashing
internal import Manifests
internal import Records
internal import Storage

/// The hashes of a workspace's state files as its last writer left them, so that one flipped byte shows.
///
/// SQLite keeps no checksums. The file `CHECKSUMS` is there only while no writer is at work: a writer takes
/// it away before it writes and puts it back when it has ended, so a run that was killed leaves none, and
/// hashes that are there hold.
struct StateChecksums {
    private struct File: Codable {
        var version = 1
        /// SHA-256 in hexadecimal, by the path below the workspace.
        var files: [String: String]
    }

    private let layout: WorkspaceLayout
    private var hashes: [String: String]

    /// Takes the hashes away from the workspace, durably.
    ///
    /// - Precondition: the caller holds the workspace lock.
    init(taking layout: WorkspaceLayout) throws {
        self.layout = layout
        self.hashes = (try? Self.read(layout)) ?? [:]
        guard fileExists(layout.checksums) else { return }
        try removeFile(layout.checksums)
        try syncFolder(layout.root)
    }

    /// Puts the hashes of the present files back.
    ///
    /// - Parameter unchanged: paths of the manifests that nothing was written to since the hashes were taken.
    /// - Precondition: the manifests' logs are empty.
    /// - Complexity: O(bytes of the changed files).
    mutating func putBack(shardCount: Int, unchanged: Set<String>) throws {
        // The items of a run change the files between its commands.
        guard !fileExists(self.layout.workSession) else { return }
        var files: [String: String] = [:]
        let runs = try DedupeStore.runFiles(of: self.layout.dedupe)
        let paths = Self.paths(self.layout, shardCount: shardCount).filter(fileExists)
        // A name of a run is never used for other bytes.
        let unchanged = unchanged.union(runs)
        for path in paths + runs {
            let name = self.name(path)
            let old = unchanged.contains(path) ? self.hashes[name] : nil
            files[name] = try old ?? Self.hash(path)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let bytes = [UInt8](try encoder.encode(File(files: files)))
        try replaceFile(self.layout.checksums, with: bytes + [UInt8(ascii: "\n")])
    }

    /// Puts the hashes back where nothing but `LIVE` was written since they were taken; where there were
    /// none, there are none.
    mutating func putBackLive(shardCount: Int) throws {
        guard !self.hashes.isEmpty else { return }
        let others = Self.paths(self.layout, shardCount: shardCount).filter { $0 != layout.live }
        try self.putBack(shardCount: shardCount, unchanged: Set(others))
    }

    /// The paths of the files that are not as the last writer left them; nil where that is not known: a
    /// writer is at work, was killed, or was of a version that kept no hashes.
    static func changedFiles(_ layout: WorkspaceLayout) throws -> [String]? {
        guard let files = try self.read(layout) else { return nil }
        let changed = try files.keys.sorted().map { "\(layout.root)/\($0)" }.filter { path in
            try !fileExists(path)
                || self.hash(path) != files[String(path.dropFirst(layout.root.count + 1))]
        }
        // A writer that came meanwhile has taken the hashes away.
        return changed.isEmpty || fileExists(layout.checksums) ? changed : nil
    }

    /// Nil where there are none.
    private static func read(_ layout: WorkspaceLayout) throws -> [String: String]? {
        let bytes: [UInt8]
        do {
            bytes = try readFile(layout.checksums, maximumBytes: 1 << 26)
        } catch  where error.code == .notFound {
            return nil
        }
        guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.version == 1
        else { return nil }
        return file.files
    }

    private static func paths(_ layout: WorkspaceLayout, shardCount: Int) -> [String] {
        [layout.catalog, layout.dedupe, layout.live]
            + (0..<shardCount).map { layout.manifest(shard: $0) }
    }

    private static func hash(_ path: String) throws -> String {
        var hasher = StreamingSHA256()
        try readPieces(path) { hasher.update($0) }
        return hasher.finish().hex
    }

    private func name(_ path: String) -> String {
        String(path.dropFirst(self.layout.root.count + 1))
    }
}
