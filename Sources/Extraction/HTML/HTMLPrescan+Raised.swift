internal import Bytes

/// Superscripts, subscripts and fractions: what is raised or lowered must not run into what stands
/// before it, or 10⁶ becomes 106.
extension HTMLPrescan {
    /// A longer one is a remark, not an exponent.
    private static var raisedByteLimit: Int { 24 }

    /// Writes the mark of a superscript or subscript whose start tag ends at `end`: `10^6`, `H_2O`,
    /// or a blank before a fraction, `5 1/2`.
    ///
    /// - Parameter endTag: of an element that is raised by its style; nil for the tag's own.
    mutating func markRaised(_ tag: HTMLTag, endTag: StaticString? = nil, from end: Int) {
        let endTag = endTag ?? (tag == .sup ? "</sup" : "</sub")
        guard !self.spaceIsPending, self.breaksPending == 0, self.preformattedDepth == 0,
            self.scanned.text.count > self.blockStart, let base = self.scanned.text.last,
            let raised = self.raisedText(tag, endTag, from: end)
        else { return }
        if tag == .sup, raised.startsFraction {
            if isDigit(base) { self.write(UInt8(ascii: " ")) }
            return
        }
        let isBase = isAlphanumeric(base) || base >= 0x80 || isClosingBracket(base)
        let isDenominator =
            base == UInt8(ascii: "/") || self.scanned.text.suffix(3).elementsEqual("⁄".utf8)
        guard isBase, !(tag == .sub && isDenominator) else { return }
        guard tag == .sub || self.isPower(raised.text) else { return }
        self.write(tag == .sup ? UInt8(ascii: "^") : UInt8(ascii: "_"))
        if raised.isCompound {
            self.write(UInt8(ascii: "("))
            self.parenthesisEnd = raised.end
        }
    }

    /// Closes the bracket around a compound exponent before its end tag.
    mutating func closeRaised(at index: Int) {
        guard index == self.parenthesisEnd else { return }
        self.spaceIsPending = false
        self.write(UInt8(ascii: ")"))
        self.parenthesisEnd = -1
    }

    /// Whether the element's style raises or lowers it.
    func styledRaise() -> HTMLTag? {
        let style = self.value(.style)
        guard let place = firstIndex(of: "vertical-align", in: style, from: 0) else { return nil }
        var value = place + 14
        while value < style.count, style[value] == .colon || isHTMLBlank(style[value]) {
            value += 1
        }
        if matches("super", style, at: value) { return .sup }
        return matches("sub", style, at: value) ? .sub : nil
    }

    private struct Raised {
        /// What is raised, without tags.
        var text: [UInt8]
        /// Index of the end tag.
        var end: Int
        /// More than one term: `n+1`.
        var isCompound: Bool
        /// A slash and a subscript follow: the numerator of a fraction.
        var startsFraction: Bool
    }

    /// The element's text; nil where it is long, has a link in it, as a note's mark has, or no end.
    private func raisedText(_ tag: HTMLTag, _ endTag: StaticString, from start: Int) -> Raised? {
        var text: [UInt8] = []
        var index = start
        let limit = min(self.bytes.count, start + 160)
        while index < limit, text.count <= Self.raisedByteLimit {
            let byte = self.bytes[index]
            if byte == UInt8(ascii: "<") {
                if matches(endTag, self.bytes, at: index) {
                    let next = firstIndex(of: UInt8(ascii: ">"), in: self.bytes, from: index)
                    let isFraction = next.map { self.isFractionBar(at: $0 + 1) } ?? false
                    return text.isEmpty
                        ? nil
                        : Raised(
                            text: text,
                            end: index,
                            isCompound: text.dropFirst().contains { isOperator($0) },
                            startsFraction: tag == .sup && isFraction
                                && text.allSatisfy(isAlphanumeric)
                        )
                }
                if matches("<a ", self.bytes, at: index) || matches("<su", self.bytes, at: index) {
                    return nil
                }
                guard let close = firstIndex(of: UInt8(ascii: ">"), in: self.bytes, from: index)
                else { return nil }
                index = close + 1
            } else if byte == UInt8(ascii: "&"),
                let found = self.references.resolve(self.bytes, at: index, inAttribute: false)
            {
                if found.first != 0xA0 { appendScalar(found.first, to: &text) }
                index += found.byteCount
            } else {
                if !isHTMLBlank(byte) { text.append(byte) }
                index += 1
            }
        }
        return nil
    }

    /// `/` or U+2044, as it is or as a reference, before a subscript.
    private func isFractionBar(at index: Int) -> Bool {
        var cursor = index
        if matches("/", self.bytes, at: cursor) {
            cursor += 1
        } else if matches("⁄", self.bytes, at: cursor) {
            cursor += 3
        } else if matches("&frasl;", self.bytes, at: cursor)
            || matches("&#8260;", self.bytes, at: cursor)
        {
            cursor += 7
        } else if matches("<span", self.bytes, at: cursor),
            let close = firstIndex(of: UInt8(ascii: ">"), in: self.bytes, from: cursor),
            close - cursor < 64
        {
            return self.isFractionBar(at: close + 1)
        } else {
            return false
        }
        if matches("</span>", self.bytes, at: cursor) { cursor += 7 }
        return matches("<sub", self.bytes, at: cursor) || isDigit(self.bytes, at: cursor)
    }

    /// Whether a superscript is an exponent or an index; `1st`, `Mme` and `™` are words.
    private func isPower(_ raised: [UInt8]) -> Bool {
        guard let first = raised.first else { return false }
        if raised.contains(where: isDigit) { return true }
        if first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
            || raised.starts(with: minusSign)
        {
            return true
        }
        guard raised.count == 1, isAlphanumeric(first) else {
            return raised.contains { isOperator($0) }
        }
        // `xⁿ`, and not `XXᵉ` or `nᵒ`: one letter over one letter.
        let text = self.scanned.text
        let hasOneLetter =
            text.count - 1 == self.blockStart || !isAlphanumeric(text[text.count - 2])
        return hasOneLetter && !ordinalLetters.contains(first | 0x20)
    }
}

private let minusSign = Array("−".utf8)
/// Of `nᵒ`, `1ᵉ`, `Mʳ`, `1ᵃ`.
private let ordinalLetters = Array("oears".utf8)

private func isOperator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
        || byte == 0xE2
}

private func isClosingBracket(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

private func isDigit(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    index < bytes.count && isDigit(bytes[index])
}
