internal import Dataflow
internal import Hashing
internal import Records
internal import Redact
internal import Stages
internal import Text

/// `{"id","text"}` → normalised text.
final class NormaliseFilter: StageFilter {
    private let normaliser = TextNormaliser()

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let text = try line.required(line.text, "text")
        var output: [UInt8] = []
        var report = NormaliseReport()
        text.withUnsafeBufferPointer {
            self.normaliser.normalise($0, into: &output, report: &report)
        }
        return TextLine(id: line.id, text: output)
    }
}

/// `{"id","text"}` → language, alternatives and spans.
final class LanguageFilter: StageFilter {
    private let detector: LanguageDetector

    init(_ node: PlanNode) throws {
        do {
            self.detector = try languageDetector(of: node)
        } catch {
            throw OperationError(.configuration, "\(error)")
        }
    }

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let text = try line.required(line.text, "text")
        let result = text.withUnsafeBufferPointer {
            self.detector.detect($0, hint: nil, spans: true)
        }
        return LanguageLine(
            id: line.id,
            language: result.language,
            confidence: result.confidence,
            alternatives: result.alternatives.map { .init(language: $0.language, share: $0.share) },
            spans: result.spans.map {
                .init(start: $0.range.lowerBound, end: $0.range.upperBound, language: $0.language)
            }
        )
    }
}

/// `{"id","text"}` → redacted text, and spans in code points of the input.
final class RedactFilter: StageFilter {
    private let redactor: PolicyRedactor

    init(_ node: PlanNode) throws {
        do {
            self.redactor = try makePolicyRedactor(try readingPolicy(node))
        } catch {
            throw OperationError(.configuration, "\(error)")
        }
    }

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let text = try line.required(line.text, "text")
        let result = self.redactor.redact(text)
        let bounds = result.findings.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
        let offsets = text.withUnsafeBufferPointer { codePointOffsets(of: bounds, in: $0) }
        return RedactLine(
            id: line.id,
            text: result.text,
            spans: result.findings.enumerated().map { index, finding in
                .init(
                    start: offsets[2 * index],
                    end: offsets[2 * index + 1],
                    type: finding.kind.rawValue,
                    rule: finding.rule,
                    score: finding.score,
                    action: finding.action.name
                )
            }
        )
    }
}

/// All `{"id","text"}` → which are kept, in which groups, at the end of the input.
///
/// The id is taken for the document's path; `title`, `priority` and `metadata` are read where a line has
/// them.
final class DedupeFilter: StageFilter {
    private let rule: DedupeRule
    private var builder = SignatureBuilder()
    private var comparedText = ComparedText()
    private var ids: [StageLineID] = []
    private var items: [DedupeItem] = []

    init(_ node: PlanNode) { self.rule = dedupeRule(node) }

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let text = self.comparedText.join(
            title: line.title ?? "",
            try line.required(line.text, "text")
        )
        let uri = line.id.text
        let (signature, shingles) = text.withUnsafeBufferPointer {
            self.builder.signatureAndShingles(of: $0)
        }
        self.ids.append(line.id)
        self.items.append(
            DedupeItem(
                preference: PreferenceKey(
                    uri: uri,
                    priority: line.priority ?? 0,
                    canonical: CanonicalRank(uri: uri, canonical: line.metadata?["canonical"]),
                    modified: line.metadata?["modified"].flatMap(documentDate)
                ),
                signature: signature,
                shingles: shingles,
                text: self.rule.near == .facts ? text : []
            )
        )
        return nil
    }

    func finish() throws -> [any StageAnswer] {
        try zip(self.ids, dedupe(self.items, rule: self.rule)).map { id, decision in
            DedupeLine(
                id: id,
                kept: decision.isKept,
                canonical: self.ids[decision.canonical],
                similarity: decision.similarity,
                group: decision.leader.map { self.ids[$0] }
            )
        }
    }
}
