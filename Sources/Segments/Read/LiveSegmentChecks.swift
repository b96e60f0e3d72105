internal import Hashing
internal import Records
internal import Storage

/// Checks a segment and its tombstones in full, against each other and against what is recorded.
///
/// - Throws: ``SegmentError`` at the first thing that is wrong, ``StorageError`` when a file cannot
///   be read.
/// - Complexity: as ``SegmentReader/verify()``.
package func verify(_ live: LiveSegment, folder: String) throws {
    try LiveSegmentReader(live, folder: folder).verify()
}

/// Whether both files are there, with headers of this version that say what is recorded.
///
/// Damage further on goes unnoticed: ``verify(_:folder:)`` finds it.
///
/// - Complexity: O(1): the header and section table of the segment, 112 bytes of the tombstones.
package func isPresent(_ live: LiveSegment, folder: String) -> Bool {
    do {
        let segment = folder + "/" + live.segment.name
        try live.segment.check(try segmentHeader(segment), path: segment)
        if let tombstones = live.tombstones {
            let path = folder + "/" + tombstones.name
            let header = try tombstoneHeader(path)
            try tombstones.check(header, path: path)
            return header.segment.hex + SegmentFormat.fileExtension == live.segment.name
        }
        return true
    } catch {
        return false
    }
}

/// Whether the segment is of a format that is written today; false where it cannot be read.
///
/// - Complexity: O(1): its header.
package func isOfWrittenFormat(_ live: LiveSegment, folder: String) -> Bool {
    let header = try? segmentHeader(folder + "/" + live.segment.name)
    return (header?.version ?? 0) >= SegmentFormat.version
}

private func segmentHeader(_ path: String) throws -> SegmentFormat.Header {
    var sections: [SegmentFormat.SectionEntry] = []
    let (file, absent) = try mapWholeOrPartial(path)
    try absent?.require(SegmentFormat.beginning(of: file.byteCount))
    return try file.withBytes {
        try SegmentFormat.Header($0, sections: &sections, path: path)
    }
}

extension SegmentFormat {
    /// Where header and section table lie in a file of so many bytes.
    static func beginning(of byteCount: Int) -> Range<Int> {
        0..<min(byteCount, Self.tableEnd(ofVersion: Self.version))
    }
}

private func tombstoneHeader(_ path: String) throws -> TombstoneFormat.Header {
    try MappedFile(path: path).withBytes { try TombstoneFormat.Header($0, path: path) }
}

extension SegmentReference {
    func check(_ header: SegmentFormat.Header, path: String) throws {
        guard header.fileByteCount == self.byteCount, header.documentCount == self.documentCount,
            header.chunkCount == self.chunkCount, header.digest.hex == self.digest
        else {
            throw SegmentError(.corrupt, path: path, "is not the segment that was recorded")
        }
    }
}

extension TombstoneReference {
    func check(_ header: TombstoneFormat.Header, path: String) throws {
        guard TombstoneFormat.fileByteCount(rowCount: header.rowCount) == self.byteCount,
            header.documentCount == self.documentCount, header.chunkCount == self.chunkCount,
            header.termOccurrenceCount == self.termOccurrenceCount,
            header.digest.value.hex == self.digest
        else {
            throw SegmentError(.corrupt, path: path, "are not the tombstones that were recorded")
        }
    }
}
