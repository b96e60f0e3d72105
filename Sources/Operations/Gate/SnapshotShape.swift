internal import Segments

/// What the served documents and chunks of an index look like, whatever they mean.
struct SnapshotShape {
    var documents = 0
    var titled = 0
    var chunks = 0
    var tokens = 0
    /// Chunks without a vector, of an index that has them.
    var withoutVector = 0
    /// Documents by language tag.
    var languages: [String: Int] = [:]

    init() {}

    /// - Complexity: O(documents + chunks) of the segment; no text is read.
    init(_ reader: LiveSegmentReader) throws {
        let segment = reader.segment
        let hasVectors = segment.configuration.dimensions > 0
        for row in 0..<segment.documentCount where reader.isLive(document: row) {
            let document = try segment.document(row)
            self.documents += 1
            if !document.title.isEmpty { self.titled += 1 }
            self.languages[document.language, default: 0] += 1
            for chunk in try segment.documentRow(row).chunks {
                self.chunks += 1
                self.tokens += try segment.chunkRow(chunk).tokenCount
                if hasVectors, !segment.hasVector(chunk) { self.withoutVector += 1 }
            }
        }
    }

    static func += (left: inout SnapshotShape, right: SnapshotShape) {
        left.documents += right.documents
        left.titled += right.titled
        left.chunks += right.chunks
        left.tokens += right.tokens
        left.withoutVector += right.withoutVector
        left.languages.merge(right.languages, uniquingKeysWith: +)
    }

    /// Half the sum of the differences of the shares of the languages: 0 for the same mix, 1 for none in common.
    func languageDistance(from other: SnapshotShape) -> Double {
        guard self.documents > 0, other.documents > 0 else { return 0 }
        let tags = Set(self.languages.keys).union(other.languages.keys).sorted()
        return tags.reduce(0) { sum, tag in
            let own = Double(self.languages[tag] ?? 0) / Double(self.documents)
            let old = Double(other.languages[tag] ?? 0) / Double(other.documents)
            return sum + abs(own - old) / 2
        }
    }

    /// Of the languages that count in `other`, the largest share of its documents that one lost.
    func languageLoss(since other: SnapshotShape) -> Double {
        var loss = 0.0
        for (tag, count) in other.languages
        where count >= Self.languageDocumentsMin
            && Double(count) >= Self.languageShareMin * Double(other.documents)
        {
            let now = self.languages[tag] ?? 0
            loss = max(loss, Double(count - now) / Double(count))
        }
        return loss
    }

    /// Choice: of fewer documents a detector may well take some for another language tomorrow.
    private static let languageDocumentsMin = 5
    private static let languageShareMin = 0.03
}

/// The share of the chunks' vectors in `segments` that are not of length 1, of those that have one.
///
/// - Complexity: O(components of the vectors).
func oddVectorShare(in segments: [LiveSegmentReader]) throws -> Double {
    var (count, odd) = (0, 0)
    for reader in segments {
        let segment = reader.segment
        guard segment.configuration.dimensions > 0 else { continue }
        for row in 0..<segment.documentCount where reader.isLive(document: row) {
            for chunk in try segment.documentRow(row).chunks {
                let vector = segment.vector(ofChunk: chunk)
                let square = vector.reduce(Float(0)) { $0 + $1 * $1 }
                if square == 0 { continue }
                count += 1
                // Choice: half floats and sums are far closer.
                if !((0.9...1.1) ~= square) { odd += 1 }
            }
        }
    }
    return count == 0 ? 0 : Double(odd) / Double(count)
}
