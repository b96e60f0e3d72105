internal import Connectors
internal import Dataflow
internal import Dispatch
internal import Execution
internal import Manifests
internal import Records
internal import Stages
internal import Synchronization
internal import WorkerMessages

package struct PolicyDiffRequest: Sendable {
    package var old: String
    package var new: String
    /// A folder of documents, or the sources of a pipeline file.
    package var corpus: String?
    package var pipeline: String?
    package var workerCount = 1
    package var isolation = Isolation.standard

    package init(old: String, new: String) {
        self.old = old
        self.new = new
    }
}

/// What another policy would change; counts and kinds, never values.
package struct PolicyDiffReport: Sendable, Codable {
    /// How often a kind met an action, before and after.
    package struct Count: Sendable, Codable, Hashable {
        package var kind: String
        package var action: String
        package var old: Int
        package var new: Int
    }

    package struct Document: Sendable, Codable {
        package var uri: String
        /// `prepared`, or why it is not: the code of its dead letter, or `excluded`.
        package var old: String
        package var new: String
        /// What differs: `text`, `title`, `metadata`, or `chunks` that are not kept.
        package var parts: [String]
        /// Where they differ in the text.
        package var counts: [Count]
    }

    /// A document that neither policy got to see.
    package struct Unreadable: Sendable, Codable, Hashable {
        package var uri: String
        /// `read`, or the stage that could not take it.
        package var stage: String
        package var code: String
    }

    package var documents = 0
    /// Neither policy got to see them: they cannot be read or extracted.
    package var unreadable = 0
    /// The first of those, in the order of the sources.
    package var unreadableDocuments: [Unreadable] = []
    /// What could not be listed; documents may be missing here.
    package var listingProblems: [String] = []
    /// False when a file was not read or not listed, so that it may hold what neither policy saw.
    package var isWhole = true
    package var unchanged = 0
    package var changed = 0
    /// Over all documents, by kind and action.
    package var counts: [Count] = []
    /// The first of the changed ones, in the order of URIs.
    package var changes: [Document] = []

    package static let changesShown = 100
}

/// Prepares every document under both policies and compares what is left of it.
///
/// Nothing is stored. The documents go through the same confined processes as in a run.
package func comparePolicies(_ request: PolicyDiffRequest) throws -> PolicyDiffReport {
    let plan = try corpusPlan(request)
    let nodes = plan.nodes(in: .prepare)
    let old = try replacing(try readPolicy(request.old), in: nodes)
    let new = try replacing(try readPolicy(request.new), in: nodes)
    let corpus = try PolicyCorpus(of: plan)
    let documents = corpus.documents
    let reading = DocumentReading(connectors: corpus.connectors)
    let results = Mutex([Comparison?](repeating: nil, count: documents.count))
    let failure = Mutex<(any Error)?>(nil)
    let workers = max(1, min(request.workerCount, documents.count))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
        do {
            let pair = try WorkerPair(old: old, new: new, isolation: request.isolation)
            for index in stride(from: worker, to: documents.count, by: workers) {
                let comparison = try pair.compare(documents[index], reading)
                results.withLock { $0[index] = comparison }
            }
        } catch {
            failure.withLock { $0 = error }
        }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return PolicyDiffReport(
        results.withLock { $0 }.compactMap { $0 },
        listingProblems: corpus.problems
    )
}

/// One document under both policies.
private struct Comparison: Sendable {
    var uri: String
    var old: Outcome
    var new: Outcome

    struct Outcome: Sendable, Equatable {
        var state: String
        /// The stage that failed; empty where none did.
        var stage = ""
        var text: Digest?
        var title = ""
        var metadata: [String: String] = [:]
        var counts: [KindAction: Int] = [:]
        var withheld: [Range<Int>] = []
    }
}

private struct WorkerPair {
    private let old: PrepareWorker
    private let new: PrepareWorker

    init(old: [PlanNode], new: [PlanNode], isolation: Isolation) throws {
        func worker(_ nodes: [PlanNode]) throws -> PrepareWorker {
            try PrepareWorker(
                isolation: isolation,
                nodes: nodes,
                wantsSignature: false,
                limits: .reading(nodes)
            )
        }
        self.old = try worker(old)
        self.new = try worker(new)
    }

