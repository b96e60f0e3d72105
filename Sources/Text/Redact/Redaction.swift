package import Records

/// `text` with each span replaced by its kind's placeholder.
///
/// - Input: `spans` ascending and without overlap, as ``PIIScanner/scan(_:)`` gives them.
package func redact(_ text: [UInt8], spans: [PIISpan]) -> [UInt8] {
    guard !spans.isEmpty else { return text }
    return text.withUnsafeBufferPointer { RedactedText($0, spans: spans).bytes }
}

/// Redacts the document's text, title and metadata values.
///
/// - Output: block ranges follow the text; `redactions` are those of the text, in its new offsets,
///   after any the document had. What was redacted in title and metadata is counted in the warning
///   `redacted_metadata`.
package func redact(_ document: inout Document, scanner: PIIScanner) {
    redactText(of: &document, scanner: scanner)
    var count = 0
    document.title = redact(document.title, scanner: scanner, count: &count)
    for key in document.metadata.keys.sorted() {
        guard let value = document.metadata[key] else { continue }
        document.metadata[key] = redact(value, scanner: scanner, count: &count)
    }
    document.warn("redacted_metadata", count: count)
}

private func redactText(of document: inout Document, scanner: PIIScanner) {
    let spans = document.text.withUnsafeBufferPointer { scanner.scan($0) }
    guard !spans.isEmpty else { return }
    let redacted = document.text.withUnsafeBufferPointer { RedactedText($0, spans: spans) }
    document.take(
        redacted,
        redactions: zip(spans, redacted.placeholders).map { span, range in
            Redaction(kind: span.kind.rawValue, rule: span.rule, range: range)
        }
    )
}

private func redact(_ value: String, scanner: PIIScanner, count: inout Int) -> String {
    let bytes = Array(value.utf8)
    let spans = bytes.withUnsafeBufferPointer { scanner.scan($0) }
    guard !spans.isEmpty else { return value }
    count += spans.count
    return String(decoding: redact(bytes, spans: spans), as: UTF8.self)
}

extension Document {
    /// Takes the redacted text for its own; blocks and earlier redactions follow.
    mutating func take(_ redacted: RedactedText, redactions: [Redaction]) {
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
    fileprivate mutating func separateBlocks() {
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
