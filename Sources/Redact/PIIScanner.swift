/// Finds personal data and secrets in UTF-8 text: one pass that stops at rare anchor bytes, grows a
/// candidate around each, validates it and weighs the words before it.
///
/// Validators have no state, and ASCII boundaries alone part a value from its neighbours, so values
/// that touch CJK text are found.
package struct PIIScanner: Sendable {
    package let kinds: Set<PIIKind>
    package let minimumScore: Float
    /// Gazetteers for persons and addresses.
    let names: NameTable?
    private let kindMask: UInt32

    /// Redaction moves words nearer to each other, so what it leaves is scanned again, at most so
    /// many times; the second scan finds nothing in nearly every text.
    static let roundLimit = 8

    package init(
        kinds: Set<PIIKind> = Set(PIIKind.structured),
        minimumScore: Float = 0.5,
        names: NameTable? = nil
    ) {
        self.kinds = kinds
        self.minimumScore = minimumScore
        self.names = names
        self.kindMask = kinds.reduce(0) { $0 | $1.bit }
    }

    /// The values near placeholders: elsewhere the text reads as it did.
    func scanAround(
        _ placeholders: [Range<Int>],
        in text: UnsafeBufferPointer<UInt8>,
        steps: inout Int
    ) -> [PIISpan] {
        let wantsNames = self.kinds.contains(.person) || self.kinds.contains(.address)
        return rescanWindows(around: placeholders, in: text, wholeLines: wantsNames).flatMap {
            self.scanOnce(text, in: $0, steps: &steps)
        }
    }

    /// The values in `text` as it stands; replacing them may bring more to light.
    ///
    /// - Complexity: O(n) time; memory by the number of values.
    func scanOnce(_ text: UnsafeBufferPointer<UInt8>, steps: inout Int) -> [PIISpan] {
        self.scanOnce(text, in: 0..<text.count, steps: &steps)
    }

    /// The values that are found in `range`; the text around it decides with the rest.
    private func scanOnce(
        _ text: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        steps: inout Int
    ) -> [PIISpan] {
        guard !range.isEmpty else { return [] }
        var pass = ScanPass(
            text,
            in: range,
            kindMask: self.kindMask,
            minimumScore: self.minimumScore
        )
        pass.run()
        steps += pass.steps
        var spans = pass.spans
        for window in disguisedWindows(around: pass.disguises, in: text) {
            spans += self.scanDisguised(text, window, steps: &steps)
        }
        guard self.kindMask & (PIIKind.person.bit | PIIKind.address.bit) != 0 else {
            return resolved(spans)
        }
        let all = resolved(spans + self.scanNames(text, in: range, steps: &steps))
        return self.withoutTerms(all, in: text)
    }

    private func scanNames(
        _ text: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        steps: inout Int
    ) -> [PIISpan] {
        let part = UnsafeBufferPointer(rebasing: text[range])
        var names = NameScan(
            part,
            names: self.names,
            kinds: self.kinds,
            minimumScore: self.minimumScore
        )
        names.run(steps: &steps)
        return names.spans.compactMap { span in
            // What touches a cut may be half of something else.
            guard span.range.lowerBound > 0 || range.lowerBound == 0,
                span.range.upperBound < part.count || range.upperBound == text.count
            else { return nil }
            var span = span
            span.range =
                range.lowerBound + span.range.lowerBound..<range.lowerBound
                + span.range.upperBound
            return span
        }
    }

    /// The values of a part of the text as it reads, in the offsets of the text; those that read the
    /// same without a disguise are found without this.
    private func scanDisguised(
        _ text: UnsafeBufferPointer<UInt8>,
        _ window: Range<Int>,
        steps: inout Int
    ) -> [PIISpan] {
        guard let part = DisguisedText(UnsafeBufferPointer(rebasing: text[window])) else {
            return []
        }
        let spans = part.bytes.withUnsafeBufferPointer { bytes in
            var pass = ScanPass(
                bytes,
                in: 0..<bytes.count,
                kindMask: self.kindMask,
                minimumScore: self.minimumScore
            )
            pass.run()
            steps += pass.steps + bytes.count
            return pass.spans
        }
        return spans.compactMap { span in
            let source = part.sourceRange(of: span.range)
            let start = window.lowerBound + source.lowerBound
            let isAfterBreak = isCodeEnd(text, at: start)
            // What touches an end of the part may be half of something else.
            guard source.count != span.range.count || isAfterBreak,
                source.lowerBound > 0 || window.lowerBound == 0,
                source.upperBound < window.count || window.upperBound == text.count
            else { return nil }
            var span = span
            span.range =
                window.lowerBound + source.lowerBound..<window.lowerBound + source.upperBound
            return span
        }
    }
}

/// The parts of `text` in which a placeholder can change what is found, ascending and apart: the reach
/// of a candidate and of the words around it, up to white space.
///
/// - Parameter wholeLines: whether to go on to the ends of the lines. Names are found in rows of words,
///   cut where they get long, so that a placeholder moves the cuts up to the end of its line.
func rescanWindows(
    around placeholders: [Range<Int>],
    in text: UnsafeBufferPointer<UInt8>,
    wholeLines: Bool = false
) -> [Range<Int>] {
    let reach = 256
    let limit = 1 << 16
    var windows: [Range<Int>] = []
    for placeholder in placeholders {
        var lower = max(0, placeholder.lowerBound - reach)
        var upper = min(text.count, placeholder.upperBound + reach)
        let known = windows.last?.upperBound ?? 0
        let least = max(known, lower - limit)
        while lower > least, text[lower - 1] > 0x20 { lower -= 1 }
        let most = min(text.count, upper + limit)
        if upper <= known { upper = known }
        while upper < most, text[upper] > 0x20 { upper += 1 }
        while upper < text.count, text[upper] & 0xC0 == 0x80 { upper += 1 }
        while lower > 0, text[lower] & 0xC0 == 0x80 { lower -= 1 }
        if wholeLines {
            // A window takes in the line ends on both sides: what it finds does not touch a cut.
            while lower > known, text[lower] != 0x0A { lower -= 1 }
            while upper < text.count, text[upper - 1] != 0x0A { upper += 1 }
        }
        if let last = windows.last, last.upperBound >= lower {
            windows[windows.count - 1] = last.lowerBound..<max(upper, last.upperBound)
        } else {
            windows.append(lower..<upper)
        }
    }
    return windows
}

/// The best of overlapping spans, ascending: by score, then length, then position.
func resolved(_ spans: [PIISpan]) -> [PIISpan] {
    let ordered = spans.sorted { left, right in
        left.range.lowerBound != right.range.lowerBound
            ? left.range.lowerBound < right.range.lowerBound
            : left.range.upperBound != right.range.upperBound
                ? left.range.upperBound > right.range.upperBound : left.score > right.score
    }
    var kept: [PIISpan] = []
    for span in ordered {
        guard let last = kept.last, last.range.upperBound > span.range.lowerBound else {
            kept.append(span)
            continue
        }
        let isBetter =
            span.score != last.score
            ? span.score > last.score : span.range.count > last.range.count
        // The start of the last span is not after this one's, so no earlier span is touched.
        if isBetter { kept[kept.count - 1] = span }
    }
    return kept
}
