package import Records

/// Redacts a document's text, title and metadata by a policy.
///
/// - Output: block ranges follow the text; `redactions` are those of the text, in its new offsets;
///   what was redacted elsewhere is counted in the warning `redacted_metadata`; `policy` is the
///   policy's hash.
/// - Throws: ``StageError`` `.excluded` where the policy drops the document, `.quarantined` where it
///   wants it seen.
package func redact(
    _ document: inout Document,
    by redactor: PolicyRedactor,
    source: String
) throws(StageError) {
    let language = document.language?.language ?? ""
    let result = redactor.redact(document.text, source: source, language: language)
    try requireKept(result)
    if let redacted = result.redacted {
        let replaced = result.findings.filter { $0.action != .allow }
        document.take(redacted, redactions: replaced.map(Redaction.init))
    }
    var count = 0
    func clean(_ value: String) throws(StageError) -> String {
        let cleaned = redactor.redact(Array(value.utf8), source: source, language: language)
        try requireKept(cleaned)
        let found = cleaned.findings.filter { $0.action != .allow }
        count += found.count
        return found.isEmpty ? value : String(decoding: cleaned.text, as: UTF8.self)
    }
    document.title = try clean(document.title)
    var metadata: [String: String] = [:]
    for (key, value) in document.metadata.sorted(by: { $0.key < $1.key }) {
        metadata[try clean(key)] = try clean(value)
    }
    document.metadata = metadata
    document.warn("redacted_metadata", count: count)
    document.policy = redactor.hash
}

private func requireKept(_ result: PolicyResult) throws(StageError) {
    if let finding = result.findings.first(where: { $0.action == .dropDocument }) {
        throw StageError(.excluded, "the policy drops documents with a \(finding.kind.rawValue)")
    }
    if let finding = result.findings.first(where: { $0.action == .quarantine }) {
        throw StageError(
            .quarantined,
            "it holds a \(finding.kind.rawValue) (rule \(finding.rule)), which the policy wants "
                + "looked at; nothing of it is served. Correct the document or the policy, then run again"
        )
    }
}

extension Redaction {
    fileprivate init(_ finding: PolicyFinding) {
        let action: Action =
            switch finding.action {
            case .placeholder, .allow, .dropDocument, .quarantine: .placeholder
            case .mask: .mask
            case .pseudonym: .pseudonym
            case .generalise: .generalise
            case .dropChunk: .dropChunk
            }
        self.init(
            kind: finding.kind.rawValue,
            rule: finding.rule,
            range: finding.redactedRange,
            action: action,
            score: finding.score,
            digest: finding.digest
        )
    }
}

extension Document {
    /// Takes the redacted text for its own; blocks and earlier redactions follow.
    fileprivate mutating func take(_ redacted: RedactedText, redactions: [Redaction]) {
        for index in self.blocks.indices {
            self.blocks[index].range = redacted.redactedRange(of: self.blocks[index].range)
        }
        self.separateBlocks()
        for index in self.redactions.indices {
            self.redactions[index].range = redacted.redactedRange(
                of: self.redactions[index].range
            )
        }
        self.redactions += redactions
        self.redactions.sort { $0.range.lowerBound < $1.range.lowerBound }
        self.text = redacted.bytes
    }

    /// A value across two blocks is in the first one alone, so that blocks never overlap.
    private mutating func separateBlocks() {
        var end = 0
        for index in self.blocks.indices {
            let range = self.blocks[index].range
            let lower = max(range.lowerBound, end)
            self.blocks[index].range = lower..<max(range.upperBound, lower)
            end = self.blocks[index].range.upperBound
        }
        self.blocks.removeAll { $0.range.isEmpty }
    }
}
