internal import Bytes

/// Inline Markdown as plain text: link texts, code and words stay, marks, targets and images go.
///
/// - Complexity: O(n log n): what closes a bracket or a run of backticks is found before anything is
///   written.
/// - Source: CommonMark 0.31, chapter 6; emphasis by the simple pairing of delimiter runs.
func inlineText(_ source: [UInt8]) -> [UInt8] {
    guard source.contains(where: isSpecial) else { return source }
    var writer = InlineWriter()
    source.withUnsafeBufferPointer { writer.write($0, depth: 0) }
    return writer.finished()
}

@inline(__always)
private func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21, 0x26, 0x2A, 0x3C, 0x5B, 0x5C, 0x5F, 0x60, 0x7E: true
    default: false
    }
}

/// How far the end of a tag is looked for.
private let maximumSpan = 4_096
private let maximumLinkDepth = 8

private struct InlineWriter {
    private struct Run {
        var mark: UInt8
        /// Position of the run's remaining marks in the output.
        var start: Int
        var length: Int
    }

    private var output: [UInt8] = []
    private var openers: [Run] = []
    private var removed: [Range<Int>] = []

    mutating func write(_ text: UnsafeBufferPointer<UInt8>, depth: Int) {
        let marks = InlineMarks(text)
        var tagEnd = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case 0x5C where index + 1 < text.count && isPunctuation(text[index + 1]):
                self.output.append(text[index + 1])
                index += 2
            case 0x60:
                index = self.writeCode(text, index, marks)
            case 0x2A, 0x5F, 0x7E:
                index = self.writeRun(text, index)
            case 0x21 where index + 1 < text.count && text[index + 1] == 0x5B:
                index = self.writeLink(text, index + 1, marks, isImage: true, depth: depth)
            case 0x5B:
                index = self.writeLink(text, index, marks, isImage: false, depth: depth)
            case 0x3C:
                if tagEnd <= index {
                    tagEnd = firstIndex(of: 0x3E, in: text, from: index) ?? text.count
                }
                index = self.writeTag(text, index, tagEnd)
            case 0x26:
                index = self.writeReference(text, index)
            default:
                self.output.append(byte)
                index += 1
            }
        }
    }

    func finished() -> [UInt8] {
        guard !self.removed.isEmpty else { return self.output }
        var result: [UInt8] = []
        var position = 0
        for range in self.removed.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            result.append(contentsOf: self.output[position..<range.lowerBound])
            position = range.upperBound
        }
        result.append(contentsOf: self.output[position...])
        return result
    }

    private mutating func writeCode(
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ marks: InlineMarks
    ) -> Int {
        let length = text[start...].prefix { $0 == 0x60 }.count
        guard let close = marks.endOfCode(text, from: start + length, ticks: length) else {
            self.output.append(contentsOf: text[start..<start + length])
            return start + length
        }
        var code = text[start + length..<close]
        if code.count > 2, code.first == 0x20, code.last == 0x20 {
            code = code.dropFirst().dropLast()
        }
        self.output.append(contentsOf: code)
        return close + length
    }

    /// Emphasis and strike-through: matched runs are removed at the end.
    private mutating func writeRun(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        let mark = text[start]
        let length = text[start...].prefix { $0 == mark }.count
        let end = start + length
        let before: UInt8 = start > 0 ? text[start - 1] : 0x20
        let after: UInt8 = end < text.count ? text[end] : 0x20
        let position = self.output.count
        self.output.append(contentsOf: text[start..<end])
        guard mark != 0x7E || length == 2 else { return end }
        let isWordInside = mark == 0x5F && isWord(before) && isWord(after)
        guard !isWordInside else { return end }
        var run = Run(mark: mark, start: position, length: length)
        if !isBlank(before) { self.close(&run) }
        if run.length > 0, !isBlank(after), self.openers.count < 64 { self.openers.append(run) }
        return end
    }

    private mutating func close(_ run: inout Run) {
        while run.length > 0, let index = self.openers.lastIndex(where: { $0.mark == run.mark }) {
            var opener = self.openers[index]
            let count = min(opener.length, run.length)
            opener.length -= count
            self.removed.append(opener.start + opener.length..<opener.start + opener.length + count)
            self.removed.append(run.start..<run.start + count)
            run.start += count
            run.length -= count
            self.openers.removeSubrange(index...)
            if opener.length > 0 { self.openers.append(opener) }
        }
    }

    private mutating func writeLink(
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ marks: InlineMarks,
        isImage: Bool,
        depth: Int
    ) -> Int {
        guard depth < maximumLinkDepth, let close = marks.bracketEnd(of: start) else {
            if isImage { self.output.append(0x21) }
            self.output.append(0x5B)
            return start + 1
        }
        let end = marks.linkEnd(text, close)
        let isFootnote = start + 1 < text.count && text[start + 1] == 0x5E
        guard end > close + 1 || isFootnote else {
            if isImage { self.output.append(0x21) }
            self.output.append(0x5B)
            return start + 1
        }
        if !isImage, !isFootnote {
            self.write(UnsafeBufferPointer(rebasing: text[start + 1..<close]), depth: depth + 1)
        }
        return end
    }

    /// Known elements go, `<https://…>` loses its brackets, all else stays.
    ///
    /// - Parameter end: where the next `>` is.
    private mutating func writeTag(
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ end: Int
    ) -> Int {
        guard end < text.count, end - start < maximumSpan else {
            self.output.append(0x3C)
            return start + 1
        }
        let inner = text[start + 1..<end]
        let isAddress =
            inner.starts(with: "http://".utf8) || inner.starts(with: "https://".utf8)
            || inner.starts(with: "mailto:".utf8)
        if isAddress, !inner.contains(0x20) {
            self.output.append(contentsOf: inner)
            return end + 1
        }
        let name = elementName(inner)
        guard inlineElements.contains(name) else {
            self.output.append(0x3C)
            return start + 1
        }
        if let raised = self.writeRaised(text, from: end + 1, name) { return raised }
        if name == "br", self.output.last != 0x20 { self.output.append(0x20) }
        return end + 1
    }

    /// Writes what stands above or below the line, where it is plain and short.
    ///
    /// - Returns: behind its end tag; nil for other elements.
    private mutating func writeRaised(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        _ name: String
    ) -> Int? {
        guard name == "sup" || name == "sub" else { return nil }
        let inner = Array(text[start...].prefix(32).prefix { !isSpecial($0) })
        let end = start + inner.count
        let endTag: StaticString = name == "sup" ? "</sup>" : "</sub>"
        guard !inner.isEmpty, matches(endTag, text, at: end) else { return nil }
        self.output += raisedText(inner, isAbove: name == "sup", after: self.output)
        return end + endTag.utf8CodeUnitCount
    }

    private mutating func writeReference(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        let limit = min(text.count, start + 12)
        if let end = text[start..<limit].firstIndex(of: 0x3B),
            let scalar = referenced(text[start + 1..<end])
        {
            appendScalar(scalar, to: &self.output)
            return end + 1
        }
        self.output.append(0x26)
        return start + 1
    }
}

