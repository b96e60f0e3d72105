@testable import Redact

/// What a policy of these kinds finds, as spans of the text it was given.
struct TestScanner {
    private let redactor: PolicyRedactor

    init(
        kinds: Set<PIIKind> = Set(PIIKind.structured),
        minimumScore: Float = 0.5,
        names: NameTable? = nil
    ) {
        var policy = RedactionPolicy()
        policy.kinds = kinds
        policy.threshold = minimumScore
        guard let redactor = try? PolicyRedactor(policy, names: names) else {
            preconditionFailure("placeholders need no key")
        }
        self.redactor = redactor
    }

    func scan(_ text: UnsafeBufferPointer<UInt8>) -> [PIISpan] {
        var steps = 0
        return self.scan(text, steps: &steps)
    }

    func scan(_ text: UnsafeBufferPointer<UInt8>, steps: inout Int) -> [PIISpan] {
        self.redactor.redact(Array(text), steps: &steps).findings.map {
            PIISpan(range: $0.range, kind: $0.kind, rule: $0.rule, score: $0.score)
        }
    }
}

extension RedactedText {
    /// Each span replaced by its kind's placeholder.
    init(_ text: UnsafeBufferPointer<UInt8>, spans: [PIISpan]) {
        self.init(
            text,
            replacing: spans.map { Replacement(range: $0.range, text: $0.kind.placeholder) }
        )
    }
}
