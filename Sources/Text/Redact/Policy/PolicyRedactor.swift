package import Records

/// What a policy did with one value: enough for an audit, never the value.
package struct PolicyFinding: Hashable, Sendable {
    package var kind: PIIKind
    package var rule: String
    package var score: Float
    package var action: RedactionPolicy.Action
    /// Bytes of the text before redaction.
    package var range: Range<Int>
    /// Bytes of the text after it.
    package var redactedRange: Range<Int>
    /// The first eight bytes of the keyed digest of the value; nil without a key.
    package var digest: UInt64?
}

/// A text after a policy.
package struct PolicyResult: Sendable {
    package var text: [UInt8]
    package var findings: [PolicyFinding]

    /// The strictest thing that a finding asks for the whole document.
    package var isDropped: Bool { self.findings.contains { $0.action == .dropDocument } }
    package var isQuarantined: Bool { self.findings.contains { $0.action == .quarantine } }
}

/// A policy made ready to redact texts.
package struct PolicyRedactor: Sendable {
    package let policy: RedactionPolicy
    /// Identifies ``RedactionPolicy/hash``.
    package let hash: Digest
    private let scanner: PIIScanner
    private let terms: OwnTerms
    private let patterns: [(name: String, pattern: TermPattern)]
    private let key: PseudonymKey?
    private let allowed: [(list: RedactionPolicy.AllowList, values: Set<[UInt8]>)]

    package enum PreparationError: Error, Hashable, Sendable {
        /// The policy makes pseudonyms, and the key of this id was not given.
        case missingKey(id: String)
    }

    /// - Parameter key: the key whose id the policy names; also digests values for the audit.
    /// - Parameter names: gazetteers for persons and addresses; without them those kinds rest on
    ///   shapes and words around them.
    package init(
        _ policy: RedactionPolicy,
        key: PseudonymKey? = nil,
        names: NameTable? = nil
    ) throws(PreparationError) {
        let fitting = key.flatMap { policy.keyID.isEmpty || $0.id == policy.keyID ? $0 : nil }
        if policy.needsKey, fitting == nil { throw .missingKey(id: policy.keyID) }
        self.policy = policy
        self.hash = policy.hash
        self.key = fitting
        self.scanner = PIIScanner(
            kinds: policy.kinds,
            minimumScore: policy.scanThreshold,
            names: names
        )
        self.terms = OwnTerms(policy.dictionaries)
        self.patterns = policy.patterns.compactMap { shape in
            TermPattern(shape.pattern).map { (shape.name, $0) }
        }
        self.allowed = policy.allowed.map { list in
            (list, Set(list.values.map { normalisedValue(Array($0.utf8), kind: .custom) }))
        }
    }

    /// Redacts one text of a document from `source` in `language`.
    ///
    /// - Complexity: O(n).
    package func redact(
        _ text: [UInt8],
        source: String = "",
        language: String = ""
    ) -> PolicyResult {
        let findings = text.withUnsafeBufferPointer { bytes in
            self.findings(in: bytes, source: source, language: language)
        }
        let replaced = findings.filter { $0.action != .allow }
        guard !replaced.isEmpty else { return PolicyResult(text: text, findings: findings) }
        let redacted = self.splice(text, replaced)
        var placed = replaced
        for (index, range) in redacted.placeholders.enumerated() {
            placed[index].redactedRange = range
        }
        let kept = findings.filter { $0.action == .allow }.map { finding in
            var finding = finding
            finding.redactedRange = redacted.redactedRange(of: finding.range)
            return finding
        }
        return PolicyResult(
            text: redacted.bytes,
            findings: (placed + kept).sorted { $0.range.lowerBound < $1.range.lowerBound }
        )
    }

    func splice(_ text: [UInt8], _ findings: [PolicyFinding]) -> RedactedText {
        text.withUnsafeBufferPointer { bytes in
            RedactedText(
                bytes,
                replacing: findings.map {
                    Replacement(
                        range: $0.range,
                        text: replacement(
                            for: Array(bytes[$0.range]),
                            kind: $0.kind,
                            action: $0.action,
                            key: self.key
                        )
                    )
                }
            )
        }
    }

    private func findings(
        in text: UnsafeBufferPointer<UInt8>,
        source: String,
        language: String
    ) -> [PolicyFinding] {
        var spans = self.scanner.scan(text)
        if !self.policy.context.isEmpty {
            spans = spans.map { self.raised($0, in: text) }
        }
        var own = self.terms.spans(in: text)
        for (name, pattern) in self.patterns {
            own += pattern.matches(in: text).map {
                PIISpan(range: $0, kind: .custom, rule: "pattern.\(name)", score: 1)
            }
        }
        if !own.isEmpty { spans = resolved(spans + own) }
        return spans.compactMap { span in
            let decision = self.policy.decision(
                kind: span.kind,
                rule: span.rule,
                source: source,
                language: language
            )
            guard span.score >= decision.threshold else { return nil }
            let value = Array(text[span.range])
            let isAllowed = self.isAllowed(value, kind: span.kind)
            return PolicyFinding(
                kind: span.kind,
                rule: span.rule,
                score: span.score,
                action: isAllowed ? .allow : decision.action,
                range: span.range,
                redactedRange: span.range,
                digest: self.key.map { key in
                    key.digest(of: value, kind: span.kind)[..<8].reduce(UInt64(0)) {
                        $0 << 8 | UInt64($1)
                    }
                }
            )
        }
    }

    private func raised(_ span: PIISpan, in text: UnsafeBufferPointer<UInt8>) -> PIISpan {
        var span = span
        let reach = max(0, span.range.lowerBound - ScanPass.contextReach)..<span.range.lowerBound
        let before = String(decoding: text[reach], as: UTF8.self).lowercased()
        for context in self.policy.context where context.kind == span.kind {
            if context.words.contains(where: { before.contains($0.lowercased()) }) {
                span.score = min(1, span.score + context.raise)
            }
        }
        return span
    }

    private func isAllowed(_ value: [UInt8], kind: PIIKind) -> Bool {
        guard !self.allowed.isEmpty else { return false }
        let normal = normalisedValue(value, kind: .custom)
        return self.allowed.contains { list, values in
            guard list.kinds.isEmpty || list.kinds.contains(kind) else { return false }
            return values.contains(normal)
                || list.suffixes.contains { normal.suffix($0.utf8.count).elementsEqual($0.utf8) }
        }
    }
}

