internal import Bytes
internal import Records

/// Grades every token start of a text as a place to cut, in one pass.
struct BoundaryScan {
    let text: UnsafeBufferPointer<UInt8>
    let blocks: [LaidBlock]
    let tokenStarts: [Int32]

    /// White space before a token: how much, and how many line breaks it holds.
    private struct Gap {
        /// Where the bytes that are not white space end.
        var start: Int
        var lineBreaks = 0
        /// Bytes between the last line break and the token.
        var indentation = 0
    }

    func strengths() -> [CutStrength] {
        var strengths = [CutStrength](repeating: .forbidden, count: self.tokenStarts.count)
        strengths[0] = .block
        var next = 0
        var previous = self.tokenStarts[0]
        // The line of its block a token lies on, counted from 0.
        var line = 0
        for token in 1..<max(1, strengths.count) {
            let start = Int(self.tokenStarts[token])
            guard self.tokenStarts[token] > previous, start < self.text.count,
                self.text[start] & 0xC0 != 0x80
            else { continue }
            previous = self.tokenStarts[token]
            while next < self.blocks.count, self.blocks[next].tokens.lowerBound < token {
                next += 1
            }
            let isBlockStart =
                next < self.blocks.count && self.blocks[next].tokens.lowerBound == token
            let block = isBlockStart ? next : next - 1
            let gap = self.gap(before: start)
            line = isBlockStart ? 0 : line + gap.lineBreaks
            if gap.start == start {
                strengths[token] = self.strengthWithoutGap(at: start)
            } else if isBlockStart {
                strengths[token] = self.isHeading(next - 1) ? .word : .block
            } else {
                let inside = block >= 0 && token < self.blocks[block].tokens.upperBound
                strengths[token] = self.strength(
                    at: start,
                    gap,
                    line: line,
                    in: inside ? self.blocks[block].kind : nil
                )
            }
        }
        return strengths
    }

    private func isHeading(_ block: Int) -> Bool {
        block >= 0 && self.blocks[block].kind == .heading
    }

    private func strength(
        at start: Int,
        _ gap: Gap,
        line: Int,
        in kind: Block.Kind?
    ) -> CutStrength {
        switch kind {
        case .heading: return .joint
        case .code: return self.strengthInCode(at: start, gap, line: line)
        case .table:
            if gap.lineBreaks == 0 { return .word }
            // The header row and the rule under it stay with the first row.
            return line <= 2 ? .joint : .item
        default: break
        }
        if gap.lineBreaks > 1 { return .block }
        let endsSentence = self.endsSentence(at: gap.start, next: self.text[start])
        if gap.lineBreaks == 0 { return endsSentence ? .sentence : .word }
        if kind == .definitions || kind == .footnote { return .item }
        if self.isItemMarker(at: start) { return gap.indentation < 2 ? .item : .sentence }
        return endsSentence ? .sentence : .line
    }

    private func strengthInCode(at start: Int, _ gap: Gap, line: Int) -> CutStrength {
        if gap.lineBreaks == 0 { return .word }
        let isFence = self.text[start] == UInt8(ascii: "`") || self.text[start] == UInt8(ascii: "~")
        // The opening fence stays with the first line, the closing one with the last.
        if isFence || line <= 1 { return .joint }
        if gap.lineBreaks > 1 { return .block }
        return gap.indentation == 0 ? .item : .sentence
    }

    /// - Invariant: only white space that every tokeniser here splits at; form feeds and other
    ///   controls are dropped by some, which joins the words around them.
    private func gap(before start: Int) -> Gap {
        var gap = Gap(start: start)
        while gap.start > 0 {
            let byte = self.text[gap.start - 1]
            switch byte {
            case 0x0A:
                if gap.lineBreaks == 0 { gap.indentation = start - gap.start }
                gap.lineBreaks += 1
                gap.start -= 1
            case 0x20, 0x09, 0x0D:
                gap.start -= 1
            case 0x80..<0xC0:
                guard let width = whiteSpaceWidth(self.text, before: gap.start),
                    !self.isLineSeparator(endingAt: gap.start)
                else { return gap }
                gap.start -= width
            default:
                return gap
            }
        }
        return gap
    }

    /// U+0085, U+2028 and U+2029 are white space but no space separators.
    private func isLineSeparator(endingAt end: Int) -> Bool {
        let last = self.text[end - 1]
        if last == 0x85 { return end >= 2 && self.text[end - 2] == 0xC2 }
        return (last == 0xA8 || last == 0xA9) && end >= 2 && self.text[end - 2] == 0x80
    }

    private func strengthWithoutGap(at start: Int) -> CutStrength {
        guard start > 0 else { return .insideWord }
        let before = scalarStart(self.text, before: start)
        let left = decodeUTF8(self.text, at: before).codePoint
        let right = decodeUTF8(self.text, at: start).codePoint
        // Ideographic sentences follow each other without a space.
        if left == 0x3002 || left == 0xFF01 || left == 0xFF1F { return .sentence }
        return isWordBreak(left) || isWordBreak(right) ? .joint : .insideWord
    }

    /// Whether the text before `end` ends a sentence, closing quotes and brackets aside.
    private func endsSentence(at end: Int, next: UInt8) -> Bool {
        var end = end
        for _ in 0..<4 where end > 0 {
            let start = scalarStart(self.text, before: end)
            guard let codePoint = decodeUTF8(self.text, at: start).codePoint else { return false }
            switch codePoint {
            case 0x2E:
                // "e.g. this" goes on; a sentence rarely starts in lower case.
                return !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next)
            case 0x21, 0x3F, 0x3002, 0xFF01, 0xFF1F, 0x0964, 0x0965, 0x2026, 0x061F, 0x06D4,
                0x104B, 0x1362, 0x17D4:
                return true
            case 0x22, 0x27, 0x29, 0x2A, 0x5D, 0x5F, 0x60, 0x7D, 0xBB, 0x2019, 0x201D, 0x300D,
                0x300F, 0xFF09:
                end = start
            default:
                return false
            }
        }
        return false
    }

    /// Whether a list item starts here: `- `, `* `, `+ ` or up to nine digits and `. ` or `) `.
    private func isItemMarker(at start: Int) -> Bool {
        var offset = start
        switch self.text[start] {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"): offset += 1
        default:
            while offset < self.text.count, offset < start + 9,
                (0x30...0x39).contains(self.text[offset])
            {
                offset += 1
            }
            guard offset > start, offset < self.text.count,
                self.text[offset] == UInt8(ascii: ".") || self.text[offset] == UInt8(ascii: ")")
            else { return false }
            offset += 1
        }
        return offset < self.text.count && (self.text[offset] == 0x20 || self.text[offset] == 0x09)
    }
}

/// Whether a scalar is a word of its own to every tokeniser here: punctuation or an ideograph.
///
/// What is missing from the list costs a place to cut, never a wrong cut.
private func isWordBreak(_ codePoint: UInt32?) -> Bool {
    guard let codePoint else { return false }
    return switch codePoint {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    case 0xA1, 0xA7, 0xAB, 0xB6, 0xB7, 0xBB, 0xBF: true
    case 0x0964, 0x0965, 0x2010...0x2027, 0x2030...0x203E: true
    case 0x3001...0x3003, 0x3008...0x3011, 0xFF01...0xFF03, 0xFF08, 0xFF09, 0xFF0C: true
    case 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F: true
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF: true
    case 0x2_0000...0x2_A6DF, 0x2_A700...0x2_B81F, 0x2_B820...0x2_CEAF, 0x2_F800...0x2_FA1F: true
    default: false
    }
}