private let inlineElements: Set<String> = [
    "a", "abbr", "b", "big", "br", "center", "cite", "code", "del", "details", "dfn", "div", "em",
    "font", "hr", "i", "img", "ins", "kbd", "mark", "p", "picture", "q", "s", "samp", "small",
    "source", "span", "strike", "strong", "sub", "summary", "sup", "u", "var",
]

private func elementName(_ inner: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    let body = inner.first == 0x2F ? inner.dropFirst() : inner
    let name = body.prefix(while: \.isASCIILetter)
    guard !name.isEmpty, name.count <= 8 else { return "" }
    let next = body.dropFirst(name.count).first
    guard next == nil || next == 0x20 || next == 0x2F || next == 0x0A else { return "" }
    return String(decoding: name, as: UTF8.self).lowercased()
}

private func referenced(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
    switch String(decoding: name, as: UTF8.self) {
    case "amp": return 0x26
    case "lt": return 0x3C
    case "gt": return 0x3E
    case "quot": return 0x22
    case "apos": return 0x27
    case "nbsp": return 0x20
    case "ndash": return 0x2013
    case "mdash": return 0x2014
    case "hellip": return 0x2026
    case "copy": return 0xA9
    default: break
    }
    guard name.first == 0x23 else { return nil }
    let digits = String(decoding: name.dropFirst(), as: UTF8.self)
    let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
    guard let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits),
        value >= 0x20, Unicode.Scalar(value) != nil
    else { return nil }
    return value
}

@inline(__always)
private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A }

@inline(__always)
private func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte.isASCIIAlphanumeric
}

@inline(__always)
private func isPunctuation(_ byte: UInt8) -> Bool {
    (byte >= 0x21 && byte <= 0x2F) || (byte >= 0x3A && byte <= 0x40)
        || (byte >= 0x5B && byte <= 0x60) || (byte >= 0x7B && byte <= 0x7E)
}
