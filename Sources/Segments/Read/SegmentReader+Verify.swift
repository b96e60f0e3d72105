internal import Hashing
package import Records
internal import Storage
internal import Vectors

extension SegmentReader {
    /// Reads the whole file and checks all that can be checked.
    ///
    /// The name and the footer against SHA-256 of the content; every checksum; padding; order and
    /// bounds of documents, chunks, terms and postings; each text against its hash; the codes
    /// against the vectors; the counts and the logical digest against the header.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` at the first thing that is wrong.
    /// - Complexity: O(bytes of the file and of the expanded texts).
    package func verify() throws {
        try self.requireAll()
        self.file.advise(.sequential)
        try self.verifyBytes()
        try self.verifyDocuments()
        try self.verifyDates()
        try self.verifyChunks()
        try self.verify(self.termLists)
        if self.header.version > 2 { try self.verifyAttributes() }
        if self.hasExpansions { try self.verify(self.lists(.expansions)) }
    }

    private func verifyBytes() throws {
        try self.file.withBytes { bytes in
            let footerStart = bytes.count - SegmentFormat.footerByteCount
            var hasher = StreamingSHA256()
            hasher.update(UnsafeRawBufferPointer(rebasing: bytes[..<footerStart]))
            let content = hasher.finish()
            hasher.update(UnsafeRawBufferPointer(rebasing: bytes[footerStart...]))
            try self.verifySections(bytes)
            guard bytes.digest(at: footerStart) == content,
                bytes.little(UInt64.self, at: footerStart + 32) == UInt64(bytes.count),
                bytes[(footerStart + 40)...].elementsEqual(SegmentFormat.endMagic)
            else { throw self.corrupt("the footer does not fit the content \(content)") }
            let expected = hasher.finish().hex + SegmentFormat.fileExtension
            guard self.path.split(separator: "/").last.map(String.init) == expected else {
                throw self.corrupt("the content's name is \(expected)")
            }
        }
    }

    private func verifySections(_ bytes: UnsafeRawBufferPointer) throws {
        let version = self.header.version
        var end = SegmentFormat.tableEnd(ofVersion: version)
        for (section, entry) in zip(SegmentFormat.sections(ofVersion: version), self.sections) {
            try self.verifyPadding(bytes[end..<entry.offset])
            let found = crc32(UnsafeRawBufferPointer(rebasing: bytes[entry.range]))
            guard found == entry.checksum else {
                throw self.corrupt(
                    "checksum of section \(section.name) is \(hex(found)), expected "
                        + hex(entry.checksum)
                )
            }
            end = entry.range.upperBound
        }
        try self.verifyPadding(bytes[end..<(bytes.count - SegmentFormat.footerByteCount)])
    }

    private func verifyPadding(_ bytes: Slice<UnsafeRawBufferPointer>) throws {
        guard bytes.allSatisfy({ $0 == 0 }) else {
            throw self.corrupt("the padding before byte \(bytes.endIndex) is not zero")
        }
    }

    private func verifyDocuments() throws {
        var previous: DocumentID?
        var nextChunk = 0
        var nextString = 0
        for index in 0..<self.documentCount {
            let row = try self.documentRow(index)
            _ = try self.document(index)
            guard previous.map({ $0 < row.id }) ?? true, row.chunks.lowerBound == nextChunk,
                row.strings.lowerBound == nextString
            else { throw self.corrupt("document row \(index) is out of order") }
            previous = row.id
            nextChunk = row.chunks.upperBound
            nextString = row.strings.upperBound
        }
        guard nextChunk == self.chunkCount, nextString == self.byteCount(.documentStrings) else {
            throw self.corrupt("the documents do not account for all chunks")
        }
    }

    private func verifyChunks() throws {
        var texts = TextCursor(self)
        var sum = DigestSum()
        var length = 0
        for document in 0..<self.documentCount {
            let documentDigest = LogicalDigest.document(try self.document(document))
            var lastOrdinal = -1
            for index in try self.documentRow(document).chunks {
                let row = try self.chunkRow(index)
                guard row.document == document, row.ordinal > lastOrdinal else {
                    throw self.corrupt("chunk row \(index) is out of order")
                }
                lastOrdinal = row.ordinal
                guard row.text.lowerBound == texts.offset,
                    sha256(try texts.next(row.text.count)) == row.textHash
                else { throw self.corrupt("the text of chunk row \(index) is not its own") }
                sum.add(try self.logicalDigest(ofChunk: index, documentDigest: documentDigest))
                try self.verifyCode(ofChunk: index)
                length += self.length(ofChunk: index)
            }
        }
        guard texts.offset == self.header.textByteCount else {
            throw self.corrupt("the chunks do not account for all text")
        }
        guard length == self.termOccurrenceCount else {
            throw self.corrupt("chunk lengths add up to \(length), not as recorded")
        }
        guard sum.value == self.digest else {
            throw self.corrupt("logical digest is \(sum.value), expected \(self.digest)")
        }
    }

    /// The chunk's logical digest, from its row and its stored vector.
    package func logicalDigest(ofChunk index: Int, documentDigest: Digest) throws -> Digest {
        let chunk = try self.chunk(index)
        return self.withVectorIdentity(ofChunk: index) {
            LogicalDigest.chunk(
                chunk,
                documentDigest: documentDigest,
                encoding: self.header.vectorEncoding,
                dimensions: self.header.dimensions,
                vector: $0
            )
        }
    }