    /// Nil for a document that is not there any more.
    func compare(_ document: PendingDocument, _ reading: DocumentReading) throws -> Comparison? {
        let raw: RawDocument
        switch reading.read(document) {
        case .document(let read): raw = read.raw
        case .failed(let failure):
            let outcome = Comparison.Outcome(.failed(failure))
            return Comparison(uri: document.item.uri, old: outcome, new: outcome)
        case .gone:
            return nil
        }
        let request = PrepareRequest(raw: raw, source: document.item.source)
        return Comparison(
            uri: document.item.uri,
            old: Comparison.Outcome(try self.old.prepare(request).outcome),
            new: Comparison.Outcome(try self.new.prepare(request).outcome)
        )
    }
}

extension Comparison.Outcome {
    fileprivate init(_ outcome: PrepareOutcome) {
        switch outcome {
        case .prepared(let document):
            self.init(state: "prepared", text: document.textHash)
            self.title = document.title
            self.metadata = document.metadata
            self.withheld = document.redactions.withheldRanges
            for redaction in document.redactions {
                let key = KindAction(kind: redaction.kind, action: redaction.action.name)
                self.counts[key, default: 0] += 1
            }
        case .failed(let failure):
            self.init(state: failure.code.rawValue, stage: failure.stage)
        case .excluded: self.init(state: "excluded")
        }
    }
}

extension PolicyDiffReport {
    fileprivate init(_ comparisons: [Comparison], listingProblems: [String]) {
        self.listingProblems = listingProblems
        self.isWhole = listingProblems.isEmpty
        var totals: [KindAction: (old: Int, new: Int)] = [:]
        for comparison in comparisons {
            self.documents += 1
            for (key, count) in comparison.old.counts { totals[key, default: (0, 0)].old += count }
            for (key, count) in comparison.new.counts { totals[key, default: (0, 0)].new += count }
            if comparison.old == comparison.new {
                self.addUnchanged(comparison)
                continue
            }
            self.changed += 1
            guard self.changes.count < Self.changesShown else { continue }
            self.changes.append(Document(comparison))
        }
        self.counts = totals.sorted { $0.key < $1.key }.map {
            Count(kind: $0.key.kind, action: $0.key.action, old: $0.value.old, new: $0.value.new)
        }
    }

    private mutating func addUnchanged(_ comparison: Comparison) {
        let outcome = comparison.old
        if ["prepared", "excluded", "quarantined"].contains(outcome.state) {
            self.unchanged += 1
            return
        }
        self.unreadable += 1
        if outcome.stage == "read" { self.isWhole = false }
        guard self.unreadableDocuments.count < Self.changesShown else { return }
        self.unreadableDocuments.append(
            Unreadable(uri: comparison.uri, stage: outcome.stage, code: outcome.state)
        )
    }
}

extension PolicyDiffReport.Document {
    fileprivate init(_ comparison: Comparison) {
        let (old, new) = (comparison.old, comparison.new)
        let keys = Set(old.counts.keys).union(new.counts.keys).sorted()
        let differs = [
            ("text", old.text != new.text), ("title", old.title != new.title),
            ("metadata", old.metadata != new.metadata), ("chunks", old.withheld != new.withheld),
        ]
        self.init(
            uri: comparison.uri,
            old: old.state,
            new: new.state,
            parts: differs.filter(\.1).map(\.0),
            counts: keys.compactMap { key in
                let (old, new) = (
                    comparison.old.counts[key] ?? 0, comparison.new.counts[key] ?? 0
                )
                guard old != new else { return nil }
                return .init(kind: key.kind, action: key.action, old: old, new: new)
            }
        )
    }
}

private func replacing(_ file: PolicyFile, in nodes: [PlanNode]) throws -> [PlanNode] {
    do {
        return try file.replacing(in: nodes)
    } catch {
        throw OperationError(.configuration, "\(error)")
    }
}
