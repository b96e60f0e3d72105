/// A text with spans replaced by placeholders, and the way back to the offsets of the source.
struct RedactedText {
    private(set) var bytes: [UInt8] = []
    /// The placeholders' ranges in `bytes`, in the order of the spans.
    private(set) var placeholders: [Range<Int>] = []
    private let spans: [PIISpan]

    /// - Precondition: `spans` are ascending, do not overlap and lie within `text`.
    init(_ text: UnsafeBufferPointer<UInt8>, spans: [PIISpan]) {
        self.spans = spans
        self.bytes.reserveCapacity(text.count + spans.count * 8)
        var end = 0
        for span in spans {
            precondition(
                span.range.lowerBound >= end && span.range.upperBound <= text.count,
                "spans are ascending, apart and inside the text"
            )
            self.bytes.append(contentsOf: text[end..<span.range.lowerBound])
            let start = self.bytes.count
            self.bytes.append(contentsOf: span.kind.placeholder.utf8)
            self.placeholders.append(start..<self.bytes.count)
            end = span.range.upperBound
        }
        self.bytes.append(contentsOf: text[end...])
    }

    /// The range of the source that `range` of the redacted text stands for; a placeholder that is
    /// touched counts whole.
    func sourceRange(of range: Range<Int>) -> Range<Int> {
        self.sourceOffset(
            range.lowerBound,
            isUpper: false
        )..<self.sourceOffset(range.upperBound, isUpper: true)
    }

    private func sourceOffset(_ offset: Int, isUpper: Bool) -> Int {
        let index = lowerBound(of: self.placeholders.count) {
            isUpper
                ? self.placeholders[$0].upperBound >= offset
                : self.placeholders[$0].upperBound > offset
        }
        let isInside =
            index < self.placeholders.count && self.placeholders[index].lowerBound < offset
            && (isUpper || self.placeholders[index].upperBound > offset)
        if isInside {
            return isUpper ? self.spans[index].range.upperBound : self.spans[index].range.lowerBound
        }
        if !isUpper, index < self.placeholders.count, self.placeholders[index].lowerBound == offset
        {
            return self.spans[index].range.lowerBound
        }
        guard index > 0 else { return offset }
        return self.spans[index - 1].range.upperBound + offset
            - self.placeholders[index - 1].upperBound
    }

    /// The range of the redacted text that holds what `range` of the source held; a placeholder that
    /// `range` reaches into counts whole.
    func redactedRange(of range: Range<Int>) -> Range<Int> {
        let lower = self.redactedOffset(range.lowerBound, isUpper: false)
        return lower..<max(lower, self.redactedOffset(range.upperBound, isUpper: true))
    }

    private func redactedOffset(_ offset: Int, isUpper: Bool) -> Int {
        let index = lowerBound(of: self.spans.count) { self.spans[$0].range.upperBound > offset }
        if index < self.spans.count, self.spans[index].range.lowerBound < offset {
            return isUpper
                ? self.placeholders[index].upperBound : self.placeholders[index].lowerBound
        }
        guard index > 0 else { return offset }
        return self.placeholders[index - 1].upperBound + offset
            - self.spans[index - 1].range.upperBound
    }
}

/// The first index below `count` at which `isTrue` holds, which it then does to the end.
func lowerBound(of count: Int, where isTrue: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
        let middle = (low + high) / 2
        if isTrue(middle) { high = middle } else { low = middle + 1 }
    }
    return low
}
