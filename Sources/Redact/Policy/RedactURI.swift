internal import Records

extension PolicyRedactor {
    /// Redacts a document's URI name by name: a slash, or the extension of a known media type, is no
    /// part of a value.
    ///
    /// - Output: the findings have no places: their ranges are within a name.
    package func redactURI(
        _ uri: String,
        source: String,
        language: String
    ) -> (uri: String, findings: [PolicyFinding]) {
        var findings: [PolicyFinding] = []
        let names = uri.split(separator: "/", omittingEmptySubsequences: false).map { name in
            let end = stemEnd(of: name)
            let result = self.redact(
                Array(name[..<end].utf8),
                source: source,
                language: language
            )
            findings += result.findings.filter { $0.action != .allow }
            return String(decoding: result.text, as: UTF8.self) + name[end...]
        }
        return (names.joined(separator: "/"), findings)
    }
}

/// Where the extension begins, its dot included; the end of a name without a known one.
private func stemEnd(of name: Substring) -> Substring.Index {
    guard MediaType(ofName: Array(name.utf8)) != .unknown, let dot = name.lastIndex(of: ".") else {
        return name.endIndex
    }
    return dot
}
