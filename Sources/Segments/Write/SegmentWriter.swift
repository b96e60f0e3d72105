internal import Hashing
internal import Records
internal import Storage
internal import Vectors

/// Writes one segment file, documents in ascending order of their ids.
///
/// Rows go to temporary files in the target folder once they outgrow a small buffer, postings are
/// sorted in runs within the memory budget; the file's bytes do not depend on the budget. Dropped
/// before ``finish()``, or failing in it, the writer leaves nothing behind.
package struct SegmentWriter: ~Copyable {
    /// Less than this leaves no room for the buffers; a smaller budget is taken as this.
    package static let memoryBudgetMin = 1 << 20

    let folder: String
    let configuration: SegmentConfiguration
    let spills: [Spill]
    let textBlocks: TextBlocks
    private let spillByteCount: Int
    private let postingsBudget: Int
    private let attributesBudget: Int
    private let quantiser: BinaryQuantiser?

    var header = SegmentFormat.Header()
    var labels = StringTable()
    var headings = HeadingTable()
    var postings = PostingsAccumulator()
    var runs: [Spill] = []
    var attributes = PostingsAccumulator()
    var attributeRuns: [Spill] = []
    var expansions = PostingsAccumulator()
    var expansionRuns: [Spill] = []
    var digest = DigestSum()
    private var lastID: DocumentID?
    private var scratch = VectorScratch()

    /// - Parameters:
    ///   - folder: Where the file will lie; it must exist.
    ///   - memoryBudget: Bytes to hold at most, roughly.
    package init(
        folder: String,
        configuration: SegmentConfiguration,
        memoryBudget: Int
    ) throws {
        let budget = max(memoryBudget, Self.memoryBudgetMin)
        let kinds = SegmentFormat.sections(ofVersion: self.header.version)
        self.folder = folder
        self.configuration = configuration
        // A quarter of the budget for the buffers of rows, half for postings, an eighth for attributes, the rest
        // to spare.
        self.spillByteCount = min(max(budget / (4 * kinds.count), 1 << 14), 1 << 20)
        self.postingsBudget = configuration.isExpanded ? budget / 4 : budget / 2
        self.attributesBudget = budget / 8
        let spillByteCount = self.spillByteCount
        self.spills = kinds.map { _ in Spill(in: folder, bufferByteCount: spillByteCount) }
        self.textBlocks = TextBlocks(
            offsets: self.spills[SegmentFormat.Section.textOffsets.position],
            text: self.spills[SegmentFormat.Section.text.position]
        )
        let dimensions = configuration.dimensions
        self.quantiser = dimensions > 0 ? BinaryQuantiser(dimensions: dimensions) : nil
        self.header.dimensions = dimensions
        self.header.vectorEncoding = configuration.vectorEncoding
        self.header.codeWordCount = self.quantiser?.wordCount ?? 0
        self.header.analyzerRevision = configuration.analyzerRevision
    }

    /// Adds a document with its chunks.
    ///
    /// - Throws: ``SegmentError`` `.invalidInput` when the document's id is not above the last
    ///   one's, the chunks' ordinals do not ascend, a text does not have its chunk's hash, a vector
    ///   has other dimensions or values its encoding cannot hold; ``StorageError`` when the disk
    ///   fails. The writer is of no use after either.
    package mutating func add(_ document: SegmentDocument, chunks: [SegmentChunk]) throws {
        if let lastID, document.id <= lastID {
            throw self.invalid(document, "documents must come in ascending order of their ids")
        }
        guard self.header.documentCount < Int(UInt32.max),
            chunks.count <= Int(UInt32.max) - self.header.chunkCount
        else { throw self.invalid(document, "a segment holds at most 2^32 - 1 rows") }
        self.lastID = document.id
        try self.writeRow(document, chunkCount: chunks.count)
        try self.addAttributes(of: document)
        let documentDigest = LogicalDigest.document(document)
        var lastOrdinal = -1
        for chunk in chunks {
            guard chunk.chunk.ordinal > lastOrdinal else {
                throw self.invalid(document, "chunks must come in ascending order")
            }
            lastOrdinal = chunk.chunk.ordinal
            try self.write(chunk, of: document, documentDigest: documentDigest)
        }
        self.header.documentCount += 1
    }

    private mutating func writeRow(_ document: SegmentDocument, chunkCount: Int) throws {
        var strings: [UInt8] = []
        strings.append(counted: document.uri)
        strings.append(counted: document.title)
        strings.append(metadata: document.metadata)
        let target = self.spill(.documentStrings)
        var row: [UInt8] = []
        row.append(little: document.id.high)
        row.append(little: document.id.low)
        row.append(little: UInt32(self.header.chunkCount))
        row.append(little: UInt32(chunkCount))
        row.append(little: UInt64(target.byteCount))
        row.append(little: UInt32(strings.count))
        row.append(little: self.labels.number(of: document.language))
        row.append(little: self.labels.number(of: document.source))
        row.append(little: self.labels.number(of: document.mediaType))
        try self.spill(.documents).append(row)
        try target.append(strings)
        try self.spill(.dates).append(little: document.date ?? SegmentFormat.noDate)
    }

    private mutating func write(
        _ row: borrowing SegmentChunk,
        of document: SegmentDocument,
        documentDigest: Digest
    ) throws {
        let chunk = row.chunk
        try self.check(row, of: document)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(SegmentFormat.chunkRowByteCount)
        bytes.append(little: UInt32(self.header.documentCount))
        bytes.append(little: UInt32(chunk.ordinal))
        bytes.append(little: UInt32(chunk.range.lowerBound))
        bytes.append(little: UInt32(chunk.range.upperBound))
        bytes.append(little: UInt32(chunk.tokenCount))
        bytes.append(little: UInt32(chunk.page))
        bytes.append(little: self.headings.number(of: chunk.headings))
        bytes.append(little: UInt32(row.text.count))
        bytes.append(little: UInt64(self.textBlocks.byteCount))
        bytes.append(chunk.textHash)
        bytes.append(little: self.labels.number(of: chunk.place?.label ?? ""))
        for edge in chunk.place?.edges ?? [0, 0, 0, 0] { bytes.append(little: edge) }
        try self.spill(.chunks).append(bytes)
        try self.spill(.chunkLengths).append(little: UInt32(row.terms.length))
        try self.textBlocks.append(row.text)
        try self.write(row.vector)
        self.digest.add(
            self.scratch.identity.withUnsafeBytes {
                LogicalDigest.chunk(
                    chunk,
                    documentDigest: documentDigest,
                    encoding: self.configuration.vectorEncoding,
                    dimensions: self.configuration.dimensions,
                    vector: $0
                )
            }
        )
        try self.addPostings(row.terms)
        try self.addExpansion(row.expansion)
        self.header.chunkCount += 1
    }

    private mutating func write(_ vector: [Float]) throws {
        guard let quantiser = self.quantiser else { return }
        self.scratch.encode(vector, as: self.configuration.vectorEncoding, with: quantiser)
        try self.spill(.vectors).append(self.scratch.stored)
        try self.spill(.codes).append(values: self.scratch.codes)
        try self.spill(.factors).append(values: self.scratch.factors)
    }

    private mutating func addPostings(_ terms: borrowing SegmentTerms) throws {
        self.header.termOccurrenceCount += terms.length
        self.postings.add(terms, chunk: self.header.chunkCount)
        guard self.postings.byteCount > self.postingsBudget else { return }
        let run = Spill(in: self.folder, bufferByteCount: self.spillByteCount)
        try self.postings.write(to: run)
        self.runs.append(run)
    }

    private mutating func addExpansion(_ terms: borrowing SegmentTerms) throws {
        guard self.configuration.isExpanded else { return }
        self.expansions.add(terms, chunk: self.header.chunkCount)
        guard self.expansions.byteCount > self.postingsBudget else { return }
        let run = Spill(in: self.folder, bufferByteCount: self.spillByteCount)
        try self.expansions.write(to: run)
        self.expansionRuns.append(run)
    }

    private mutating func addAttributes(of document: SegmentDocument) throws {
        self.attributes.add(Attribute.terms(of: document), chunk: self.header.documentCount)
        guard self.attributes.byteCount > self.attributesBudget else { return }
        let run = Spill(in: self.folder, bufferByteCount: self.spillByteCount)
        try self.attributes.write(to: run)
        self.attributeRuns.append(run)
    }

    func spill(_ section: SegmentFormat.Section) -> Spill { self.spills[section.position] }
}
