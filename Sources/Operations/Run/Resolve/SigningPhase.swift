internal import Manifests
internal import Records
internal import Storage
internal import Text

/// Makes the signatures that documents of a shard lack, from their stored clean text.
///
/// Documents that were prepared without a dedupe stage have none; those of another revision are made
/// again. No document is read or extracted for it.
struct SigningPhase {
    private static let documentsPerPage = 64
    private static let revisionKey = "signature_revision"

    let shard: ShardManifest
    let stop: StopPoint

    /// Signs what is unsigned, and has every document of the shard taken up anew.
    func startOver() throws {
        try self.run()
        try self.shard.markAllUnresolved()
        // On the disk before the store is empty: nothing else would fill it.
        try self.shard.checkpoint()
    }

    private func run() throws {
        let revision = Int64(SignatureBuilder.revision)
        let stored = try self.shard.number(Self.revisionKey)
        if stored == nil {
            // A manifest that names no revision has signatures of this one or of the first.
            try self.shard.dropFirstSignatures()
        } else if stored != revision {
            try self.shard.dropSignatures()
        }
        var builder = SignatureBuilder()
        var comparedText = ComparedText()
        let inflater = Inflater()
        var last: DocumentID?
        while true {
            let page = try self.shard.unsigned(after: last, limit: Self.documentsPerPage)
            guard let end = page.last else { break }
            try self.stop.check()
            last = end.id
            try self.shard.sign(
                page.map { document in
                    let text = try inflater.inflate(
                        document.compressedText,
                        byteCount: document.textByteCount
                    )
                    let compared = comparedText.join(title: document.title, text)
                    let signature = compared.withUnsafeBufferPointer { builder.signature(of: $0) }
                    return (document.id, signature)
                }
            )
        }
        if stored != revision { try self.shard.setNumber(Self.revisionKey, to: revision) }
    }
}
