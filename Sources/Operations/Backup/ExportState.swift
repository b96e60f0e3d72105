internal import Hashing
internal import Manifests
internal import Records
internal import Storage
package import Telemetry

package struct StateReport: Sendable, Codable {
    package var file: String
    package var workspace: String
    package var documents: Int
    package var byteCount: Int
    package var sha256: String
}

/// Writes all that the manifests know into one file that does not depend on shards, machine or history.
///
/// What can be made again is left out: segments, the dedupe store, and vectors of texts that no chunk has.
/// Equal states give equal bytes, whatever the shard count.
/// - Throws: ``OperationError`` `.noSuchState`, `.locked` while a run is at work, `.configuration` when
///   something is at `path`.
package func exportState(
    workspace root: String,
    to path: String,
    progress: RunProgress = RunProgress()
) throws -> StateReport {
    try translatingErrors {
        guard !fileExists(path) else {
            throw OperationError(.configuration, "\(path) exists; name another file")
        }
        let editor = try WorkspaceEditor(root: root, verb: "state export")
        var output = try StateOutput(path: path)
        try output.writeCatalog(editor.reader.catalog, shards: editor.shards)
        progress.begin(
            phase: "export",
            total: try editor.shards.reduce(0) { try $0 + $1.documentCount() }
        )
        var cursors = editor.shards.map(DocumentCursor.init)
        while let next = try nextCursor(&cursors), let document = cursors[next].take() {
            var line = StateLine()
            line.document = document
            try output.write(line)
            output.documents += 1
            progress.update { $0.done += 1 }
        }
        return try output.finish(workspace: root)
    }
}

/// The cursor that stands before the smallest id; nil when all are at their end.
private func nextCursor(_ cursors: inout [DocumentCursor]) throws -> Int? {
    var smallest: (id: DocumentID, index: Int)?
    for index in cursors.indices {
        guard let id = try cursors[index].next() else { continue }
        if let known = smallest, known.id < id { continue }
        smallest = (id, index)
    }
    return smallest?.index
}

/// Documents of one shard, by ascending id, a page in memory.
private struct DocumentCursor {
    private static let documentsPerPage = 32

    private let shard: ShardManifest
    /// Descending, so that the next is the last.
    private var page: [(id: DocumentID, document: ExportedDocument)] = []
    private var last: DocumentID?
    private var isAtEnd = false

    init(_ shard: ShardManifest) { self.shard = shard }

    mutating func next() throws -> DocumentID? {
        if self.page.isEmpty, !self.isAtEnd {
            self.page = try self.shard.exportedDocuments(
                after: self.last,
                limit: Self.documentsPerPage
            ).reversed()
            self.isAtEnd = self.page.isEmpty
            self.last = self.page.first?.id
        }
        return self.page.last?.id
    }

    mutating func take() -> ExportedDocument? { self.page.popLast()?.document }
}

/// The file as it is written, and its hash.
private struct StateOutput: ~Copyable {
    let path: String
    var documents = 0
    private var file: StagedFile
    private var hasher = StreamingSHA256()

    init(path: String) throws {
        self.path = path
        self.file = try StagedFile(in: parentFolder(of: path))
    }

    mutating func write(_ line: StateLine) throws {
        let bytes = try line.encoded()
        self.hasher.update(bytes)
        try self.file.write(bytes)
    }

    mutating func writeCatalog(_ catalog: Catalog, shards: [ShardManifest]) throws {
        var line = StateLine()
        let settings = try catalog.settings().filter { $0.key != SettingKey.shardCount }
        // A number that shards disagree about is of a run that did not end; what it stands for is redone.
        let numbers = try shards.map { try $0.exportedNumbers() }
        line.header = StateLine.Header(
            settings: Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0.value) }),
            numbers: (numbers.first ?? [:]).filter { key, value in
                numbers.allSatisfy { $0[key] == value }
            }
        )
        try self.write(line)
        let models = Set(try shards.flatMap { try $0.exportedModels() })
        for model in models.sorted(by: { $0.fingerprint < $1.fingerprint }) {
            var line = StateLine()
            line.model = model
            try self.write(line)
        }
        for table in CatalogTable.allCases {
            for values in try catalog.exportedRows(table) {
                var line = StateLine()
                line.row = StateLine.CatalogRow(table: table, values: values)
                try self.write(line)
            }
        }
    }

    consuming func finish(workspace: String) throws -> StateReport {
        let sha256 = self.hasher.finish().hex
        var line = StateLine()
        line.trailer = StateLine.Trailer(documents: self.documents, sha256: sha256)
        try self.file.write(try line.encoded())
        let report = StateReport(
            file: self.path,
            workspace: workspace,
            documents: self.documents,
            byteCount: self.file.byteCount,
            sha256: sha256
        )
        try self.file.commit(to: self.path)
        return report
    }
}
