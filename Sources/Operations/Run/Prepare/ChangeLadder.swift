internal import Connectors
internal import Manifests
internal import Records

/// Decides, once the bytes of a document are known, how little has to be done for it.
struct ChangeLadder {
    /// A document with a prepared form, which holds no others.
    struct Twin: Hashable, Sendable {
        let shard: Int
        let id: DocumentID
    }

    enum Step {
        /// The bytes and stages of the last attempt: only the listing is new.
        case touched
        /// The prepared form of another document with the same bytes, made by the same stages.
        case copied(from: DocumentID, PrepareRecord)
        case extract
    }

    let known: KnownDocuments
    /// Documents that most likely have these bytes; a wrong one costs a look.
    let likelyTwins: (Digest) throws -> [Twin]
    /// By shard number.
    let manifest: (Int) throws -> ShardManifest?
    let fingerprints: PrepareFingerprints
    let wantsSignature: Bool

    func step(for document: ReadDocument) throws -> Step {
        if let place = self.known.place(of: document.item.id),
            let row = try self.manifest(place.shard)?.listingRow(of: document.item.id),
            row.listedHash == document.content,
            self.fingerprints.isCurrent(row.attemptFingerprint, source: document.item.source),
            self.standsForItsChildren(place, row, document.item)
        {
            return .touched
        }
        if let (from, record) = try self.twin(of: document) {
            return .copied(from: from, record)
        }
        return .extract
    }

    /// Whether the documents in a touched one are right as they are: their source and priority are its.
    private func standsForItsChildren(
        _ place: KnownDocuments.Place,
        _ row: ListingRow,
        _ item: SourceItem
    ) -> Bool {
        guard !self.known.children(of: place).isEmpty else { return true }
        return row.source == item.source && row.priority == item.priority
            && self.known.areChildrenCurrent(
                place,
                source: item.source,
                fingerprints: self.fingerprints
            )
    }

    /// Another document's prepared form that this one would get as well.
    ///
    /// What holds other documents is not copied, and neither is what was taken out of one: the name of
    /// the former and the type of the latter may have come from elsewhere.
    ///
    /// Invariant: the prepare stages are a function of the bytes, the declared media type and what the
    /// source says of them; the URI does not enter. So a renamed document is taken over as it is.
    private func twin(
        of document: ReadDocument
    ) throws -> (from: DocumentID, record: PrepareRecord)? {
        for twin in try self.likelyTwins(document.content) {
            guard twin.id != document.item.id,
                let record = try self.manifest(twin.shard)?.document(twin.id),
                record.state == .prepared, let version = record.version,
                version.contentHash == document.content,
                // The hash of what is described more closely holds its type.
                !document.raw.isPlain
                    || MediaType(ofPath: record.item.uri) == document.raw.mediaType,
                version.document.signature != nil || !self.wantsSignature
            else { continue }
            let fingerprint = self.fingerprints.ofPrepared(
                version.document.mediaType,
                source: document.item.source
            )
            guard version.fingerprint == fingerprint else { continue }
            var prepared = version.document
            prepared.id = document.item.id
            return (
                twin.id,
                .prepared(
                    document.item,
                    contentHash: document.content,
                    fingerprint: fingerprint,
                    document: prepared
                )
            )
        }
        return nil
    }
}

extension KnownDocuments {
    /// Those of ``likelyTwins(of:)`` whose prepared form another document may take over.
    func twins(of content: Digest, _ fingerprints: PrepareFingerprints) -> [ChangeLadder.Twin] {
        self.likelyTwins(of: content).filter { place in
            self.children(of: place).isEmpty
                && fingerprints.isCurrent(self.fingerprint(of: self.row(place)))
        }.map { ChangeLadder.Twin(shard: $0.shard, id: self.row($0).id) }
    }
}
