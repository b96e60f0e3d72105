internal import Hashing
internal import Manifests
internal import Records
internal import Segments
internal import Storage

package struct ExplainReport: Sendable, Codable {
    package struct ChunkReport: Sendable, Codable {
        /// The chunk stage.
        package var index: String
        package var ordinal: Int
        package var start: Int
        package var end: Int
        package var tokens: Int
        package var page: Int
        /// The printed number of the page; nil where the format has no pages.
        package var pageLabel: String?
        package var headings: [String]
        package var textHash: String
    }

    package struct Fact: Sendable, Codable {
        package var name: String
        package var value: String
    }

    package var uri: String
    package var id: String
    package var shard: Int
    package var state: String
    /// In the order of the flow; never document text but for the title.
    package var lineage: [Fact]
    package var failures: [String]
    package var chunks: [ChunkReport]

    package var facts: [(name: String, value: String)] { self.lineage.map { ($0.name, $0.value) } }
}

/// What became of one document, from its bytes to its chunks.
///
/// - Throws: ``OperationError`` `.noSuchState` when the workspace does not know the URI.
package func explain(workspace root: String, uri: String) throws -> ExplainReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        guard let (manifest, record) = try reader.document(uri: uri) else {
            throw OperationError(
                .noSuchState,
                try reader.linkLeftAlone(on: uri).map {
                    "no document '\(uri)' in \(root): \($0) is a link that the last run left alone; "
                        + "'follow_symlinks: true' follows links that stay in the source's folder"
                }
                    ?? "no document '\(uri)' in \(root); 'millrace search' prints URIs as they are known"
            )
        }
        let id = record.item.id
        var chunks: [ExplainReport.ChunkReport] = []
        for summary in record.chunkSets {
            let set = try manifest.chunks(of: id, stage: summary.stage)
            chunks += (set?.chunks ?? []).map { .init($0, stage: summary.stage) }
        }
        return ExplainReport(
            uri: uri,
            id: id.hex,
            shard: id.shard(of: reader.shardCount),
            state: state(of: record),
            lineage: try lineage(
                of: record,
                reader: reader,
                snapshot: publishedSnapshotIfAny(workspace: root)
            ),
            failures: record.deadLetter.map { [describe($0)] } ?? [],
            chunks: chunks
        )
    }
}

extension WorkspaceReader {
    /// What is known of the document at `uri`, which may be in another one: `bundle.zip!/a/b.pdf`.
    func document(uri: String) throws -> (manifest: ShardManifest, record: DocumentRecord)? {
        let parents = enclosingURIs(of: uri).map { documentID(uri: $0) }
        for id in [documentID(uri: uri)] + parents.map({ documentID(uri: uri, inside: $0) }) {
            if let manifest = try self.shard(id.shard(of: self.shardCount)),
                let record = try manifest.document(id)
            {
                return (manifest, record)
            }
        }
        return nil
    }

    /// The link on the way to a document that is not known, if it is one that was left alone.
    fileprivate func linkLeftAlone(on uri: String) throws -> String? {
        try self.sourceReports().flatMap(\.skippedLinkURIs)
            .first { uri == $0 || uri.hasPrefix($0 + "/") }
    }
}

private func state(of record: DocumentRecord) -> String {
    if let exclusion = record.exclusion {
        return "excluded by \(exclusion.stage): \(exclusion.reason)"
    }
    if record.resolution.canonical != nil { return "duplicate" }
    return record.state == .prepared ? "indexed" : record.state.name
}

private func lineage(
    of record: DocumentRecord,
    reader: WorkspaceReader,
    snapshot: Snapshot?
) throws -> [ExplainReport.Fact] {
    var facts: [ExplainReport.Fact] = []
    func add(_ name: String, _ value: String) { facts.append(.init(name: name, value: value)) }
    add("source", "\(record.item.source), priority \(record.item.priority)")
    if let parent = record.item.parent,
        let manifest = try reader.shard(parent.shard(of: reader.shardCount)),
        let uri = try manifest.listingRow(of: parent)?.uri
    {
        add("in", uri)
    }
    add("size", "\(record.item.size) bytes")
    if let hash = record.listedHash { add("content", "sha256 \(hash.hex)") }
    add("prepared", "with stages \(record.attemptFingerprint.hex.prefix(16))")
    if let version = record.version {
        let document = version.document
        add("type", document.mediaType.name)
        add("title", document.title)
        add("language", "\(document.language), confidence \(document.languageConfidence)")
        add("text", "\(document.textByteCount) bytes, sha256 \(document.textHash.hex)")
        let kinds = Dictionary(grouping: document.redactions, by: \.kind).mapValues(\.count)
        let counts = kinds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        add("redacted", counts.isEmpty ? "nothing" : counts.joined(separator: ", "))
        if !record.leftOut.isEmpty {
            add("left out", "\(record.leftOut.count) blocks that its host's pages share")
        }
        let aside = document.blocks.filter(\.isAside).count
        if aside > 0 { add("outside of chunks", "\(aside) headers, footers and lines of contents") }
        for warning in document.warnings { add("warning", "\(warning.code) ×\(warning.count)") }
    }
    if let canonical = record.resolution.canonical {
        let kept = try reader.shard(canonical.shard(of: reader.shardCount))?.document(canonical)
        let similarity = record.resolution.similarity.map { ", similarity \($0)" } ?? ""
        add("repeats", "\(kept?.item.uri ?? canonical.hex)\(similarity)")
    }
    for uri in try uris(reader, { try $0.duplicates(of: record.item.id) }) {
        add("repeated", "by \(uri)")
    }
    if let group = record.resolution.group {
        add("group", group.hex)
        for uri in try uris(reader, { try $0.members(ofGroup: group) })
        where uri != record.item.uri { add("grouped", "with \(uri), from which it differs") }
    }
    if let snapshot, record.version != nil, record.resolution.canonical == nil {
        add("snapshot", String(snapshot.number))
    }
    return facts
}

/// URIs of the documents that every shard is asked for.
private func uris(
    _ reader: WorkspaceReader,
    _ documents: (ShardManifest) throws -> [DocumentID]
) throws -> [String] {
    var uris: [String] = []
    for shard in 0..<reader.shardCount {
        guard let manifest = try reader.shard(shard) else { continue }
        for id in try documents(manifest) {
            if let record = try manifest.document(id) { uris.append(record.item.uri) }
        }
    }
    return uris.sorted()
}

private func describe(_ letter: DeadLetter) -> String {
    "\(letter.failure.stage): \(letter.failure.code.rawValue): \(letter.failure.message) "
        + "(\(letter.attempts) attempts, last in run \(letter.run))"
}

extension ExplainReport.ChunkReport {
    fileprivate init(_ chunk: Chunk, stage: String) {
        self.init(
            index: stage,
            ordinal: chunk.ordinal,
            start: chunk.range.lowerBound,
            end: chunk.range.upperBound,
            tokens: chunk.tokenCount,
            page: chunk.page,
            pageLabel: chunk.place?.label,
            headings: chunk.headings,
            textHash: chunk.textHash.hex
        )
    }
}
