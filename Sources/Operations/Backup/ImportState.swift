internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records
internal import Storage
package import Telemetry

/// Makes a workspace of `shardCount` shards from a file of ``exportState(workspace:to:progress:)``.
///
/// The next sync writes its segments from what is stored, publishes the same digest, and extracts and
/// embeds nothing that did not change.
/// - Throws: ``OperationError``: `.newerVersion`, `.configuration` when something is at `root`, `.fatal`
///   for a damaged file; the whole file is checked before anything is made.
package func importState(
    from path: String,
    to root: String,
    shardCount: Int,
    progress: RunProgress = RunProgress()
) throws -> StateReport {
    try translatingErrors {
        let file = try MappedFile(path: path)
        let (trailer, bodyEnd) = try checkState(file, path: path)
        var staged = try stageFolder(for: WorkspaceLayout(root: root).root)
        progress.begin(phase: "import", total: trailer.documents)
        try file.withBytes { bytes in
            var target = try StateImport(root: staged.path, shardCount: shardCount)
            var start = 0
            while let line = nextLine(bytes, from: &start, end: bodyEnd) {
                guard let value = try? StateLine(line) else { throw damagedState(path) }
                try target.take(value)
                if value.document != nil { progress.update { $0.done += 1 } }
            }
            try target.finish()
        }
        try staged.commit()
        return StateReport(
            file: path,
            workspace: root,
            documents: trailer.documents,
            byteCount: file.byteCount,
            sha256: trailer.sha256
        )
    }
}

/// As ``importState(from:to:shardCount:progress:)``, into the workspace that a pipeline file names.
package func importState(
    from path: String,
    pipeline: String,
    progress: RunProgress = RunProgress()
) throws -> StateReport {
    let plan = try loadPipeline(path: pipeline)
    try enterWorkspace(of: plan)
    return try importState(
        from: path,
        to: plan.workspace,
        shardCount: plan.shardCount,
        progress: progress
    )
}

/// Checks hash and versions; the trailer, and where the lines before it end.
private func checkState(
    _ file: MappedFile,
    path: String
) throws -> (trailer: StateLine.Trailer, bodyEnd: Int) {
    try file.withBytes { bytes in
        var first = 0
        // Of a newer version, only the header has to be understood.
        guard let header = nextLine(bytes, from: &first, end: bytes.count),
            let versions = try? StateLine(header).header
        else { throw damagedState(path) }
        guard versions.formatVersion <= StateLine.currentFormatVersion,
            versions.schemaVersion <= ManifestKind.shard.currentVersion
        else {
            throw OperationError(
                .newerVersion,
                "\(path): state format \(versions.formatVersion) of schema "
                    + "\(versions.schemaVersion); use the newer binary"
            )
        }
        guard bytes.last == UInt8(ascii: "\n"),
            let newline = bytes.dropLast().lastIndex(of: UInt8(ascii: "\n"))
        else { throw damagedState(path) }
        let bodyEnd = newline + 1
        guard
            let trailer = try? StateLine(UnsafeRawBufferPointer(rebasing: bytes[bodyEnd...]))
                .trailer,
            sha256(UnsafeRawBufferPointer(rebasing: bytes[..<bodyEnd])).hex == trailer.sha256
        else { throw damagedState(path) }
        return (trailer, bodyEnd)
    }
}

private func damagedState(_ path: String) -> OperationError {
    OperationError(
        .fatal,
        "\(path): damaged, cut short, or no state file; nothing was imported; export it again"
    )
}

private func nextLine(
    _ bytes: UnsafeRawBufferPointer,
    from start: inout Int,
    end: Int
) -> UnsafeRawBufferPointer? {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    guard let length = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    start += length + 1
    return UnsafeRawBufferPointer(rebasing: rest[..<length])
}

/// A workspace that is being filled.
private struct StateImport {
    private static let documentsPerTransaction = 128

    private let catalog: Catalog
    private let shards: [ShardManifest]
    private var models: [ExportedModel] = []
    private var waiting: [[ExportedDocument]]

    init(root: String, shardCount: Int) throws {
        let layout = WorkspaceLayout(root: root)
        try layout.createFolders(shardCount: shardCount)
        self.catalog = try Catalog(path: layout.catalog, mode: .create)
        self.shards = try (0..<shardCount).map {
            try ShardManifest(path: layout.manifest(shard: $0), mode: .create)
        }
        self.waiting = Array(repeating: [], count: shardCount)
        try self.catalog.setSetting(SettingKey.shardCount, to: String(shardCount))
    }

    mutating func take(_ line: StateLine) throws {
        if let header = line.header {
            for (key, value) in header.settings.sorted(by: { $0.key < $1.key }) {
                try self.catalog.setSetting(key, to: value)
            }
            for shard in self.shards {
                for (key, value) in header.numbers.sorted(by: { $0.key < $1.key }) {
                    try shard.setNumber(key, to: value)
                }
            }
        } else if let model = line.model {
            self.models.append(model)
        } else if let row = line.row {
            var values = row.values
            // Their files stay behind; their numbers stay taken.
            if row.table == .snapshots { values["state"] = .text(SnapshotState.dropped.rawValue) }
            try self.catalog.importRow(values, into: row.table)
        } else if let document = line.document {
            try self.take(document)
        }
    }

    private mutating func take(_ document: ExportedDocument) throws {
        guard case .blob(let bytes) = document.listing["id"], let id = DocumentID(bytes: bytes)
        else { throw OperationError(.fatal, "a document of the state file has no id") }
        let shard = id.shard(of: self.shards.count)
        self.waiting[shard].append(document)
        if self.waiting[shard].count == Self.documentsPerTransaction { try self.flush(shard) }
    }

    private mutating func flush(_ shard: Int) throws {
        try self.shards[shard].importDocuments(self.waiting[shard], models: self.models)
        self.waiting[shard].removeAll(keepingCapacity: true)
    }

    /// Writes what waits, and leaves every database whole in its file.
    mutating func finish() throws {
        for shard in self.shards.indices {
            try self.flush(shard)
            try self.shards[shard].checkpoint()
        }
    }
}
