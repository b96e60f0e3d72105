internal import Bytes
internal import Records
internal import Redact

extension Canary.Route {
    /// The values that a document of the route in `language` may not hold any more.
    ///
    /// How the parser sets the lines apart and whether the language was known before redaction is not
    /// known here, so a value counts that goes in each way of reading the lines. One that also stands in
    /// what has to stay, as a short term of the operator's own does in longer words, does not count.
    func needles(language: String) -> [Canary.Needle] {
        var common: Set<Canary.Needle>?
        for separator in ["\n\n", "\n", " "] {
            let text = Array(Canary.lines.joined(separator: separator).utf8)
            for language in Set(["", language]) {
                let needles = self.removed(from: text, language: language)
                common = common?.intersection(needles) ?? needles
            }
        }
        return (common ?? []).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    private func removed(from text: [UInt8], language: String) -> Set<Canary.Needle> {
        var redacted = text
        var needles: Set<Canary.Needle> = []
        for redactor in self.redactors {
            let result = redactor.redact(redacted, source: self.source, language: language)
            for finding in result.findings where finding.action != .allow {
                let needle = Canary.Needle(
                    kind: finding.kind,
                    bytes: Array(redacted[finding.range])
                )
                // A later stage may take out what an earlier one put there.
                if text.firstRange(of: needle.bytes) != nil { needles.insert(needle) }
            }
            redacted = result.text
        }
        return needles.filter { redacted.firstRange(of: $0.bytes) == nil }
    }
}
