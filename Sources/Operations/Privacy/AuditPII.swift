internal import Foundation
internal import Hashing
internal import Manifests
internal import Records
internal import Stages

/// What redaction did to the documents that are stored; never a value.
package struct PIIAuditReport: Sendable, Codable {
    package struct Count: Sendable, Codable, Hashable {
        package var kind: String
        package var action: String
        package var values: Int
        package var documents: Int
    }

    package struct Source: Sendable, Codable {
        package var source: String
        package var documents: Int
        package var documentsWithValues: Int
        package var kinds: [String: Int]
    }

    package struct Policy: Sendable, Codable {
        /// Empty for documents that went through none.
        package var hash: String
        package var documents: Int
        /// Whether the pipeline as it is would use another.
        package var isOutdated: Bool
    }

    package struct Run: Sendable, Codable {
        package var run: Int64
        package var verb: String
        package var startedMilliseconds: Int64
        /// Values by kind, over all that was stored when the run ended.
        package var kinds: [String: Int]
    }

    package var pipeline: String
    package var documents = 0
    package var values = 0
    package var counts: [Count] = []
    package var sources: [Source] = []
    package var policies: [Policy] = []
    package var runs: [Run] = []
    package var outdatedCount = 0
    /// The first of the documents under an outdated policy, by shard and id.
    package var outdated: [String] = []

    package static let outdatedShown = 100
    static let runsShown = 20
}

/// One redaction as ``auditDocument(workspace:uri:)`` shows it.
package struct PIIFindingReport: Sendable, Codable {
    package var kind: String
    package var rule: String
    package var action: String
    package var score: Float
    /// UTF-8 bytes of the clean text, around what stands there now.
    package var start: Int
    package var end: Int
    /// The first eight bytes of the value's keyed digest in hexadecimal; nil without a key.
    package var digest: String?
}

/// What redaction did to one document.
package struct PIIDocumentReport: Sendable, Codable {
    package var uri: String
    package var policy: String
    package var isOutdated: Bool
    package var findings: [PIIFindingReport]
}

/// Sums up what was redacted, by kind, source, policy and run.
///
/// - Throws: ``OperationError`` `.noSuchState` without a workspace.
package func auditPII(workspace root: String, pipeline: String) throws -> PIIAuditReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let policies = try PolicyHashes(
            try loadPipeline(path: pipeline, for: .inspection)
        )
        var tally = PIITally(policies)
        for manifest in try reader.shards() {
            try manifest.visitRedactions { tally.add($0) }
        }
        var report = tally.report(pipeline: pipeline)
        report.runs = try reader.catalog.runs(limit: PIIAuditReport.runsShown).compactMap(run)
        return report
    }
}

/// Every redaction of one document.
///
/// - Throws: ``OperationError`` `.noSuchState` for a document without a stored version.
package func auditDocument(
    workspace root: String,
    pipeline: String,
    uri: String
) throws -> PIIDocumentReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let policies = try PolicyHashes(
            try loadPipeline(path: pipeline, for: .inspection)
        )
        guard let document = try reader.document(uri: uri)?.record.version?.document else {
            throw OperationError(
                .noSuchState,
                "nothing is stored of \(uri); 'millrace explain' tells why"
            )
        }
        return PIIDocumentReport(
            uri: uri,
            policy: document.policy?.hex ?? "",
            isOutdated: policies.isOutdated(document.policy),
            findings: document.redactions.map(PIIFindingReport.init)
        )
    }
}

private func run(_ record: RunRecord) -> PIIAuditReport.Run? {
    guard let text = record.summary,
        let summary = try? JSONDecoder().decode(RunSummary.self, from: Data(text.utf8))
    else { return nil }
    return .init(
        run: record.id,
        verb: record.verb,
        startedMilliseconds: record.startedMilliseconds,
        kinds: summary.redactions
    )
}

extension PIIFindingReport {
    fileprivate init(_ redaction: Redaction) {
        self.init(
            kind: redaction.kind,
            rule: redaction.rule,
            action: redaction.action.name,
            score: redaction.score,
            start: redaction.range.lowerBound,
            end: redaction.range.upperBound,
            digest: redaction.digest.map { digest in
                let digits = String(digest, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }
        )
    }
}

private struct PIITally {
    private let policies: PolicyHashes
    private var counts: [KindAction: (values: Int, documents: Int)] = [:]
    private var sources: [String: PIIAuditReport.Source] = [:]
    private var hashes: [Digest?: Int] = [:]
    private var outdated: [String] = []
    private var outdatedCount = 0

    init(_ policies: PolicyHashes) { self.policies = policies }

    mutating func add(_ record: RedactionRecord) {
        self.hashes[record.policy, default: 0] += 1
        if self.policies.isOutdated(record.policy) {
            self.outdatedCount += 1
            if self.outdated.count < PIIAuditReport.outdatedShown {
                self.outdated.append(record.uri)
            }
        }
        var source =
            self.sources[record.source]
            ?? .init(source: record.source, documents: 0, documentsWithValues: 0, kinds: [:])
        source.documents += 1
        if !record.redactions.isEmpty { source.documentsWithValues += 1 }
        var seen: Set<KindAction> = []
        for redaction in record.redactions {
            let key = KindAction(kind: redaction.kind, action: redaction.action.name)
            self.counts[key, default: (0, 0)].values += 1
            if seen.insert(key).inserted { self.counts[key, default: (0, 0)].documents += 1 }
            source.kinds[redaction.kind, default: 0] += 1
        }
        self.sources[record.source] = source
    }

    func report(pipeline: String) -> PIIAuditReport {
        var report = PIIAuditReport(pipeline: pipeline)
        report.documents = self.hashes.values.reduce(0, +)
        report.values = self.counts.values.reduce(0) { $0 + $1.values }
        report.counts = self.counts.sorted { $0.key < $1.key }.map {
            .init(
                kind: $0.key.kind,
                action: $0.key.action,
                values: $0.value.values,
                documents: $0.value.documents
            )
        }
        report.sources = self.sources.values.sorted { $0.source < $1.source }
        report.policies = self.hashes.map { hash, documents in
            .init(
                hash: hash?.hex ?? "",
                documents: documents,
                isOutdated: self.policies.isOutdated(hash)
            )
        }
        .sorted { $0.hash < $1.hash }
        report.outdatedCount = self.outdatedCount
        report.outdated = self.outdated
        return report
    }
}
