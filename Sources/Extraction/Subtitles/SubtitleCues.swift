internal import Bytes

/// One caption: when it begins and ends, in milliseconds, who speaks where that is told, and its lines.
struct SubtitleCue {
    var start: Int
    var end: Int
    var speaker: [UInt8] = []
    var lines: [[UInt8]] = []
}

/// The captions of a SubRip or WebVTT file, in the order of the file.
///
/// Numbers, settings, styles and notes are not read; nor is what stands before the first time.
///
/// - Source: W3C WebVTT §4; SubRip has no standard, and differs in its comma.
/// - Complexity: O(n).
func subtitleCues(_ bytes: UnsafeBufferPointer<UInt8>) -> [SubtitleCue] {
    var cues: [SubtitleCue] = []
    var isOpen = false
    for line in TextLines(bytes) {
        let content = bytes[line.contentStart..<line.contentEnd]
        if let (start, end) = cueTimes(content) {
            // The number above belongs to this caption.
            if isOpen, let last = cues.indices.last, let number = cues[last].lines.last,
                number.allSatisfy(\.isASCIIDigit)
            {
                cues[last].lines.removeLast()
            }
            cues.append(SubtitleCue(start: start, end: end))
            isOpen = true
        } else if line.isBlank {
            isOpen = false
        } else if isOpen, let last = cues.indices.last {
            let (text, speaker) = cueText(content)
            if !speaker.isEmpty { cues[last].speaker = speaker }
            if !text.isEmpty { cues[last].lines.append(text) }
        }
    }
    return cues
}

/// `00:01:02,345 --> 00:01:04,000` and whatever settings follow.
private func cueTimes(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> (start: Int, end: Int)? {
    guard let first = line.first, first.isASCIIDigit,
        let arrow = line.firstRange(of: Array("-->".utf8)),
        let start = milliseconds(line[..<arrow.lowerBound]),
        let end = milliseconds(line[arrow.upperBound...])
    else { return nil }
    return (start, end)
}

/// `1:02:03.450`, `02:03.450`, `02:03,4`.
private func milliseconds(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    let word = text.drop(while: \.isASCIIBlank).prefix { !$0.isASCIIBlank }
    let halves = word.split(maxSplits: 1) { $0 == .comma || $0 == .fullStop }
    guard let clock = halves.first else { return nil }
    let parts = clock.split(separator: .colon, omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count) else { return nil }
    var seconds = 0
    for part in parts {
        guard (1...4).contains(part.count), part.allSatisfy(\.isASCIIDigit) else { return nil }
        seconds = seconds * 60 + part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    var thousandths = 0
    if halves.count == 2 {
        var unit = 100
        for byte in halves[1].prefix(3) {
            guard let digit = byte.asciiDigitValue else { return nil }
            thousandths += digit * unit
            unit /= 10
        }
    }
    return seconds * 1_000 + thousandths
}

/// A line without its tags, and who speaks where a tag tells it: `<v Ada>`.
private func cueText(
    _ line: Slice<UnsafeBufferPointer<UInt8>>
) -> (text: [UInt8], speaker: [UInt8]) {
    var text: [UInt8] = []
    var speaker: [UInt8] = []
    var rest = line
    while let byte = rest.first {
        if byte == .lessThan, let close = rest.firstIndex(of: .greaterThan), isTag(rest) {
            let tag = rest[rest.index(after: rest.startIndex)..<close]
            if tag.first.map(\.asciiLowercased) == UInt8(ascii: "v"),
                let blank = tag.firstIndex(where: \.isASCIIBlank)
            {
                speaker = oneLine(tag[blank...])
            }
            rest = rest[(close + 1)...]
        } else if byte == .leftBrace, rest.dropFirst().first == .backslash,
            let close = rest.firstIndex(of: .rightBrace)
        {
            rest = rest[(close + 1)...]
        } else {
            text.append(byte)
            rest = rest.dropFirst()
        }
    }
    return (oneLine(withoutReferences(text)), speaker)
}

/// `<i>`, `</c>`, `<00:01.500>`: a letter, a slash or a figure behind the sign.
private func isTag(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let next = rest.dropFirst().first else { return false }
    return next == .slash || next.isASCIIAlphanumeric
}

/// The six references that WebVTT has, as what they stand for.
private func withoutReferences(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(.ampersand) else { return text }
    let references = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", ""),
    ]
    var output: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
        if byte == .ampersand,
            let (name, value) = references.first(where: { rest.starts(with: $0.0.utf8) })
        {
            output += Array(value.utf8)
            rest = rest.dropFirst(name.utf8.count)
        } else {
            output.append(byte)
            rest = rest.dropFirst()
        }
    }
    return output
}
