package import Records
internal import Storage
package import Vectors

/// A mapped segment file.
///
/// Opening checks the header, the section table and the sizes of fixed-width sections; nothing else
/// is read before it is asked for. Every offset found in the file is checked against the section it
/// points into, so a damaged file gives ``SegmentError`` `.corrupt`, never a wild read.
package final class SegmentReader: Sendable {
    package let path: String
    package let configuration: SegmentConfiguration
    let file: MappedFile
    /// What brings the bytes that are elsewhere; nil for a file that is whole.
    private let absent: (any AbsentBytes)?
    let header: SegmentFormat.Header
    let sections: [SegmentFormat.SectionEntry]
    /// Nil for an index without vectors.
    package let quantiser: BinaryQuantiser?

    /// - Throws: ``SegmentError`` for a file that is no segment of this version, ``StorageError``
    ///   when it cannot be mapped.
    package init(path: String) throws {
        let (file, absent) = try mapWholeOrPartial(path)
        try absent?.require(SegmentFormat.beginning(of: file.byteCount))
        var sections: [SegmentFormat.SectionEntry] = []
        var header = try file.withBytes {
            try SegmentFormat.Header($0, sections: &sections, path: path)
        }
        let range = sections[SegmentFormat.Section.description.position].range
        try absent?.require(range)
        self.configuration = try file.withBytes {
            try SegmentConfiguration(
                description: UnsafeRawBufferPointer(rebasing: $0[range]),
                header: &header,
                path: path
            )
        }
        self.path = path
        self.file = file
        self.absent = absent
        self.header = header
        self.sections = sections
        self.quantiser =
            header.dimensions > 0 ? BinaryQuantiser(dimensions: header.dimensions) : nil
        try self.checkFixedWidthSections()
    }

    package var byteCount: Int { self.header.fileByteCount }
    package var documentCount: Int { self.header.documentCount }
    package var chunkCount: Int { self.header.chunkCount }
    package var termCount: Int { self.header.termCount }

    /// Occurrences of terms in all chunks: with `chunkCount`, the average length for BM25.
    package var termOccurrenceCount: Int { self.header.termOccurrenceCount }

    /// Sum of the chunks' logical digests, as recorded.
    package var digest: Digest { self.header.digest }

    func corrupt(_ message: String) -> SegmentError {
        SegmentError(.corrupt, path: self.path, message)
    }

    /// Calls `body` with the bytes of a section.
    @inline(__always)
    func withSection<Result>(
        _ section: SegmentFormat.Section,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let range = self.sections[section.position].range
        self.absent?.bring(range)
        return try self.file.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// As ``withSection(_:_:)`` for a body that reads `part` of the section and no other bytes of it.
    @inline(__always)
    func withSection<Result>(
        _ section: SegmentFormat.Section,
        reading part: Range<Int>,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let range = self.sections[section.position].range
        if let absent {
            let start = min(range.lowerBound + part.lowerBound, range.upperBound)
            absent.bring(
                start..<max(start, min(range.lowerBound + part.upperBound, range.upperBound))
            )
        }
        return try self.file.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// What `body` gives, only where no byte was missing that it read.
    ///
    /// - Throws: why bytes could not be brought from elsewhere, whatever came of it.
    package func requiringBytes<Result>(_ body: () throws -> Result) throws -> Result {
        guard let absent else { return try body() }
        let before = absent.failure.count
        let result = Swift.Result { try body() }
        let after = absent.failure
        if after.count != before, let cause = after.cause { throw cause }
        return try result.get()
    }

    /// Whether bytes may be elsewhere.
    var isPartial: Bool { self.absent != nil }

    /// Brings the whole file.
    func requireAll() throws { try self.absent?.require(0..<self.file.byteCount) }

    func byteCount(_ section: SegmentFormat.Section) -> Int {
        self.sections[section.position].byteCount
    }

    private func checkFixedWidthSections() throws {
        let header = self.header
        let vectorByteCount = header.vectorEncoding.rowByteCount(dimensions: header.dimensions)
        let blockCount =
            header.textByteCount / SegmentFormat.textBlockByteCount
            + (header.textByteCount % SegmentFormat.textBlockByteCount == 0 ? 0 : 1)
        func blocks(_ count: Int) -> Int {
            count / SegmentFormat.termsPerBlock + (count % SegmentFormat.termsPerBlock == 0 ? 0 : 1)
        }
        let hasVectors = header.dimensions > 0
        var expected: [(SegmentFormat.Section, Int, Int)] = [
            (.documents, header.documentCount, SegmentFormat.documentRowByteCount),
            (.chunks, header.chunkCount, SegmentFormat.chunkRowByteCount),
            (.chunkLengths, header.chunkCount, 4),
            (.textOffsets, blockCount + 1, 8),
            (.vectors, header.chunkCount, vectorByteCount),
            (.codes, header.chunkCount, header.codeWordCount * 8),
            (.factors, header.chunkCount, hasVectors ? 8 : 0),
            (.termIndex, blocks(header.termCount) + 1, 8),
        ]
        if header.version > 2 {
            expected.append((.attributeIndex, blocks(header.attributeCount) + 1, 8))
        }
        if header.version > 3 {
            expected.append((.expansionIndex, blocks(header.expansionCount) + 1, 8))
        }
        if self.hasDates { expected.append((.dates, header.documentCount, 8)) }
        for (section, count, rowByteCount) in expected {
            let (byteCount, overflow) = count.multipliedReportingOverflow(by: rowByteCount)
            guard !overflow, self.byteCount(section) == byteCount else {
                throw self.corrupt(
                    "section \(section.name) has \(self.byteCount(section)) bytes, expected "
                        + "\(count) rows of \(rowByteCount)"
                )
            }
        }
    }
}

extension SegmentConfiguration {
    fileprivate init(
        description: UnsafeRawBufferPointer,
        header: inout SegmentFormat.Header,
        path: String
    ) throws {
        var cursor = ByteCursor(description)
        var expansion = ""
        guard var properties = cursor.metadata(), cursor.isAtEnd,
            let indexName = properties.removeValue(forKey: "index"),
            let model = properties.removeValue(forKey: "model")
        else { throw SegmentError(.corrupt, path: path, "the description cannot be read") }
        // Version 4 is that of files with expansions; since 5 the description says whether there are any.
        if header.version == 4 || properties["expansion"] != nil {
            guard header.version > 3,
                let fingerprint = properties.removeValue(forKey: "expansion"),
                let count = properties.removeValue(forKey: "expansion.terms").flatMap({ Int($0) }),
                0...Int(UInt32.max) ~= count, !fingerprint.isEmpty
            else { throw SegmentError(.corrupt, path: path, "the description cannot be read") }
            expansion = fingerprint
            header.expansionCount = count
        }
        guard
            properties.keys.allSatisfy({ $0.hasPrefix("property.") })
        else { throw SegmentError(.corrupt, path: path, "the description cannot be read") }
        self.init(
            indexName: indexName,
            dimensions: header.dimensions,
            vectorEncoding: header.vectorEncoding,
            modelFingerprint: model,
            analyzerRevision: header.analyzerRevision,
            expansionFingerprint: expansion,
            properties: Dictionary(
                properties.map { (String($0.key.dropFirst("property.".count)), $0.value) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }
}

extension ByteCursor {
    /// What `append(metadata:)` wrote.
    mutating func metadata() -> [String: String]? {
        guard let count = self.little32() else { return nil }
        var pairs: [String: String] = [:]
        for _ in 0..<count {
            guard let key = self.countedText(), let value = self.countedText() else { return nil }
            pairs[key] = value
        }
        return pairs
    }
}
