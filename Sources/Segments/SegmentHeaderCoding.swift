internal import Records
internal import Storage

extension SegmentFormat.Header {
    /// The header and the section table, checksum included.
    func encoded(sections: [SegmentFormat.SectionEntry]) -> [UInt8] {
        var bytes = SegmentFormat.magic
        bytes.append(little: self.version)
        bytes.append(little: UInt32(sections.count))
        bytes.append(little: UInt64(self.fileByteCount))
        bytes.append(little: UInt32(self.dimensions))
        bytes.append(little: self.vectorEncoding.rawValue)
        bytes.append(little: UInt32(self.codeWordCount))
        bytes.append(little: UInt32(self.analyzerRevision))
        bytes.append(little: UInt32(self.chunkCount))
        bytes.append(little: UInt32(self.documentCount))
        bytes.append(little: UInt64(self.termCount))
        bytes.append(little: UInt64(self.termOccurrenceCount))
        bytes.append(little: UInt64(self.textByteCount))
        bytes.append(little: UInt32(SegmentFormat.textBlockByteCount))
        bytes.append(little: UInt32(SegmentFormat.deflateLevel))
        bytes.append(little: UInt32(SegmentFormat.termsPerBlock))
        bytes.append(little: SegmentFormat.codeRevision)
        bytes.append(contentsOf: self.digest.bytes)
        bytes.append(little: UInt32(self.attributeCount))
        var table: [UInt8] = []
        for (section, entry) in zip(SegmentFormat.Section.allCases, sections) {
            table.append(little: section.rawValue)
            table.append(little: entry.checksum)
            table.append(little: UInt64(entry.offset))
            table.append(little: UInt64(entry.byteCount))
        }
        bytes.append(little: crc32(table, continuing: crc32(bytes)))
        return bytes + table
    }

    /// Reads and checks the beginning of a file: everything up to the end of the section table.
    ///
    /// - Throws: ``SegmentError`` for anything that was not written by ``encoded(sections:)``.
    init(
        _ bytes: UnsafeRawBufferPointer,
        sections: inout [SegmentFormat.SectionEntry],
        path: String
    ) throws {
        self.version = try Self.checkedVersion(bytes, path: path)
        let body = SegmentFormat.tableEnd(ofVersion: self.version)
        func corrupt(_ message: String) -> SegmentError {
            SegmentError(.corrupt, path: path, message)
        }
        guard bytes.count >= body + SegmentFormat.footerByteCount else {
            throw corrupt("\(bytes.count) bytes are too few for a segment")
        }
        let expected = bytes.little(UInt32.self, at: 124)
        let head = crc32(UnsafeRawBufferPointer(rebasing: bytes[0..<124]))
        let found = crc32(UnsafeRawBufferPointer(rebasing: bytes[128..<body]), continuing: head)
        guard expected == found else {
            throw corrupt("checksum of the header is \(hex(found)), expected \(hex(expected))")
        }
        self.fileByteCount = bytes.count
        guard bytes.little(UInt64.self, at: 16) == UInt64(bytes.count) else {
            let recorded = bytes.little(UInt64.self, at: 16)
            throw corrupt("\(bytes.count) bytes, expected \(recorded)")
        }
        guard let encoding = VectorEncoding(rawValue: bytes.little(UInt32.self, at: 28)) else {
            throw corrupt("unknown vector encoding")
        }
        self.dimensions = Int(bytes.little(UInt32.self, at: 24))
        self.vectorEncoding = encoding
        self.codeWordCount = Int(bytes.little(UInt32.self, at: 32))
        self.analyzerRevision = Int(bytes.little(UInt32.self, at: 36))
        self.chunkCount = Int(bytes.little(UInt32.self, at: 40))
        self.documentCount = Int(bytes.little(UInt32.self, at: 44))
        self.termCount = Int(clamping: bytes.little(UInt64.self, at: 48))
        self.termOccurrenceCount = Int(clamping: bytes.little(UInt64.self, at: 56))
        self.textByteCount = Int(clamping: bytes.little(UInt64.self, at: 64))
        self.digest = bytes.digest(at: 88)
        self.attributeCount = Int(bytes.little(UInt32.self, at: 120))
        guard bytes.little(UInt32.self, at: 72) == UInt32(SegmentFormat.textBlockByteCount),
            bytes.little(UInt32.self, at: 80) == UInt32(SegmentFormat.termsPerBlock),
            bytes.little(UInt32.self, at: 84) == SegmentFormat.codeRevision,
            (self.dimensions == 0) == (encoding == .none),
            self.dimensions <= SegmentFormat.dimensionsMax,
            self.codeWordCount == (self.dimensions + 63) / 64,
            self.version > 2 || encoding != .packed && self.attributeCount == 0
        else {
            throw corrupt("the header's constants are not those of version \(self.version)")
        }
        sections = try Self.sections(bytes, version: self.version, path: path)
    }

    private static func checkedVersion(
        _ bytes: UnsafeRawBufferPointer,
        path: String
    ) throws -> UInt32 {
        guard bytes.count >= 12, bytes.starts(with: SegmentFormat.magic) else {
            throw SegmentError(.corrupt, path: path, "does not begin as a segment does")
        }
        let version = bytes.little(UInt32.self, at: 8)
        let known = SegmentFormat.oldestVersion...SegmentFormat.version
        if known ~= version { return version }
        throw SegmentError(
            version < SegmentFormat.version ? .tooOld : .tooNew,
            path: path,
            "format version \(version), this program reads \(known.lowerBound) to \(known.upperBound)"
        )
    }

    /// Sections follow each other in order, each at the next aligned offset, up to the footer.
    private static func sections(
        _ bytes: UnsafeRawBufferPointer,
        version: UInt32,
        path: String
    ) throws -> [SegmentFormat.SectionEntry] {
        func corrupt(_ message: String) -> SegmentError {
            SegmentError(.corrupt, path: path, message)
        }
        let kinds = SegmentFormat.sections(ofVersion: version)
        guard bytes.little(UInt32.self, at: 12) == UInt32(kinds.count) else {
            throw corrupt("\(bytes.little(UInt32.self, at: 12)) sections, not \(kinds.count)")
        }
        let end = bytes.count - SegmentFormat.footerByteCount
        var entries: [SegmentFormat.SectionEntry] = []
        var next = SegmentFormat.aligned(SegmentFormat.tableEnd(ofVersion: version))
        for kind in kinds {
            let at =
                SegmentFormat.headerByteCount
                + kind.position * SegmentFormat.sectionEntryByteCount
            let offset = Int(clamping: bytes.little(UInt64.self, at: at + 8))
            let byteCount = Int(clamping: bytes.little(UInt64.self, at: at + 16))
            guard bytes.little(UInt32.self, at: at) == kind.rawValue, offset == next,
                byteCount <= end - offset
            else { throw corrupt("section \(kind.name) is not where it belongs") }
            entries.append(
                .init(
                    checksum: bytes.little(UInt32.self, at: at + 4),
                    offset: offset,
                    byteCount: byteCount
                )
            )
            next = min(SegmentFormat.aligned(offset + byteCount), end)
        }
        guard let last = entries.last, SegmentFormat.aligned(last.range.upperBound) == end else {
            throw corrupt("the sections do not end at the footer")
        }
        return entries
    }
}

func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
}