    private func verifyCode(ofChunk index: Int) throws {
        guard let quantiser = self.quantiser else { return }
        var codes: [UInt64] = []
        var factors: [Float] = []
        if self.header.vectorEncoding == .packed {
            (codes, factors) = self.withVectorBytes(ofChunk: index) { row in
                self.withCode(ofChunk: index) { quantiser.code(ofPacked: $0, row) }
            }
        } else {
            self.vector(ofChunk: index).withUnsafeBufferPointer {
                quantiser.encode($0, codes: &codes, factors: &factors)
            }
        }
        let isCode = self.withCode(ofChunk: index) { stored in
            codes.withUnsafeBytes { stored.elementsEqual($0) }
        }
        let areFactors = self.withSection(.factors) { stored in
            factors.withUnsafeBytes { stored[8 * index..<8 * index + 8].elementsEqual($0) }
        }
        guard isCode, areFactors else {
            throw self.corrupt("the code of chunk row \(index) is not its own")
        }
    }

    /// Each document has the attributes that its strings give it, and no others, but for the odds of a hash.
    private func verifyAttributes() throws {
        let table = self.attributeTable
        try self.verify(table)
        var found = [UInt64](repeating: 0, count: self.documentCount)
        var rows = SegmentPostings()
        try table.forEach { term, entry in
            try table.postings(of: entry, into: &rows)
            for row in rows.chunks { found[Int(row)] &+= termHash(term) }
        }
        for index in 0..<self.documentCount {
            let terms = Attribute.terms(of: try self.document(index))
            let expected = terms.bytes.withUnsafeBytes { bytes in
                zip(terms.offsets, terms.offsets.dropFirst()).reduce(into: UInt64(0)) {
                    let term = bytes[Int($1.0)..<Int($1.1)]
                    $0 &+= termHash(UnsafeRawBufferPointer(rebasing: term))
                }
            }
            guard found[index] == expected else {
                throw self.corrupt("document row \(index) has not its own attributes")
            }
        }
    }

    private func verify(_ table: TermLists) throws {
        var previous: [UInt8] = []
        var nextPosting = 0
        var nextPosition = 0
        var count = 0
        var postings = SegmentPostings()
        var encoder = PostingsEncoder()
        try table.forEach { term, entry in
            let isAscending = previous.withUnsafeBytes { precedes($0, term) }
            guard isAscending, entry.postings.lowerBound == nextPosting,
                entry.positions.lowerBound == nextPosition, entry.chunkCount > 0
            else {
                throw self.corrupt("term \(count) of \(table.terms.name) is out of order")
            }
            try table.postings(of: entry, into: &postings)
            try self.verify(postings, entry, of: table, &encoder)
            previous.replaceSubrange(0..<previous.count, with: term)
            nextPosting = entry.postings.upperBound
            nextPosition = entry.positions.upperBound
            count += 1
        }
        guard count == table.termCount, nextPosting == self.byteCount(table.postings),
            nextPosition == table.positions.map({ self.byteCount($0) }) ?? 0
        else {
            throw self.corrupt("\(count) \(table.terms.name), expected \(table.termCount)")
        }
    }
}

extension SegmentReader {
    /// A list is laid out in one way: its postings give its bytes, widths and bounds of blocks included.
    private func verify(
        _ postings: SegmentPostings,
        _ entry: SegmentTermEntry,
        of table: TermLists,
        _ encoder: inout PostingsEncoder
    ) throws {
        guard self.header.version >= SegmentFormat.packedVersion else { return }
        let average = averageLength(
            occurrences: self.termOccurrenceCount,
            chunks: self.chunkCount
        )
        let bytes = self.withChunkLengths { lengths in
            encoder.encode(
                postings,
                lengths: table.terms == .terms ? lengths.baseAddress : nil,
                average: average
            )
        }
        let isAsWritten = self.withSection(table.postings) {
            $0[entry.postings].elementsEqual(bytes)
        }
        guard isAsWritten else { throw table.corrupt(entry) }
        if table.positions != nil { try self.verifyPositions(of: postings, entry, &encoder) }
    }

    /// As many positions as occurrences, laid out in one way, none so far on that it is below the one before.
    private func verifyPositions(
        of postings: SegmentPostings,
        _ entry: SegmentTermEntry,
        _ encoder: inout PostingsEncoder
    ) throws {
        let total = postings.counts.reduce(UInt64(0)) { $0 + UInt64($1) }
        guard total <= UInt64(UInt32.max) else { throw self.termLists.corrupt(entry) }
        let steps = try self.steps(of: entry, [0], [UInt32(total)], of: total)
        let bytes = encoder.encode(positions: steps)
        var next = 0
        let areInOrder = postings.counts.allSatisfy { count in
            defer { next += Int(count) }
            return steps[next..<next + Int(count)].reduce(0) { $0 + Int($1) } <= Int(UInt32.max)
        }
        let areAsWritten = self.withSection(.positions) {
            $0[entry.positions].elementsEqual(bytes)
        }
        guard areInOrder, areAsWritten else { throw self.termLists.corrupt(entry) }
    }
}

/// The texts of consecutive chunks, each block expanded once.
private struct TextCursor {
    private let reader: SegmentReader
    private var block: [UInt8] = []
    private(set) var offset = 0

    init(_ reader: SegmentReader) { self.reader = reader }

    mutating func next(_ count: Int) throws -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count)
        while text.count < count {
            let start = self.offset % SegmentFormat.textBlockByteCount
            if start == 0 {
                self.block = try self.reader.textBlock(
                    self.offset / SegmentFormat.textBlockByteCount
                )
            }
            let end = min(self.block.count, start + count - text.count)
            text.append(contentsOf: self.block[start..<end])
            self.offset += end - start
        }
        return text
    }
}
