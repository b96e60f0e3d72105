internal import Manifests
internal import Records

/// Finds the unlisted documents whose content a listed one has too: their deletion loses nothing.
struct MovedDocuments {
    let shards: [ShardManifest]
    let known: KnownDocuments
    /// All documents that no listing mentions.
    let unlisted: Set<DocumentID>

    init(_ shards: [ShardManifest], known: KnownDocuments, listing: Listing) {
        self.shards = shards
        self.known = known
        self.unlisted = Set(listing.unlisted.joined().map { known.row($0).id })
    }

    /// Those of `places` whose bytes or text live on, as the manifests have them once everything listed is
    /// prepared.
    ///
    /// - Complexity: O(documents); texts are compared only where bytes are not enough.
    func callAsFunction(_ places: [KnownDocuments.Place]) throws -> Set<DocumentID> {
        var wanted = Set(places.map { self.known.row($0).id })
        let moved = try self.byContent(places, among: wanted)
        wanted.subtract(moved)
        return wanted.isEmpty ? moved : moved.union(try self.byText(wanted))
    }

    private func byContent(
        _ places: [KnownDocuments.Place],
        among wanted: Set<DocumentID>
    ) throws -> Set<DocumentID> {
        let prefixes = Set(places.map { self.known.row($0).contentPrefix })
        var gone: [(id: DocumentID, content: Digest, size: Int, isServed: Bool)] = []
        var served: Set<Digest> = []
        var listed: Set<Digest> = []
        for shard in self.shards {
            try shard.visitListing { row in
                guard let content = row.listedHash, prefixes.contains(content.word0) else { return }
                if wanted.contains(row.id) {
                    gone.append((row.id, content, row.size, row.state.hasVersion))
                } else if !self.unlisted.contains(row.id) {
                    listed.insert(content)
                    // What the same stages leave out in the new place, they would in the old one.
                    if row.state == .prepared || row.state == .excluded { served.insert(content) }
                }
            }
        }
        return Set(
            gone.filter { document in
                document.isServed
                    ? document.size > 0 && served.contains(document.content)
                    : listed.contains(document.content)
            }.map(\.id)
        )
    }

    private func byText(_ wanted: Set<DocumentID>) throws -> Set<DocumentID> {
        var gone: [Digest: [DocumentID]] = [:]
        for shard in self.shards {
            try shard.visitTextHashes { id, text in
                if wanted.contains(id) { gone[text, default: []].append(id) }
            }
        }
        var moved: Set<DocumentID> = []
        guard !gone.isEmpty else { return moved }
        for shard in self.shards {
            try shard.visitTextHashes { id, text in
                guard !self.unlisted.contains(id), let ids = gone.removeValue(forKey: text) else {
                    return
                }
                moved.formUnion(ids)
            }
        }
        return moved
    }
}

/// What a plan knows of the contents that are listed: bytes, by the first eight bytes of their hashes.
///
/// Texts are not known before a run, so a plan may expect deletions to be held that the run finds moved.
struct ListedContents {
    let known: KnownDocuments
    /// The documents whose bytes were read.
    let read: [DocumentID: UInt64]
    let listing: Listing

    /// Those of `places` whose bytes are listed under another URI.
    func documents(among places: [KnownDocuments.Place]) -> Set<DocumentID> {
        var listed = Set(self.read.values)
        let unlisted = Set(self.listing.unlisted.joined())
        for (shard, rows) in self.known.rows.enumerated() {
            for (index, row) in rows.enumerated()
            where row.hasContent && self.read[row.id] == nil
                && !unlisted.contains(.init(shard: shard, index: index))
            {
                listed.insert(row.contentPrefix)
            }
        }
        return Set(
            places.map(self.known.row).filter {
                $0.hasContent && $0.size > 0 && listed.contains($0.contentPrefix)
            }.map(\.id)
        )
    }
}
