/// A range of a text and what stands there instead.
struct Replacement {
    var range: Range<Int>
    var text: String
}

/// A text with ranges replaced, and the way back to the offsets of the source.
struct RedactedText {
    private(set) var bytes: [UInt8] = []
    /// The replacements' ranges in `bytes`, in their order.
    private(set) var placeholders: [Range<Int>] = []
    private let replacements: [Replacement]

    /// - Precondition: the ranges are ascending, do not overlap and lie within `text`.
    init(_ text: UnsafeBufferPointer<UInt8>, replacing replacements: [Replacement]) {
        self.replacements = replacements
        self.bytes.reserveCapacity(text.count + replacements.count * 8)
        var end = 0
        for replacement in replacements {
            precondition(
                replacement.range.lowerBound >= end && replacement.range.upperBound <= text.count,
                "ranges are ascending, apart and inside the text"
            )
            self.bytes.append(contentsOf: text[end..<replacement.range.lowerBound])
            let start = self.bytes.count
            self.bytes.append(contentsOf: replacement.text.utf8)
            self.placeholders.append(start..<self.bytes.count)
            end = replacement.range.upperBound
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
            return isUpper
                ? self.replacements[index].range.upperBound
                : self.replacements[index].range.lowerBound
        }
        if !isUpper, index < self.placeholders.count, self.placeholders[index].lowerBound == offset
        {
            return self.replacements[index].range.lowerBound
        }
        guard index > 0 else { return offset }
        return self.replacements[index - 1].range.upperBound + offset
            - self.placeholders[index - 1].upperBound
    }

    /// The range of the redacted text that holds what `range` of the source held; a placeholder that
    /// `range` reaches into counts whole.
    func redactedRange(of range: Range<Int>) -> Range<Int> {
        let lower = self.redactedOffset(range.lowerBound, isUpper: false)
        return lower..<max(lower, self.redactedOffset(range.upperBound, isUpper: true))
    }

    private func redactedOffset(_ offset: Int, isUpper: Bool) -> Int {
        let index = lowerBound(of: self.replacements.count) {
            self.replacements[$0].range.upperBound > offset
        }
        if index < self.replacements.count, self.replacements[index].range.lowerBound < offset {
            return isUpper
                ? self.placeholders[index].upperBound : self.placeholders[index].lowerBound
        }
        guard index > 0 else { return offset }
        return self.placeholders[index - 1].upperBound + offset
            - self.replacements[index - 1].range.upperBound
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
