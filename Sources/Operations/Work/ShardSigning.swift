internal import Manifests
internal import Records
internal import Text

/// Writes down what the search for duplicates has to know of the documents of one shard that came or changed.
struct ShardSigning {
    private static let documentsPerPage = 1_024

    let shard: Int
    let manifest: ShardManifest
    let rule: DedupeRule
    /// Whether the store follows another rule, so that all documents are taken up anew.
    let startsOver: Bool
    let files: WorkFiles
    let stop: StopPoint

    /// - Returns: the name of an ``ArrivalFile``, and how many documents are in it.
    func run(bucketCount: Int) throws -> (name: String, count: Int) {
        if self.startsOver { try SigningPhase(shard: self.manifest, stop: self.stop).startOver() }
        var writer = try ArrivalFileWriter(
            shard: self.shard,
            bucketCount: bucketCount,
            self.files
        )
        var last: DocumentID?
        while true {
            let page = try self.manifest.unresolved(after: last, limit: Self.documentsPerPage)
            guard let end = page.last else { break }
            last = end.id
            for document in page {
                try writer.add(
                    ArrivalRecord(
                        id: document.id,
                        arrival: DedupeArrival(document, self.rule),
                        isResolved: document.isResolved
                    )
                )
            }
            try self.stop.check()
        }
        return (try writer.finish(), writer.count)
    }
}