extension RedactionPolicy {
    /// The policy's cases that do not come out as expected: their places in ``cases``.
    package func failingCases(
        key: PseudonymKey?,
        names: NameTable?
    ) throws(PolicyRedactor.PreparationError) -> [Int] {
        let redactor = try PolicyRedactor(self, key: key, names: names)
        return self.cases.indices.filter { index in
            let test = self.cases[index]
            let result = redactor.redact(
                Array(test.text.utf8),
                source: test.source,
                language: test.language
            )
            return !result.text.elementsEqual(test.expected.utf8)
        }
    }
}

/// Redacts the document's text, title and metadata by a policy.
///
/// - Output: as of ``redact(_:scanner:)``; the findings are those of the text.
/// - Throws: ``StageError`` `.excluded` where the policy drops or quarantines the document.
package func redact(
    _ document: inout Document,
    by redactor: PolicyRedactor,
    source: String
) throws(StageError) -> [PolicyFinding] {
    let language = document.language?.language ?? ""
    let result = redactor.redact(document.text, source: source, language: language)
    var others = 0
    func clean(_ value: String) throws(StageError) -> String {
        let cleaned = redactor.redact(Array(value.utf8), source: source, language: language)
        try requireKept(cleaned)
        others += cleaned.findings.filter { $0.action != .allow }.count
        return cleaned.findings.isEmpty ? value : String(decoding: cleaned.text, as: UTF8.self)
    }
    try requireKept(result)
    let replaced = result.findings.filter { $0.action != .allow }
    if !replaced.isEmpty {
        let redacted = redactor.splice(document.text, replaced)
        document.take(
            redacted,
            redactions: replaced.map {
                Redaction(kind: $0.kind.rawValue, rule: $0.rule, range: $0.redactedRange)
            }
        )
    }
    document.title = try clean(document.title)
    for key in document.metadata.keys.sorted() {
        guard let value = document.metadata[key] else { continue }
        document.metadata[key] = try clean(value)
    }
    document.warn("redacted_metadata", count: others)
    return result.findings
}

private func requireKept(_ result: PolicyResult) throws(StageError) {
    if result.isDropped {
        throw StageError(.excluded, "the policy drops documents with such a value")
    }
    if result.isQuarantined {
        throw StageError(
            .excluded,
            "quarantined: the policy wants a document with such a value seen"
        )
    }
}
