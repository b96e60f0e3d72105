internal import Dataflow
internal import Extraction
internal import Hashing
internal import Records
internal import Stages
internal import Storage
internal import Text

/// `{"id","path"}` → text, Markdown, metadata, blocks and warnings.
final class ExtractFilter: StageFilter {
    private static let fileBytesMaximum = 1 << 30
    private let router: ContentRouter

    init(_ nodes: [PlanNode]) throws { self.router = try ContentRouter(nodes: nodes) }

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let path = try line.required(line.path, "path")
        let content = try self.router.content(
            of: try self.read(path),
            declared: MediaType(ofPath: path)
        )
        return ExtractLine(id: line.id, content: content)
    }

    private func read(_ path: String) throws -> [UInt8] {
        do {
            return try readFile(path, maximumBytes: Self.fileBytesMaximum)
        } catch {
            let code = error.code == .notFound ? "missing" : "unreadable"
            throw StageLineError(code: code, message: error.message)
        }
    }
}

/// `{"id","text"}` → normalised text.
final class NormaliseFilter: StageFilter {
    private let normaliser = TextNormaliser()

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let text = Array(try line.required(line.text, "text").utf8)
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
        let text = Array(try line.required(line.text, "text").utf8)
        let result = text.withUnsafeBufferPointer {
            self.detector.detect($0, hint: nil, spans: true)
        }
        return LanguageLine(
            id: line.id,
            language: result.language,
            confidence: result.confidence,
            alternatives: result.alternatives.map {
                .init(language: $0.language, share: $0.share, confidence: $0.share)
            },
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
        let text = Array(try line.required(line.text, "text").utf8)
        let result = self.redactor.redact(text)
        let bounds = result.findings.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
        let offsets = text.withUnsafeBufferPointer { codePointOffsets(of: bounds, in: $0) }
        return RedactLine(
            id: line.id,
            text: String(decoding: result.text, as: UTF8.self),
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

/// All `{"id","text"}` → which are kept, at the end of the input.
final class DedupeFilter: StageFilter {
    private let threshold: Double
    private var builder = SignatureBuilder()
    private var items: [(id: StageLineID, signature: Signature)] = []

    init(_ node: PlanNode) { self.threshold = dedupeThreshold(node) }

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let text = Array(try line.required(line.text, "text").utf8)
        let signature = text.withUnsafeBufferPointer { self.builder.signature(of: $0) }
        self.items.append((line.id, signature))
        return nil
    }

    func finish() -> [any StageAnswer] {
        let decisions = dedupe(
            self.items.map { (key: $0.id.text, signature: $0.signature) },
            threshold: self.threshold
        )
        return zip(self.items, decisions).map { item, decision in
            DedupeLine(
                id: item.id,
                kept: decision.isKept,
                canonical: self.items[decision.canonical].id,
                similarity: decision.similarity
            )
        }
    }
}
