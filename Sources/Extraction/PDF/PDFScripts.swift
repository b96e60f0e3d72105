/// Raised and lowered words of a line: `10^6`, `H_2O`.
///
/// A word is raised or lowered when it touches a larger one and stands off its baseline. Ordinals and
/// trade marks are raised by custom and say the same on the line.
struct PDFScriptWriter {
    private enum Shift {
        case raised, lowered
    }

    /// The word that the next one may be raised or lowered beside.
    private var base: PDFWord?
    private var last: PDFWord?
    private var open: (shift: Shift, start: Int, baseline: Float)?

    /// Whether a line has words of two sizes, and is written from left to right.
    static func isNeeded(
        _ fragments: [PDFFragment],
        _ words: [PDFWord],
        _ text: [UInt8]
    ) -> Bool {
        var smallest = Float.infinity
        var largest: Float = 0
        for fragment in fragments {
            for word in words[fragment.words] {
                smallest = min(smallest, word.size)
                largest = max(largest, word.size)
            }
        }
        guard smallest <= largestScriptShare * largest else { return false }
        return !fragments.contains { fragment in
            words[fragment.words].contains { (0xD6...0xDB).contains(text[Int($0.textStart)]) }
        }
    }

    /// To be called before the text of each word is written.
    mutating func begin(_ word: PDFWord, in text: inout [UInt8]) {
        defer { self.last = word }
        if let open, let last {
            let goesOn =
                abs(word.baseline - open.baseline) <= 0.1 * word.size && touches(word, last)
                && word.size <= largestScriptShare * (self.base?.size ?? 0)
            if goesOn { return }
            self.close(&text, before: word)
        }
        guard let base, let last, touches(word, last),
            let shift = self.shift(of: word, beside: base)
        else {
            self.base = word
            return
        }
        self.open = (shift, text.count, word.baseline)
    }

    /// To be called behind the last word.
    mutating func finish(_ text: inout [UInt8]) {
        if self.open != nil { self.close(&text, before: nil) }
    }

    private func shift(of word: PDFWord, beside base: PDFWord) -> Shift? {
        guard word.size <= largestScriptShare * base.size else { return nil }
        let rise = base.baseline - word.baseline
        if rise >= 0.15 * base.size, rise <= 0.8 * base.size { return .raised }
        if rise <= -0.07 * base.size, rise >= -0.5 * base.size { return .lowered }
        return nil
    }

    /// Puts the sign before what was raised or lowered.
    private mutating func close(_ text: inout [UInt8], before next: PDFWord?) {
        guard let open else { return }
        self.open = nil
        let script = text[open.start...]
        guard open.start > 0, text[open.start - 1] != 0x20, isWritten(script, open.shift == .raised)
        else { return }
        let sign: UInt8 = open.shift == .raised ? 0x5E : 0x5F
        if isPlain(script) {
            text.insert(sign, at: open.start)
        } else {
            text.append(0x7D)
            text.insert(contentsOf: [sign, 0x7B], at: open.start)
        }
    }
}

/// Scripts are set in type at most this large, beside what they stand by.
private let largestScriptShare: Float = 0.92

private func touches(_ word: PDFWord, _ last: PDFWord) -> Bool {
    guard !last.hasSpaceAfter else { return false }
    let gap = word.box.left - last.box.right
    let size = max(word.size, last.size)
    return gap <= 0.2 * size && gap >= -0.6 * size
}

/// Whether the sign is needed: not before ordinals, trade marks and signs without letters and digits.
private func isWritten(_ script: ArraySlice<UInt8>, _ isRaised: Bool) -> Bool {
    guard script.contains(where: isWordByte) else { return false }
    return !isRaised || !customs.contains { $0.elementsEqual(script) }
}

private let customs: [[UInt8]] = [
    "st", "nd", "rd", "th", "e", "er", "re", "ère", "ème", "me", "o", "os", "a", "as", "º", "ª",
    "°",
    "TM", "SM", "®", "™", "ST", "ND", "RD", "TH",
].map { Array($0.utf8) }

/// Letters and digits alone, or with a sign before them.
private func isPlain(_ script: ArraySlice<UInt8>) -> Bool {
    var rest = script[...]
    for sign in signs where rest.starts(with: sign) && rest.count > sign.count {
        rest = rest.dropFirst(sign.count)
        break
    }
    return rest.allSatisfy(isWordByte)
}

private let signs: [[UInt8]] = ["-", "+", "−", "–", "±"].map { Array($0.utf8) }
