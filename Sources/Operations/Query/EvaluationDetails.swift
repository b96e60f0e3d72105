internal import Manifests
internal import Records
internal import Search
internal import Segments

/// A part of the queries, by what their relevant documents are.
package struct EvaluationPart: Sendable, Codable, Hashable {
    /// `language` or `source`.
    package var by: String
    package var name: String
    package var queries: Int
    package var ndcg10: Double
    package var recall: Double
}

/// Why relevant documents were not among the answers, with how many each time.
package struct EvaluationMisses: Sendable, Codable, Hashable {
    /// Relevant documents, over all queries, that were not among the first.
    package var total = 0
    /// No document goes by that name in the snapshot, nor in the manifests.
    package var notIndexed = 0
    /// A document that repeats another one, which is served instead.
    package var removedAsDuplicate = 0
    /// Known, and not served: excluded or failed.
    package var notServed = 0
    /// Of those ranked low: documents that have the query's words, but no chunk has as many as all together.
    package var splitOverChunks = 0
    /// Served to others: documents with an access label that whom the queries are asked for does not hold.
    package var filteredByAccess = 0
    /// Served, and ranked lower than asked for.
    package var rankedLow = 0
    /// The first queries with such a document, by id.
    package var queries: [String] = []

    package static let shown = 20
}

/// What two snapshots differ in on the same queries.
package struct EvaluationComparison: Sendable, Codable, Hashable {
    /// The snapshot that was compared with, of the same workspace or of the other pipeline's.
    package var snapshot: Int
    package var ndcg10: Double
    /// By how much this one is better; below 0 for worse.
    package var gain: Double
    /// The chance of a difference of this size where there is none, one-sided, of a permutation test.
    package var p: Double
    package var better: Int
    package var worse: Int
}

/// The documents of a snapshot's index by the names that judgements may use.
struct JudgedDocuments {
    struct Entry {
        let id: DocumentID
        let uri: String
        let language: String
        let source: String
        let labels: [String]
    }

    private var byName: [String: Entry] = [:]
    /// The names of sources, ascending.
    private(set) var sources: [String] = []

    init(_ snapshot: Snapshot, index: String, workspace: String) throws {
        for segment in snapshot.indexes.first(where: { $0.name == index })?.segments ?? [] {
            let reader = try LiveSegmentReader(segment, workspace: workspace)
            for row in 0..<reader.segment.documentCount where reader.isLive(document: row) {
                let document = try reader.segment.document(row)
                let entry = Entry(
                    id: document.id,
                    uri: document.uri,
                    language: document.language,
                    source: document.source,
                    labels: SegmentDocument.labels(in: document.metadata)
                )
                if !self.sources.contains(entry.source) { self.sources.append(entry.source) }
                for name in judgedNames(of: document.uri) where self.byName[name] == nil {
                    self.byName[name] = entry
                }
            }
        }
        self.sources.sort()
    }

    func entry(_ name: String) -> Entry? { self.byName[name] }
}

/// The names by which judgements may mean a document, the fullest first.
func judgedNames(of uri: String) -> [String] {
    let path = uri.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init) ?? uri
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return [uri, path, file, stem]
}

extension EvaluationPart {
    /// The parts by language and by source of the first relevant document that is served, by name.
    static func parts(
        _ scores: QueryScores,
        recall: [Double],
        judgements: Judgements,
        documents: JudgedDocuments
    ) -> [EvaluationPart] {
        var rows: [String: [String: [Int]]] = ["language": [:], "source": [:]]
        for (index, query) in scores.queries.enumerated() {
            let relevant = (judgements[query] ?? [:]).filter { $0.value > 0 }.keys.sorted()
            guard let entry = relevant.lazy.compactMap(documents.entry).first else { continue }
            rows["language"]?[entry.language, default: []].append(index)
            rows["source"]?[entry.source, default: []].append(index)
        }
        return rows.sorted { $0.key < $1.key }.flatMap { by, names in
            names.sorted { $0.key < $1.key }.map { name, indices in
                EvaluationPart(
                    by: by,
                    name: name,
                    queries: indices.count,
                    ndcg10: mean(indices.map { scores.ndcg10[$0] }),
                    recall: mean(indices.map { recall[$0] })
                )
            }
        }
    }
}

extension EvaluationMisses {
    /// Sorts every relevant document that is not among the first `count` into why.
    init(
        rankings: [String: [String]],
        judged: JudgedQueries,
        count: Int,
        documents: JudgedDocuments,
        labels: Set<String>?,
        searcher: Searcher,
        reader: WorkspaceReader?
    ) throws {
        self.init()
        let texts = Dictionary(judged.queries.map { ($0.id, $0.text) }) { first, _ in first }
        for (query, grades) in judged.judgements.sorted(by: { $0.key < $1.key }) {
            let found = Set((rankings[query] ?? []).prefix(count))
            let missed = grades.filter { $0.value > 0 && !found.contains($0.key) }.keys.sorted()
            for name in missed {
                self.total += 1
                if let entry = documents.entry(name) {
                    if let labels, !labels.isSuperset(of: entry.labels) {
                        self.filteredByAccess += 1
                        continue
                    }
                    self.rankedLow += 1
                    if try searcher.splitsWords(of: texts[query] ?? "", in: entry.id) {
                        self.splitOverChunks += 1
                    }
                } else {
                    try self.noteAbsent(name, documents.sources, reader)
                }
            }
            if !missed.isEmpty, self.queries.count < Self.shown { self.queries.append(query) }
        }
    }

    private mutating func noteAbsent(
        _ name: String,
        _ sources: [String],
        _ reader: WorkspaceReader?
    ) throws {
        let uris = [name] + sources.map { "\($0)/\(name)" }
        for uri in uris {
            guard let record = try reader?.document(uri: uri)?.record else { continue }
            if record.resolution.canonical != nil {
                self.removedAsDuplicate += 1
            } else {
                self.notServed += 1
            }
            return
        }
        self.notIndexed += 1
    }
}
