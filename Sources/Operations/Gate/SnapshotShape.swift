internal import Records
internal import Segments

/// What the served documents and chunks of an index look like, whatever they mean.
struct SnapshotShape {
    var documents = 0
    var titled = 0
    /// Documents that say when they were changed or published.
    var dated = 0
    /// Documents with an access label.
    var labelled = 0
    var chunks = 0
    var tokens = 0
    /// Chunks without a vector; all of them in an index that has none.
    var withoutVector = 0
    /// Documents by language tag, source, media type and access label.
    var languages: [String: Int] = [:]
    var sources: [String: Int] = [:]
    var formats: [String: Int] = [:]
    var labels: [String: Int] = [:]
    /// Of the chunks of each document, the first bytes of their texts' hashes; of members of groups, whose search
    /// shows the best alone, nothing.
    private var texts: [[UInt64]] = []
    /// Where the documents are that the judgements name.
    var places: JudgedPlaces

    /// - Parameter wanted: what the judgements name.
    init(looksFor wanted: JudgedPlaces.Wanted) { self.places = JudgedPlaces(wanted) }

    /// - Complexity: O(documents + chunks) of the segment; no text is read.
    init(_ reader: LiveSegmentReader, looksFor wanted: JudgedPlaces.Wanted) throws {
        self.init(looksFor: wanted)
        let segment = reader.segment
        let hasVectors = segment.configuration.dimensions > 0
        for row in 0..<segment.documentCount where reader.isLive(document: row) {
            let document = try segment.document(row)
            self.add(document)
            var texts: [UInt64] = []
            for chunk in try segment.documentRow(row).chunks {
                let found = try segment.chunkRow(chunk)
                self.chunks += 1
                self.tokens += found.tokenCount
                texts.append(found.textHash.word0)
                if !hasVectors || !segment.hasVector(chunk) { self.withoutVector += 1 }
            }
            if document.metadata[SegmentDocument.groupKey] == nil { self.texts.append(texts) }
        }
    }

    private mutating func add(_ document: SegmentDocument) {
        self.documents += 1
        if !document.title.isEmpty { self.titled += 1 }
        if document.date != nil { self.dated += 1 }
        self.languages[document.language, default: 0] += 1
        self.sources[document.source, default: 0] += 1
        self.formats[document.mediaType, default: 0] += 1
        let labels = SegmentDocument.labels(in: document.metadata)
        if !labels.isEmpty { self.labelled += 1 }
        for label in labels { self.labels[label, default: 0] += 1 }
        self.places.note(document.uri)
    }

    static func += (left: inout SnapshotShape, right: SnapshotShape) {
        left.documents += right.documents
        left.titled += right.titled
        left.dated += right.dated
        left.labelled += right.labelled
        left.chunks += right.chunks
        left.tokens += right.tokens
        left.withoutVector += right.withoutVector
        left.languages.merge(right.languages, uniquingKeysWith: +)
        left.sources.merge(right.sources, uniquingKeysWith: +)
        left.formats.merge(right.formats, uniquingKeysWith: +)
        left.labels.merge(right.labels, uniquingKeysWith: +)
        left.texts += right.texts
        left.places.merge(right.places)
    }

    /// The share of the documents that say little new: more than half of their chunks have the text of a chunk of
    /// an earlier one.
    var repeatShare: Double {
        guard self.documents > 0 else { return 0 }
        var seen: Set<UInt64> = []
        seen.reserveCapacity(self.chunks)
        var repeats = 0
        for texts in self.texts {
            if 2 * texts.count(where: seen.contains) > texts.count { repeats += 1 }
            seen.formUnion(texts)
        }
        return Double(repeats) / Double(self.documents)
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

    /// Of the parts that count in `other`, the largest share of its documents that one lost.
    func largestLoss(of parts: KeyPath<SnapshotShape, [String: Int]>, since other: SnapshotShape)
        -> Double
    {
        var loss = 0.0
        for (name, count) in other[keyPath: parts]
        where count >= Self.partDocumentsMin
            && Double(count) >= Self.partShareMin * Double(other.documents)
        {
            let now = self[keyPath: parts][name] ?? 0
            loss = max(loss, Double(count - now) / Double(count))
        }
        return loss
    }

    /// Choice: of fewer documents a detector may well take some for another language tomorrow.
    private static let partDocumentsMin = 5
    private static let partShareMin = 0.03
}

extension SegmentDocument {
    /// When it says that it was changed, else published: a day as `2026-11-30`; nil where it says neither.
    var date: String? {
        let date = self.metadata["modified"] ?? self.metadata["published"]
        return date.flatMap { $0.utf8.count >= 10 ? String($0.prefix(10)) : nil }
    }
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
