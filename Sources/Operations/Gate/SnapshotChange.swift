internal import Dataflow
internal import Hashing
internal import Records
internal import Segments

/// What became of the documents between two snapshots, by their ids and by what their chunks say.
///
/// Segments that both have with the same tombstones are not looked at: their documents are the same.
struct SnapshotChange {
    private struct Entry {
        let uri: String
        /// Of the texts of its chunks; nil where it has none.
        let content: Digest?
        let date: String?
        let labels: Set<String>
    }

    /// The URI that a document had, by the one it has now: the same texts under another name.
    private(set) var oldURIs: [String: String] = [:]
    /// The same the other way.
    private(set) var newURIs: [String: String] = [:]
    /// Documents that are served no more, and not under another name.
    private(set) var removed = 0
    /// Documents of both.
    private(set) var kept = 0
    private(set) var relabelled = 0
    /// Of those, the ones with a date in both, and those whose date is an earlier one now.
    private(set) var dated = 0
    private(set) var dateFell = 0

    /// - Complexity: O(documents + chunks) of the segments that differ; no text is read.
    init(from live: IndexSnapshot, to candidate: IndexSnapshot, workspace: String) throws {
        let shared = Set(live.segments).intersection(candidate.segments)
        func entries(_ index: IndexSnapshot) throws -> [DocumentID: Entry] {
            var entries: [DocumentID: Entry] = [:]
            for segment in index.segments where !shared.contains(segment) {
                try Self.take(LiveSegmentReader(segment, workspace: workspace), to: &entries)
            }
            return entries
        }
        let old = try entries(live)
        let new = try entries(candidate)
        self.kept = shared.reduce(0) { $0 + $1.documentCount }
        for (id, entry) in new {
            guard let before = old[id] else { continue }
            self.kept += 1
            if entry.labels != before.labels { self.relabelled += 1 }
            guard let was = before.date, let now = entry.date else { continue }
            self.dated += 1
            if now < was { self.dateFell += 1 }
        }
        self.pairMoved(old.filter { new[$0.key] == nil }, new.filter { old[$0.key] == nil })
    }

    private static func take(
        _ reader: LiveSegmentReader,
        to entries: inout [DocumentID: Entry]
    ) throws {
        let segment = reader.segment
        for row in 0..<segment.documentCount where reader.isLive(document: row) {
            let document = try segment.document(row)
            let texts = try segment.documentRow(row).chunks.map {
                try segment.chunkRow($0).textHash
            }
            entries[document.id] = Entry(
                uri: document.uri,
                content: texts.isEmpty ? nil : sha256(texts.flatMap(\.bytes)),
                date: document.date,
                labels: Set(SegmentDocument.labels(in: document.metadata))
            )
        }
    }

    /// Documents of the same texts are paired by URI.
    private mutating func pairMoved(_ gone: [DocumentID: Entry], _ came: [DocumentID: Entry]) {
        var places: [Digest: [String]] = [:]
        for entry in came.values {
            if let content = entry.content { places[content, default: []].append(entry.uri) }
        }
        for content in places.keys { places[content]?.sort(by: >) }
        for entry in gone.values.sorted(by: { $0.uri < $1.uri }) {
            guard let content = entry.content, let new = places[content]?.popLast() else {
                self.removed += 1
                continue
            }
            self.oldURIs[new] = entry.uri
            self.newURIs[entry.uri] = new
        }
    }

    func add(to values: inout [GateMeasure: Double]) {
        values[.relabelled] = Double(self.relabelled) / Double(max(1, self.kept))
        values[.olderDates] = Double(self.dateFell) / Double(max(1, self.dated))
    }
}

extension IndexSnapshot {
    /// Whether both embed texts and queries alike.
    func embeds(as other: IndexSnapshot) -> Bool {
        self.modelFingerprint == other.modelFingerprint && self.embedder == other.embedder
    }
}

/// How far the vectors of the same texts are apart in two indexes: 1 less their cosine, mean over the texts that
/// both have; nil where both are of one model, or have no text in common.
///
/// - Complexity: O(chunks) of both indexes, and ``driftSampleMax`` vectors.
func vectorDrift(
    from live: IndexSnapshot,
    to candidate: IndexSnapshot,
    workspace: String
) throws -> Double? {
    guard !candidate.embeds(as: live), live.dimensions > 0, candidate.dimensions > 0 else {
        return nil
    }
    var sample: [Digest: [Float]] = [:]
    try eachVector(of: live, workspace: workspace) { text, vector in
        if sample[text] == nil { sample[text] = vector() }
        return sample.count < driftSampleMax
    }
    var sum = 0.0
    var count = 0
    try eachVector(of: candidate, workspace: workspace) { text, vector in
        guard let old = sample.removeValue(forKey: text) else { return !sample.isEmpty }
        sum += 1 - cosine(old, vector())
        count += 1
        return !sample.isEmpty
    }
    return count == 0 ? nil : sum / Double(count)
}

/// Choice: the mean of so many is known to a hundredth.
private let driftSampleMax = 2_000

/// - Parameter visit: gets the hash of a text and its vector; false ends it.
private func eachVector(
    of index: IndexSnapshot,
    workspace: String,
    _ visit: (Digest, () -> [Float]) -> Bool
) throws {
    for segment in index.segments {
        let reader = try LiveSegmentReader(segment, workspace: workspace)
        let rows = reader.segment
        for row in 0..<rows.documentCount where reader.isLive(document: row) {
            for chunk in try rows.documentRow(row).chunks where rows.hasVector(chunk) {
                let text = try rows.chunkRow(chunk).textHash
                guard visit(text, { rows.vector(ofChunk: chunk) }) else { return }
            }
        }
    }
}

/// 0 for vectors of different lengths, which no one model makes.
func cosine(_ left: [Float], _ right: [Float]) -> Double {
    guard left.count == right.count else { return 0 }
    var (product, leftSquare, rightSquare) = (0.0, 0.0, 0.0)
    for (one, other) in zip(left, right) {
        product += Double(one) * Double(other)
        leftSquare += Double(one) * Double(one)
        rightSquare += Double(other) * Double(other)
    }
    let lengths = (leftSquare * rightSquare).squareRoot()
    return lengths > 0 ? product / lengths : 0
}
