internal import Hashing
internal import Records
internal import Vectors

extension SegmentWriter {
    func invalid(_ document: SegmentDocument, _ message: String) -> SegmentError {
        SegmentError(.invalidInput, path: self.folder, "document \(document.id): \(message)")
    }

    /// Refuses what a reader would have to call corrupt.
    func check(_ row: borrowing SegmentChunk, of document: SegmentDocument) throws {
        let chunk = row.chunk
        let numbers = [
            chunk.ordinal, chunk.range.lowerBound, chunk.range.upperBound, chunk.tokenCount,
            chunk.page, row.terms.length, row.text.count,
        ]
        guard numbers.allSatisfy({ 0...Int(UInt32.max) ~= $0 }) else {
            throw self.invalid(document, "a number of chunk \(chunk.ordinal) is not of 32 bits")
        }
        guard row.text.withUnsafeBytes({ sha256($0) }) == chunk.textHash else {
            throw self.invalid(
                document,
                "the text of chunk \(chunk.ordinal) does not have the chunk's hash"
            )
        }
        try self.check(row.vector, of: document)
        guard row.terms.isWellFormed, row.terms.arePositionsWellFormed else {
            throw self.invalid(document, "the terms of chunk \(chunk.ordinal) are not well formed")
        }
        guard row.expansion.isWellFormed, row.expansion.positions.isEmpty,
            self.configuration.isExpanded || row.expansion.counts.isEmpty
        else {
            throw self.invalid(
                document,
                "the expansion of chunk \(chunk.ordinal) is not well formed, or the index has none"
            )
        }
    }

    private func check(_ vector: [Float], of document: SegmentDocument) throws {
        guard vector.count == self.configuration.dimensions else {
            throw self.invalid(
                document,
                "a vector has \(vector.count) dimensions, the index has "
                    + "\(self.configuration.dimensions)"
            )
        }
        let limit =
            self.configuration.vectorEncoding == .float16
            ? HalfPrecision.greatestFiniteMagnitude : Float.greatestFiniteMagnitude.squareRoot()
        guard vector.withUnsafeBufferPointer({ allWithin(limit, $0) }) else {
            throw self.invalid(document, "a vector holds a value that is not finite or too large")
        }
    }
}

extension SegmentTerms {
    /// Offsets within the bytes, strictly ascending terms, no zero count.
    fileprivate var isWellFormed: Bool {
        if self.counts.isEmpty { return self.offsets.count <= 1 }
        guard self.offsets.count == self.counts.count + 1,
            Int(self.offsets[self.counts.count]) <= self.bytes.count
        else { return false }
        return self.bytes.withUnsafeBytes { bytes in
            self.offsets.withUnsafeBufferPointer { offsets in
                var previous = UnsafeRawBufferPointer(start: nil, count: 0)
                for index in 0..<self.counts.count {
                    let (start, end) = (Int(offsets[index]), Int(offsets[index + 1]))
                    guard start < end, end - start <= SegmentFormat.termByteCountMax,
                        end <= bytes.count, self.counts[index] > 0
                    else { return false }
                    let term = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                    guard index == 0 || precedes(previous, term) else { return false }
                    previous = term
                }
                return true
            }
        }
    }

    /// As many positions as occurrences, each term's ascending.
    fileprivate var arePositionsWellFormed: Bool {
        var start = 0
        for count in self.counts {
            guard Int(count) <= self.positions.count - start else { return false }
            for place in start..<start + Int(count) - 1 {
                guard self.positions[place] <= self.positions[place + 1] else { return false }
            }
            start += Int(count)
        }
        return start == self.positions.count
    }
}
