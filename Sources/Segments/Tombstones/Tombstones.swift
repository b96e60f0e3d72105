internal import Hashing
internal import Records
internal import Storage

/// One generation of a segment's dead documents, as its file holds it.
struct Tombstones: Hashable, Sendable {
    private(set) var header: TombstoneFormat.Header
    private(set) var rows: RowSet

    /// No dead documents: what no file says.
    init(of segment: SegmentReader) throws {
        self.header = .init(segment: try segment.nameDigest(), rowCount: segment.documentCount)
        self.rows = RowSet(rowCount: segment.documentCount)
    }

    /// Reads a file and checks all of it: its name, its bytes and that it is of this segment.
    ///
    /// - Throws: ``SegmentError``, ``StorageError`` when the file cannot be read.
    /// - Complexity: O(documents of the segment), a bit each.
    init(path: String, of segment: SegmentReader) throws {
        let file = try MappedFile(path: path)
        func corrupt(_ message: String) -> SegmentError {
            SegmentError(.corrupt, path: path, message)
        }
        (self.header, self.rows) = try file.withBytes { bytes in
            let header = try TombstoneFormat.Header(bytes, path: path)
            guard Self.hasSoundBytes(bytes) else {
                throw corrupt("the footer does not fit the content")
            }
            let name = Self.name(of: bytes)
            guard path.split(separator: "/").last.map(String.init) == name else {
                throw corrupt("the content's name is \(name)")
            }
            let words = (0..<RowSet.wordCount(header.rowCount)).map {
                bytes.little(UInt64.self, at: TombstoneFormat.headerByteCount + 8 * $0)
            }
            guard let rows = RowSet(rowCount: header.rowCount, words: words),
                rows.count == header.documentCount
            else { throw corrupt("the rows are not the \(header.documentCount) of the header") }
            return (header, rows)
        }
        guard self.header.segment == (try segment.nameDigest()),
            self.header.rowCount == segment.documentCount
        else { throw corrupt("these are tombstones of segment \(self.header.segment)") }
    }

    /// Which chunks of the segment are live.
    func liveChunks(path: String, of segment: SegmentReader) throws -> [Bool] {
        var isLive = [Bool](repeating: true, count: segment.chunkCount)
        var deadCount = 0
        try self.rows.forEach { row in
            for chunk in try segment.documentRow(row).chunks where isLive[chunk] {
                isLive[chunk] = false
                deadCount += 1
            }
        }
        guard deadCount == self.header.chunkCount else {
            throw SegmentError(
                .corrupt,
                path: path,
                "\(self.header.chunkCount) dead chunks, the segment's rows give \(deadCount)"
            )
        }
        return isLive
    }

    /// Marks a row dead; false when it was.
    mutating func bury(_ row: Int, of segment: SegmentReader) throws -> Bool {
        guard self.rows.insert(row) else { return false }
        try self.header.add(row, of: segment)
        return true
    }

    /// The file's bytes: a function of the segment and its dead documents only.
    func encoded() -> [UInt8] {
        var bytes = self.header.encoded()
        for word in self.rows.words { bytes.append(little: word) }
        bytes.append(sha256(bytes))
        bytes.append(little: UInt64(bytes.count + 16))
        bytes.append(contentsOf: TombstoneFormat.endMagic)
        return bytes
    }

    /// Recomputes counts and digest from the segment's rows.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` when they are not those of the file.
    func verify(path: String, of segment: SegmentReader) throws {
        var expected = TombstoneFormat.Header(
            segment: self.header.segment,
            rowCount: self.header.rowCount
        )
        try self.rows.forEach { try expected.add($0, of: segment) }
        guard self.header == expected else {
            throw SegmentError(
                .corrupt,
                path: path,
                "\(self.header.chunkCount) dead chunks with digest \(self.header.digest.value), "
                    + "the segment's rows give \(expected.chunkCount) and \(expected.digest.value)"
            )
        }
    }

    static func name(of bytes: UnsafeRawBufferPointer) -> String {
        sha256(bytes).hex + TombstoneFormat.fileExtension
    }

    private static func hasSoundBytes(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let footer = bytes.count - TombstoneFormat.footerByteCount
        return bytes.digest(at: footer)
            == sha256(UnsafeRawBufferPointer(rebasing: bytes[..<footer]))
            && bytes.little(UInt64.self, at: footer + 32) == UInt64(bytes.count)
            && bytes[(footer + 40)...].elementsEqual(TombstoneFormat.endMagic)
    }
}

extension TombstoneFormat.Header {
    fileprivate mutating func add(_ row: Int, of segment: SegmentReader) throws {
        self.documentCount += 1
        let chunks = try segment.documentRow(row).chunks
        guard !chunks.isEmpty else { return }
        let documentDigest = LogicalDigest.document(try segment.document(row))
        for chunk in chunks {
            self.chunkCount += 1
            self.termOccurrenceCount += segment.length(ofChunk: chunk)
            self.digest.add(
                try segment.logicalDigest(ofChunk: chunk, documentDigest: documentDigest)
            )
        }
    }
}

extension SegmentReader {
    /// SHA-256 of the file, as its name says.
    fileprivate func nameDigest() throws -> Digest {
        let name = self.path.split(separator: "/").last ?? ""
        guard name.hasSuffix(SegmentFormat.fileExtension),
            let digest = Digest(hex: String(name.dropLast(SegmentFormat.fileExtension.utf8.count)))
        else { throw self.corrupt("the name is not the hash of a segment") }
        return digest
    }
}
