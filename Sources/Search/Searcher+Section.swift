internal import Segments

/// The text around a chunk: its neighbours under the same headings.
package struct HitSection: Hashable, Sendable {
    /// UTF-8 bytes of the document's clean text, from the first chunk's start to the last one's end.
    package let range: Range<Int>
    /// The chunks' texts; where two overlap, what they share stands once.
    package let text: String
}

extension Searcher {
    /// Longer sections are cut to the chunks next to the one that was found.
    private static let sectionByteCountMax = 8192

    /// The chunks of the same document under the same headings, next to each other, as one text.
    ///
    /// - Throws: ``SegmentError`` where a text does not fit its hash.
    func section(around chunk: Int, of segment: Int) throws -> HitSection {
        let reader = self.readers[segment].segment
        let row = try reader.chunkRow(chunk)
        let siblings = try reader.documentRow(row.document).chunks
        var first = chunk
        var last = chunk
        var byteCount = row.range.count
        func takesIn(_ index: Int) throws -> Bool {
            guard siblings.contains(index) else { return false }
            let other = try reader.chunkRow(index)
            guard other.headingPath == row.headingPath,
                byteCount + other.range.count <= Self.sectionByteCountMax
            else { return false }
            byteCount += other.range.count
            return true
        }
        // In turns, so that the chunk stays in the middle.
        var grows = (back: true, ahead: true)
        while grows.back || grows.ahead {
            if grows.ahead { grows.ahead = try takesIn(last + 1) }
            if grows.ahead { last += 1 }
            if grows.back { grows.back = try takesIn(first - 1) }
            if grows.back { first -= 1 }
        }
        var text: [UInt8] = []
        var end = try reader.chunkRow(first).range.lowerBound
        let start = end
        for index in first...last {
            let part = try reader.chunkRow(index)
            let bytes = try reader.checkedText(of: part)
            // Texts are slices of the document's; one that is not is added whole.
            let shared = bytes.count == part.range.count ? max(0, end - part.range.lowerBound) : 0
            if index > first, part.range.lowerBound > end || shared == 0 { text.append(0x0A) }
            text += bytes.dropFirst(min(shared, bytes.count))
            end = max(end, part.range.upperBound)
        }
        return HitSection(
            range: start..<max(start, end),
            text: String(decoding: text, as: UTF8.self)
        )
    }
}
