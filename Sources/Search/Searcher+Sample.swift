internal import Records
internal import Segments
internal import Vectors

/// What of a chunk can be asked for.
package struct QuerySample: Hashable, Sendable {
    /// The heading above the chunk, or its document's title; nil where neither is of two to ten words.
    package let heading: String?
    /// A passage of 60 bytes or more out of the chunk's text; nil for shorter texts.
    package let passage: String?
}

extension Searcher {
    private static let passageByteCountMin = 60
    private static let passageByteCountMax = 600

    /// Headings and passages of `count` chunks; the same of the same live chunks.
    ///
    /// - Complexity: O(chunks).
    package func sample(_ count: Int) throws -> [QuerySample] {
        var chosen: [Candidate] = []
        for (number, reader) in self.readers.enumerated() {
            var best = TopK(count)
            for document in 0..<reader.segment.documentCount where reader.isLive(document: document)
            {
                let row = try reader.segment.documentRow(document)
                for chunk in row.chunks {
                    let hash = mixed(row.id, reader.segment.ordinal(ofChunk: chunk))
                    best.offer(Float(hash >> 40), chunk)
                }
            }
            try chosen.append(best, of: reader.segment, number: number)
        }
        return try chosen.best(count).map(self.sample)
    }

    private func sample(of candidate: Candidate) throws -> QuerySample {
        let reader = self.readers[candidate.segment].segment
        let row = try reader.chunkRow(candidate.chunk)
        let title = try reader.document(row.document).title
        let heading = try ([title] + reader.headings(row.headingPath)).last {
            2...10 ~= $0.split(whereSeparator: \.isWhitespace).count
        }
        let text = String(decoding: try reader.checkedText(of: row), as: UTF8.self)
        return QuerySample(heading: heading, passage: Self.passage(of: text))
    }

    /// The middle third of a text, of whole words.
    private static func passage(of text: String) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace)
        var passage = ""
        for word in words[(words.count / 3)...] {
            guard passage.utf8.count + word.utf8.count < Self.passageByteCountMax else { break }
            let isLong = passage.utf8.count * 3 > text.utf8.count
            if isLong, passage.utf8.count >= Self.passageByteCountMin { break }
            passage += (passage.isEmpty ? "" : " ") + word
        }
        return passage.utf8.count >= Self.passageByteCountMin ? passage : nil
    }

    /// The scores of what ``search(_:)`` would find, best first, without reading texts.
    package func scores(_ query: SearchQuery) throws -> [Double] {
        try self.check(query)
        return try self.readingWhole { scratch in
            try self.candidates(try self.asked(query, wantsWords: false, scratch), scratch).map(
                \.score
            )
        }
    }
}

/// SplitMix64's mixing of an id and a number: no order that a collection could have.
private func mixed(_ id: DocumentID, _ ordinal: Int) -> UInt64 {
    var word = 0x9E37_79B9_7F4A_7C15 &* UInt64(truncatingIfNeeded: ordinal + 1)
    for byte in id.bytes { word = (word ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
}
