internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// What the bytes of a workspace say of an erasure.
struct ErasureProof {
    /// Digests that must be in no file: those of documents that stay have them as well are left out.
    let own: [String]
    /// Digests of texts that other documents have word for word.
    let shared: [String]
    /// Files in which something of it stands.
    let leftovers: [String]
    let files: Int
    let bytes: Int

    /// - Parameters:
    ///   - ids: of the documents, in hexadecimal.
    ///   - digests: of contents, texts and chunks, in hexadecimal.
    ///   - caches: files of embedding caches, which are looked through as well.
    /// - Complexity: O(bytes of the workspace and the caches).
    init(
        ids: [String],
        digests: [String],
        layout: WorkspaceLayout,
        caches: [String] = []
    ) throws {
        var patterns: [[UInt8]] = []
        /// What each pattern is of: an id is always its own.
        var owners: [String?] = []
        for id in ids.compactMap({ hexBytes($0).flatMap { DocumentID(bytes: $0) } }) {
            for pattern in ErasureScan.patterns(of: id) {
                patterns.append(pattern)
                owners.append(nil)
            }
        }
        for hex in digests {
            guard let digest = Digest(hex: hex) else { continue }
            for pattern in ErasureScan.patterns(of: digest) {
                patterns.append(pattern)
                owners.append(hex)
            }
        }
        let scan = ErasureScan(patterns)
        var result = try scan.scan(layout.root, excluding: [layout.erasureFolder])
        for cache in caches { result.add(try scan.scan(file: cache)) }
        let foundDigests = Set(result.found.keys.compactMap { owners[$0] })
        let shared =
            foundDigests.isEmpty
            ? [] : try Self.digestsOfOthers(foundDigests, ids: Set(ids), layout)
        self.shared = shared.sorted()
        self.own = digests.filter { !shared.contains($0) }.sorted()
        self.files = result.files
        self.bytes = result.bytes
        var leftovers: Set<String> = []
        for (index, files) in result.found {
            if let owner = owners[index], shared.contains(owner) { continue }
            leftovers.formUnion(files)
        }
        self.leftovers = leftovers.sorted()
    }

    /// Those of `digests` that a document which stays has.
    private static func digestsOfOthers(
        _ digests: Set<String>,
        ids: Set<String>,
        _ layout: WorkspaceLayout
    ) throws -> Set<String> {
        var found: Set<String> = []
        let reader = try WorkspaceReader(root: layout.root)
        func note(_ digest: Digest) {
            if digests.contains(digest.hex) { found.insert(digest.hex) }
        }
        for shard in try reader.shards() {
            var others: [DocumentID] = []
            try shard.visitListing { row in
                guard !ids.contains(row.id.hex) else { return }
                row.listedHash.map(note)
                others.append(row.id)
            }
            try shard.visitTextHashes { id, hash in
                if !ids.contains(id.hex) { note(hash) }
            }
            try shard.visitSignatures { row in
                if !ids.contains(row.id.hex) { note(row.exact) }
            }
            for id in others {
                for summary in try shard.chunkSummaries(of: id) {
                    try shard.chunks(of: id, stage: summary.stage)?.chunks.forEach {
                        note($0.textHash)
                    }
                }
            }
        }
        return found
    }
}
