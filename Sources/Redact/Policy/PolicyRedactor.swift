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
    /// The way back to the offsets of the source; nil where nothing was replaced.
    var redacted: RedactedText?
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
    /// Redacting the result again changes nothing.
    ///
    /// - Complexity: O(n).
    package func redact(
        _ text: [UInt8],
        source: String = "",
        language: String = ""
    ) -> PolicyResult {
        var steps = 0
        return self.redact(text, source: source, language: language, steps: &steps)
    }

    /// Adds the bytes looked at to `steps`.
    func redact(
        _ text: [UInt8],
        source: String = "",
        language: String = "",
        steps: inout Int
    ) -> PolicyResult {
        let document = DocumentFacts(source: source, language: language)
        let all = self.findings(in: text, document, steps: &steps)
        let kept = all.filter { $0.action == .allow }
        var replaced = all.filter { $0.action != .allow }
        guard !replaced.isEmpty else { return PolicyResult(text: text, findings: kept) }
        var redacted = self.splice(text, replaced, document)
        // Words have moved nearer to each other; nearly always the second look finds nothing.
        for _ in 1..<PIIScanner.roundLimit {
            let more = self.findings(
                in: redacted.bytes,
                document,
                around: redacted.placeholders,
                steps: &steps
            )
            .filter { $0.action != .allow }
            if more.isEmpty { break }
            replaced = merged(
                replaced
                    + more.map { finding in
                        var finding = finding
                        finding.range = redacted.sourceRange(of: finding.range)
                        return finding
                    }
            )
            redacted = self.splice(text, replaced, document)
        }
        for (index, range) in redacted.placeholders.enumerated() {
            replaced[index].redactedRange = range
        }
        let standing = kept.filter { finding in
            !replaced.contains { $0.range.overlaps(finding.range) }
        }
        .map { finding in
            var finding = finding
            finding.redactedRange = redacted.redactedRange(of: finding.range)
            return finding
        }
        return PolicyResult(
            text: redacted.bytes,
            findings: (replaced + standing).sorted { $0.range.lowerBound < $1.range.lowerBound },
            redacted: redacted
        )
    }

    /// What the second, plain detector finds in a text that was redacted, where the policy would not
    /// have let it stand.
    ///
    /// - Complexity: O(n), many times slower than ``redact(_:source:language:)``.
    package func plainFindings(
        in text: [UInt8],
        source: String = "",
        language: String = ""
    ) -> [PolicyFinding] {
        let spans = PlainDetector.spans(in: text).filter { self.policy.kinds.contains($0.kind) }
        let document = DocumentFacts(source: source, language: language)
        return text.withUnsafeBufferPointer { self.decided(spans, in: $0, document) }
            .filter { $0.action != .allow }
    }

    private func splice(
        _ text: [UInt8],
        _ findings: [PolicyFinding],
        _ document: DocumentFacts
    ) -> RedactedText {
        text.withUnsafeBufferPointer { bytes in
            RedactedText(
                bytes,
                replacing: findings.map {
                    Replacement(
                        range: $0.range,
                        text: replacement(
                            for: Array(bytes[$0.range]),
                            kind: $0.kind,
                            rule: $0.rule,
                            action: $0.action,
                            language: document.language,
                            key: self.key
                        )
                    )
                }
            )
        }
    }

    /// What of a document decides beside the value.
    private struct DocumentFacts {
        var source: String
        var language: String
    }

    /// - Parameter placeholders: where the text was replaced; elsewhere it reads as it did. Nil for
    ///   a text that was not looked at yet.
    private func findings(
        in text: [UInt8],
        _ document: DocumentFacts,
        around placeholders: [Range<Int>]? = nil,
        steps: inout Int
    ) -> [PolicyFinding] {
        text.withUnsafeBufferPointer { text in
            let spans =
                placeholders.map { self.scanner.scanAround($0, in: text, steps: &steps) }
                ?? self.scanner.scanOnce(text, steps: &steps)
            return self.decided(self.withOwn(spans, in: text), in: text, document)
        }
    }

    /// The spans with the operator's own terms and patterns, raised by the policy's context words.
    private func withOwn(
        _ spans: [PIISpan],
        in text: UnsafeBufferPointer<UInt8>
    ) -> [PIISpan] {
        let raised =
            self.policy.context.isEmpty ? spans : spans.map { self.raised($0, in: text) }
        var own = self.terms.spans(in: text)
        for (name, pattern) in self.patterns {
            own += pattern.matches(in: text).map {
                PIISpan(range: $0, kind: .custom, rule: "pattern.\(name)", score: 1)
            }
        }
        return own.isEmpty ? raised : resolved(raised + own)
    }

    /// What the policy does with each span that is sure enough.
    private func decided(
        _ spans: [PIISpan],
        in text: UnsafeBufferPointer<UInt8>,
        _ document: DocumentFacts
    ) -> [PolicyFinding] {
        spans.compactMap { span in
            let decision = self.policy.decision(
                kind: span.kind,
                rule: span.rule,
                source: document.source,
                language: document.language
            )
            guard span.score >= decision.threshold else { return nil }
            let isAllowed = !self.allowed.isEmpty && self.isAllowed(text[span.range], span.kind)
            return PolicyFinding(
                kind: span.kind,
                rule: span.rule,
                score: span.score,
                action: isAllowed ? .allow : decision.action,
                range: span.range,
                redactedRange: span.range,
                digest: self.key.map { key in
                    key.digest(
                        of: Array(text[span.range]),
                        kind: span.kind,
                        region: region(ofRule: span.rule, language: document.language)
                    )[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
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

    private func isAllowed(_ value: Slice<UnsafeBufferPointer<UInt8>>, _ kind: PIIKind) -> Bool {
        let normal = normalisedValue(Array(value), kind: .custom)
        return self.allowed.contains { list, values in
            guard list.kinds.isEmpty || list.kinds.contains(kind) else { return false }
            return values.contains(normal)
                || list.suffixes.contains { normal.suffix($0.utf8.count).elementsEqual($0.utf8) }
        }
    }
}

/// The findings with those that overlap made one, under the kind and action of the first.
private func merged(_ findings: [PolicyFinding]) -> [PolicyFinding] {
    var merged: [PolicyFinding] = []
    for finding in findings.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
        if let last = merged.last, last.range.upperBound > finding.range.lowerBound {
            let end = max(last.range.upperBound, finding.range.upperBound)
            merged[merged.count - 1].range = last.range.lowerBound..<end
            // What a mask kept became part of another value: it keeps nothing then.
            if case .mask = last.action {
                merged[merged.count - 1].action = .mask(keepLast: 0)
            }
        } else {
            merged.append(finding)
        }
    }
    return merged
}
