internal import Segments
internal import Storage

/// What an index of the live snapshot is made of.
package struct IndexFootprint: Sendable, Hashable, Codable {
    package var index: String
    package var segments: Int
    /// Segments that have deleted or replaced rows.
    package var tombstones: Int
    package var documents: Int
    package var chunks: Int
    package var bytes: Int
}

/// What a workspace takes on disk.
package struct WorkspaceFootprint: Sendable, Hashable, Codable {
    package var indexes: [IndexFootprint]
    /// Segments and tombstones of all snapshots that are kept.
    package var segmentBytes: Int
    /// Catalog, shard manifests and dedupe store, with their logs.
    package var manifestBytes: Int
    /// Manifests that were set aside as damaged.
    package var damagedBytes: Int

    package var segmentCount: Int { self.indexes.reduce(0) { $0 + $1.segments } }
    package var tombstoneCount: Int { self.indexes.reduce(0) { $0 + $1.tombstones } }
    /// Bytes of the live snapshot's segments.
    package var liveBytes: Int { self.indexes.reduce(0) { $0 + $1.bytes } }
    package var bytes: Int { self.segmentBytes + self.manifestBytes + self.damagedBytes }
}

extension WorkspaceReader {
    /// - Complexity: O(files of the workspace).
    func footprint() throws -> WorkspaceFootprint {
        let snapshot = try usableSnapshot(workspace: self.layout.root)
        var footprint = WorkspaceFootprint(
            indexes: (snapshot?.indexes ?? []).map { index in
                IndexFootprint(
                    index: index.name,
                    segments: index.segments.count,
                    tombstones: index.segments.count { $0.tombstones != nil },
                    documents: index.segments.reduce(0) { $0 + $1.documentCount },
                    chunks: index.segments.reduce(0) { $0 + $1.chunkCount },
                    bytes: index.segments.reduce(0) { $0 + $1.byteCount }
                )
            },
            segmentBytes: 0,
            manifestBytes: 0,
            damagedBytes: 0
        )
        for (path, bytes) in try self.files() {
            switch path.name {
            case let name where name.contains(".sqlite.damaged-"): footprint.damagedBytes += bytes
            case let name
            where name.contains(".sqlite") || name.hasSuffix(WorkspaceLayout.bandsSuffix):
                footprint.manifestBytes += bytes
            default: if path.isSegment { footprint.segmentBytes += bytes }
            }
        }
        return footprint
    }

    /// The files of the workspace's folders with their sizes; those that vanish meanwhile are left out.
    private func files() throws -> [(path: (name: String, isSegment: Bool), bytes: Int)] {
        var folders = [self.layout.root, self.layout.dedupeFolder].map {
            (path: $0, holdsSegments: false)
        }
        for shard in try self.layout.shardsWithFolder(shardCount: self.shardCount) {
            folders.append((self.layout.shardFolder(shard), false))
            folders.append((self.layout.segmentsFolder(shard: shard), true))
        }
        return try folders.filter { fileExists($0.path) }.flatMap { folder in
            try folderEntries(folder.path).compactMap(\.name).compactMap { name in
                guard let status = try? fileStatus("\(folder.path)/\(name)"),
                    status.kind == .regular
                else { return nil }
                return ((name, folder.holdsSegments), status.size)
            }
        }
    }
}
