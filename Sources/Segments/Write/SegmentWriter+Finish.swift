internal import Hashing
internal import Records
internal import Storage

/// The sections of a table of terms and its lists.
private typealias TermSections = (
    index: SegmentFormat.Section, terms: SegmentFormat.Section, postings: SegmentFormat.Section,
    positions: SegmentFormat.Section?
)

extension SegmentWriter {
    /// Puts the file together under a temporary name and makes it durable under its content's hash.
    ///
    /// - Throws: ``StorageError`` when the disk fails; nothing is left behind then.
    package consuming func finish() throws -> SegmentReference {
        try self.finishPostings()
        try self.finishAttributes()
        try self.finishExpansions()
        try self.textBlocks.finish()
        try self.spill(.description).append(self.encodedDescription())
        try self.spill(.labels).append(self.labels.encoded())
        try self.spill(.headings).append(self.headings.encodedHeadings())
        try self.spill(.headingPaths).append(self.headings.encodedPaths())
        self.header.textByteCount = self.textBlocks.byteCount
        self.header.digest = self.digest.value
        return try self.writeFile()
    }

    private mutating func finishPostings() throws {
        try flush(&self.postings, into: &self.runs, folder: self.folder)
        let lengths = try self.spill(.chunkLengths).contiguous()
        let average = averageLength(
            occurrences: self.header.termOccurrenceCount,
            chunks: self.header.chunkCount
        )
        defer { self.runs = [] }
        self.header.termCount = try self.merged(
            self.runs,
            into: (.termIndex, .terms, .postings, .positions),
            bounds: .shares(lengths: lengths, average: average)
        )
    }

    private mutating func finishAttributes() throws {
        try flush(&self.attributes, into: &self.attributeRuns, folder: self.folder)
        defer { self.attributeRuns = [] }
        self.header.attributeCount = try self.merged(
            self.attributeRuns,
            into: (.attributeIndex, .attributes, .attributePostings, nil),
            bounds: .counts
        )
    }

    private mutating func finishExpansions() throws {
        try flush(&self.expansions, into: &self.expansionRuns, folder: self.folder)
        defer { self.expansionRuns = [] }
        self.header.expansionCount = try self.merged(
            self.expansionRuns,
            into: (.expansionIndex, .expansions, .expansionPostings, nil),
            bounds: .counts
        )
    }

    /// Merges sorted runs; returns how many terms they have.
    private func merged(
        _ runs: [Spill],
        into sections: TermSections,
        bounds: BlockBounds
    ) throws -> Int {
        var merge = PostingsMerge(
            index: self.spill(sections.index),
            terms: self.spill(sections.terms),
            postings: self.spill(sections.postings),
            positions: sections.positions.map { self.spill($0) },
            bounds: bounds
        )
        try merge.merge(try runs.map { try $0.contiguous() })
        return merge.termCount
    }

    /// Names and values of the configuration's strings, by ascending name.
    private func encodedDescription() -> [UInt8] {
        var properties: [String: String] = [:]
        for (key, value) in self.configuration.properties { properties["property." + key] = value }
        properties["index"] = self.configuration.indexName
        properties["model"] = self.configuration.modelFingerprint
        if self.configuration.isExpanded {
            properties["expansion"] = self.configuration.expansionFingerprint
            properties["expansion.terms"] = String(self.header.expansionCount)
        }
        var bytes: [UInt8] = []
        bytes.append(metadata: properties)
        return bytes
    }

    private mutating func writeFile() throws -> SegmentReference {
        var entries: [SegmentFormat.SectionEntry] = []
        let start = SegmentFormat.aligned(SegmentFormat.tableEnd(ofVersion: self.header.version))
        var offset = start
        for spill in self.spills {
            entries.append(
                .init(checksum: spill.checksum, offset: offset, byteCount: spill.byteCount)
            )
            offset = SegmentFormat.aligned(offset + spill.byteCount)
        }
        self.header.fileByteCount = offset + SegmentFormat.footerByteCount
        var output = HashedOutput(try StagedFile(in: self.folder))
        try output.write(self.header.encoded(sections: entries))
        try output.align()
        for spill in self.spills {
            try spill.forEachPiece { try output.write($0) }
            try output.align()
        }
        var footer = output.hash.bytes
        footer.append(little: UInt64(self.header.fileByteCount))
        footer.append(contentsOf: SegmentFormat.endMagic)
        try output.write(footer)
        let name = output.hash.hex + SegmentFormat.fileExtension
        try output.commit(to: self.folder + "/" + name)
        return SegmentReference(
            name: name,
            byteCount: self.header.fileByteCount,
            documentCount: self.header.documentCount,
            chunkCount: self.header.chunkCount,
            digest: self.digest.value.hex
        )
    }
}

/// Writes what was collected as one more run.
private func flush(
    _ rest: inout PostingsAccumulator,
    into runs: inout [Spill],
    folder: String
) throws {
    guard !rest.isEmpty else { return }
    let run = Spill(in: folder, bufferByteCount: Int.max)
    try rest.write(to: run)
    runs.append(run)
}

/// A staged file that hashes what passes through.
private struct HashedOutput: ~Copyable {
    private var file: StagedFile
    private var hasher = StreamingSHA256()

    init(_ file: consuming StagedFile) { self.file = file }

    /// SHA-256 of everything so far.
    var hash: Digest { self.hasher.finish() }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        self.hasher.update(bytes)
        try self.file.write(bytes)
    }

    mutating func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try self.write($0) }
    }

    /// Zeros up to the next section.
    mutating func align() throws {
        let count = SegmentFormat.aligned(self.file.byteCount) - self.file.byteCount
        try self.write([UInt8](repeating: 0, count: count))
    }

    mutating func commit(to path: String) throws { try self.file.commit(to: path) }
}
