internal import Connectors
internal import Dataflow
internal import Dispatch
internal import Execution
internal import Manifests
internal import Records
internal import Stages
internal import Synchronization

package struct PolicyDiffRequest: Sendable {
    package var old: String
    package var new: String
    /// A folder of documents, or the sources of a pipeline file.
    package var corpus: String?
    package var pipeline: String?
    package var workerCount = 1
    package var isolation = Isolation.currentExecutable

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
        /// Where they differ.
        package var counts: [Count]
    }

    package var documents = 0
    /// Neither policy got to see them: they cannot be read or extracted.
    package var unreadable = 0
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
    let documents = try listedDocuments(of: plan)
    let reading = DocumentReading(connectors: try makeConnectors(plan))
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
    return PolicyDiffReport(results.withLock { $0 }.compactMap { $0 })
}

/// One document under both policies.
private struct Comparison: Sendable {
    var uri: String
    var old: Outcome
    var new: Outcome

    struct Outcome: Sendable, Equatable {
        var state: String
        var text: Digest?
        var title = ""
        var metadata: [String: String] = [:]
        var counts: [Key: Int] = [:]
        var withheld: [Range<Int>] = []
    }

    struct Key: Sendable, Hashable, Comparable {
        var kind: String
        var action: String

        static func < (left: Key, right: Key) -> Bool {
            (left.kind, left.action) < (right.kind, right.action)
        }
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
                limits: WorkerLimits()
            )
        }
        self.old = try worker(old)
        self.new = try worker(new)
    }

    func compare(_ document: PendingDocument, _ reading: DocumentReading) throws -> Comparison? {
        guard case .success(let bytes) = reading.read(document) else { return nil }
        let request = PrepareRequest(
            raw: RawDocument(
                id: document.item.id,
                uri: document.item.uri,
                mediaType: document.listed.mediaType,
                bytes: bytes
            ),
            source: document.item.source
        )
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
                let key = Comparison.Key(kind: redaction.kind, action: redaction.action.name)
                self.counts[key, default: 0] += 1
            }
        case .failed(let failure): self.init(state: failure.code.rawValue)
        case .excluded: self.init(state: "excluded")
        }
    }
}

extension PolicyDiffReport {
    fileprivate init(_ comparisons: [Comparison]) {
        var totals: [Comparison.Key: (old: Int, new: Int)] = [:]
        for comparison in comparisons {
            self.documents += 1
            for (key, count) in comparison.old.counts { totals[key, default: (0, 0)].old += count }
            for (key, count) in comparison.new.counts { totals[key, default: (0, 0)].new += count }
            if comparison.old == comparison.new {
                let policyDecided = ["prepared", "excluded", "quarantined"]
                if policyDecided.contains(comparison.old.state) {
                    self.unchanged += 1
                } else {
                    self.unreadable += 1
                }
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
}

extension PolicyDiffReport.Document {
    fileprivate init(_ comparison: Comparison) {
        let keys = Set(comparison.old.counts.keys).union(comparison.new.counts.keys).sorted()
        self.init(
            uri: comparison.uri,
            old: comparison.old.state,
            new: comparison.new.state,
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

/// The pipeline that was named, or one of the usual stages over the folder.
private func corpusPlan(_ request: PolicyDiffRequest) throws -> Plan {
    if let pipeline = request.pipeline {
        let plan = try loadPipeline(path: pipeline)
        guard plan.nodes.contains(where: { $0.uses == redactStageName }) else {
            throw OperationError(.configuration, "\(pipeline) has no stage that redacts")
        }
        return plan
    }
    guard let corpus = request.corpus else {
        throw OperationError(
            .configuration,
            "name the documents to compare: a folder with --corpus, or --pipeline"
        )
    }
    do {
        return try parsePlan(
            text: usualPipeline,
            file: "--corpus",
            catalogue: pipelineCatalogue,
            overrides: ["sources.corpus.path": absolutePath(corpus)]
        )
    } catch {
        throw OperationError(.configuration, "\(error)")
    }
}

private let usualPipeline = """
    version: 1
    name: policy-diff
    workspace: /nonexistent
    shards: 1
    sources:
      corpus: { type: folder, path: /nonexistent }
    stages:
      html:      { uses: extract-html, from: corpus }
      pdf:       { uses: extract-pdf, from: corpus }
      markdown:  { uses: extract-markdown, from: corpus }
      text:      { uses: extract-text, from: corpus }
      epub:      { uses: extract-epub, from: corpus }
      docx:      { uses: extract-docx, from: corpus }
      normalise: { uses: normalise, from: [html, pdf, markdown, text, epub, docx] }
      language:  { uses: detect-language, from: normalise }
      redact:    { uses: redact-pii, from: language }
      chunk:     { uses: chunk, from: redact, tokenizer: words }
      index:     { uses: index, from: chunk, vectors: none }
    """

/// Every document of the plan's sources, in their order.
private func listedDocuments(of plan: Plan) throws -> [PendingDocument] {
    var documents: [PendingDocument] = []
    for (name, connector) in try makeConnectors(plan).sorted(by: { $0.key < $1.key }) {
        do {
            _ = try connector.list { listed in
                let item = SourceItem(
                    id: listed.id,
                    uri: listed.uri,
                    source: name,
                    priority: 0,
                    size: listed.size,
                    modificationNanoseconds: listed.modificationNanoseconds,
                    inode: listed.inode
                )
                documents.append(PendingDocument(item: item, listed: listed, isKnown: false))
            }
        } catch {
            throw OperationError(.fatal, "source '\(name)' cannot be listed: \(error)")
        }
    }
    return documents
}
