internal import Hashing
package import Records
internal import Storage

/// Marks documents dead in a segment.
///
/// Their rows join those that were dead; the union is written durably as the next generation, a
/// new file beside the segment. Older generations stay for the snapshots that name them.
///
/// - Parameter ids: Ascending; those that are not live in the segment are passed over.
/// - Returns: The segment with its new tombstones; the same value, and no file written, when none
///   of `ids` is live in it.
/// - Throws: ``SegmentError`` when a file is damaged or not as recorded, ``StorageError`` when the
///   disk fails; no new name is there then.
/// - Complexity: O(`ids` × log documents) and the dead documents' rows, and a bit a document.
package func bury(
    _ ids: [DocumentID],
    in segment: LiveSegment,
    folder: String
) throws -> LiveSegment {
    guard !ids.isEmpty else { return segment }
    let reader = try LiveSegmentReader(segment, folder: folder)
    var tombstones = try reader.tombstones ?? Tombstones(of: reader.segment)
    var isChanged = false
    for id in ids {
        guard let row = try reader.segment.documentIndex(of: id) else { continue }
        if try tombstones.bury(row, of: reader.segment) { isChanged = true }
    }
    guard isChanged else { return segment }
    return LiveSegment(segment.segment, tombstones: try tombstones.write(to: folder))
}

/// Ids of the live documents, ascending.
///
/// - Throws: ``SegmentError`` when a file is damaged or not as recorded.
package func liveDocumentIDs(of segment: LiveSegment, folder: String) throws -> [DocumentID] {
    let reader = try LiveSegmentReader(segment, folder: folder)
    return try (0..<reader.segment.documentCount)
        .filter { reader.isLive(document: $0) }
        .map { try reader.segment.documentRow($0).id }
}

extension Tombstones {
    fileprivate func write(to folder: String) throws -> TombstoneReference {
        let bytes = self.encoded()
        let name = bytes.withUnsafeBytes { Self.name(of: $0) }
        var file = try StagedFile(in: folder)
        try file.write(bytes)
        try file.commit(to: folder + "/" + name)
        return TombstoneReference(
            name: name,
            byteCount: bytes.count,
            documentCount: self.header.documentCount,
            chunkCount: self.header.chunkCount,
            termOccurrenceCount: self.header.termOccurrenceCount,
            digest: self.header.digest.value.hex
        )
    }
}
