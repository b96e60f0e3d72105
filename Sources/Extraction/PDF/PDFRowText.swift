internal import Bytes

/// Writes the words of rows as text in logical order.
struct PDFRowWriter {
    let source: PDFSource
    private(set) var text: [UInt8] = []

    init(source: PDFSource, reserving capacity: Int) {
        self.source = source
        self.text.reserveCapacity(capacity)
    }

    /// Writes one row and returns where its text stands.
    mutating func write(_ fragments: [PDFFragment], page: Int) -> Range<Int> {
        let start = self.text.count
        var hasRightToLeft = false
        var previous: PDFWord?
        var scripts: PDFScriptWriter?
        if PDFScriptWriter.isNeeded(fragments, self.source.pages[page].words, self.source.text) {
            scripts = PDFScriptWriter()
        }
        for fragment in fragments {
            let spacing = self.spacing(of: fragment, page: page)
            for index in fragment.words {
                let word = self.source.pages[page].words[index]
                scripts?.begin(word, in: &self.text)
                if let previous, self.parts(previous, word), spacing?.joins(index) != true {
                    self.text.append(0x20)
                }
                hasRightToLeft = self.append(word) || hasRightToLeft
                previous = word
            }
        }
        scripts?.finish(&self.text)
        if hasRightToLeft {
            let logical = self.text.withUnsafeBufferPointer { buffer in
                logicalOrder(UnsafeBufferPointer(rebasing: buffer[start...]))
            }
            self.text.replaceSubrange(start..., with: logical)
        }
        if self.source.hasSoftHyphens { self.showSoftHyphens(from: start) }
        return start..<self.text.count
    }

    /// A soft hyphen is drawn as any other: only at a line's end may it be one that breaks a word.
    private mutating func showSoftHyphens(from start: Int) {
        var index = start
        while index + 2 < self.text.count {
            if self.text[index] == 0xC2, self.text[index + 1] == 0xAD {
                self.text.replaceSubrange(index..<index + 2, with: CollectionOfOne(.hyphen))
            }
            index += 1
        }
    }

    /// Whether there is a blank between two words of a line.
    private func parts(_ left: PDFWord, _ right: PDFWord) -> Bool {
        needsBlank(left, right) || self.isDrawnApart(left, right)
    }

    /// Whether letters that touch are drawn far from each other in the content stream: a stamp over a
    /// line, and not a word with a letter in another font.
    private func isDrawnApart(_ left: PDFWord, _ right: PDFWord) -> Bool {
        let length = left.textEnd - left.textStart
        guard length >= 2, right.textEnd - right.textStart >= 2,
            self.source.text[Int(left.textEnd) - 1].isASCIILetter,
            self.source.text[Int(right.textStart)].isASCIILetter
        else { return false }
        let distance = right.streamPosition - left.streamPosition
        return distance < 0 || distance > 4 * length + farGlyphs
    }

    /// nil for the many lines without three short words in a row.
    private func spacing(of fragment: PDFFragment, page: Int) -> PDFLetterSpacing? {
        let words = self.source.pages[page].words
        guard fragment.words.count >= 3 else { return nil }
        var shortCount = 0
        for index in fragment.words {
            shortCount = words[index].textEnd - words[index].textStart <= 4 ? shortCount + 1 : 0
            if shortCount == 3 {
                return PDFLetterSpacing(fragment.words, of: words, text: self.source.text)
            }
        }
        return nil
    }

    /// Writes words in the given order with a blank between any two.
    mutating func write(words: [PDFWord]) -> Range<Int> {
        let start = self.text.count
        for word in words {
            if self.text.count > start { self.text.append(0x20) }
            _ = self.append(word)
        }
        return start..<self.text.count
    }

    /// Writes words as ``write(words:)`` does, and slanted phrases that are no watermarks behind them.
    mutating func write(
        words: [PDFWord],
        behind phrases: [PDFSlantedText],
        but watermarks: PDFWatermarks
    ) -> Range<Int> {
        let start = self.write(words: words).lowerBound
        for phrase in phrases where !watermarks.isWatermark(phrase) {
            if self.text.count > start { self.text.append(0x20) }
            self.text.append(contentsOf: self.source.text[phrase.text])
        }
        return start..<self.text.count
    }

    /// Writes a slanted phrase as a line of its own.
    mutating func write(_ phrase: PDFSlantedText, page: Int) -> PDFRow {
        let start = self.text.count
        self.text.append(contentsOf: self.source.text[phrase.text])
        return PDFRow(
            box: phrase.box,
            baseline: phrase.box.bottom,
            size: phrase.size,
            page: page,
            fragments: [],
            text: start..<self.text.count
        )
    }

    /// Writes the numbers of a page's lines as a line of their own.
    mutating func write(_ numbers: PDFNumberedLines, page: Int) -> PDFRow {
        let start = self.text.count
        self.text.append(contentsOf: numbers.text)
        return PDFRow(
            box: numbers.box,
            baseline: numbers.box.bottom,
            size: 10,
            page: page,
            fragments: [],
            text: start..<self.text.count
        )
    }

    /// - Returns: whether the word holds a letter that is written from right to left.
    private mutating func append(_ word: PDFWord) -> Bool {
        let range = Int(word.textStart)..<Int(word.textEnd)
        var found = false
        for byte in self.source.text[range] {
            // U+0590 to U+08FF start with D6 to E0, presentation forms with EF.
            if byte >= 0xD6, byte <= 0xE0 || byte == 0xEF { found = true }
            self.text.append(byte)
        }
        return found
    }
}

/// Whether a line has more letters of right-to-left scripts than Latin ones.
///
/// Hebrew and Arabic lead with D6 to DB in UTF-8, their presentation forms with EF AC to EF BB.
func isMostlyRightToLeft(_ line: ArraySlice<UInt8>) -> Bool {
    var right = 0
    var left = 0
    var previous: UInt8 = 0
    for byte in line {
        if (byte >= 0xD6 && byte <= 0xDB) || (previous == 0xEF && byte >= 0xAC && byte <= 0xBB) {
            right += 1
        } else if (byte | 0x20) >= 0x61, (byte | 0x20) <= 0x7A {
            left += 1
        }
        previous = byte
    }
    return right > left
}

/// Blanks and marks between two parts of a word are fewer.
private let farGlyphs: Int32 = 64

/// Whether a gap parts two words, or they are drawn over each other.
///
/// poppler takes a gap of a tenth of an em for a space, which letters set at fixed steps reach.
private func needsBlank(_ left: PDFWord, _ right: PDFWord) -> Bool {
    if left.hasBlankAfter { return true }
    let size = max(left.size, right.size)
    let gap = right.box.left - left.box.right
    if left.hasSpaceAfter, abs(gap) > 0.12 * size { return true }
    return gap > 0.2 * size || gap < -0.6 * size
}

private enum Direction {
    case left, right, number, mark, neutral
}

/// Turns a line from printed order into reading order.
///
/// A small part of the bidirectional algorithm, backwards: runs of left-to-right letters and of
/// digits keep their order, all else of a right-to-left line is reversed; marks stay behind their
/// letter. In a left-to-right line only runs of right-to-left letters are reversed.
/// - Source: Unicode Standard Annex #9, rule L2.
func logicalOrder(_ line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var scalars: [UInt32] = []
    var index = 0
    while index < line.count {
        let (scalar, length) = decodeScalar(line, at: index)
        scalars.append(scalar)
        index += length
    }
    let directions = scalars.map(direction)
    let rightCount = directions.reduce(0) { $0 + ($1 == .right ? 1 : 0) }
    let leftCount = directions.reduce(0) { $0 + ($1 == .left ? 1 : 0) }
    guard rightCount > 0 else { return Array(line) }
    let baseIsRight = rightCount >= leftCount
    var result: [UInt8] = []
    let runs = directionRuns(directions, baseIsRight: baseIsRight)
    for run in baseIsRight ? runs.reversed() : runs {
        if run.isRight {
            appendReversed(scalars[run.range], directions[run.range], to: &result)
        } else {
            for scalar in scalars[run.range] { appendScalar(scalar, to: &result) }
        }
    }
    return result
}

private func direction(_ scalar: UInt32) -> Direction {
    switch scalar {
    case 0x30...0x39, 0x0660...0x0669, 0x06F0...0x06F9: .number
    case 0x0591...0x05BD, 0x05BF, 0x05C1...0x05C2, 0x05C4...0x05C5, 0x0610...0x061A,
        0x064B...0x065F, 0x0670, 0x06D6...0x06DC, 0x06DF...0x06E4, 0x06E7...0x06E8,
        0x06EA...0x06ED, 0x0300...0x036F:
        .mark
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC: .right
    case 0x41...0x5A, 0x61...0x7A, 0xC0...0x058F, 0x0900...0x1FFF, 0x2C00...0xD7FF: .left
    default: .neutral
    }
}

/// Cuts a line into runs; neutrals between two left-to-right parts go with them, others follow the
/// base direction.
private func directionRuns(
    _ directions: [Direction],
    baseIsRight: Bool
) -> [(range: Range<Int>, isRight: Bool)] {
    var isRight = [Bool](repeating: baseIsRight, count: directions.count)
    var lastStrong = -1
    for (index, direction) in directions.enumerated() {
        let opposite =
            baseIsRight
            ? direction == .left || direction == .number
            : direction == .right || direction == .mark
        guard opposite else {
            if direction != .neutral { lastStrong = -1 }
            continue
        }
        isRight[index] = !baseIsRight
        if lastStrong >= 0 { for gap in lastStrong..<index { isRight[gap] = !baseIsRight } }
        lastStrong = index
    }
    var result: [(range: Range<Int>, isRight: Bool)] = []
    for (index, value) in isRight.enumerated() {
        if let last = result.last, last.isRight == value {
            result[result.count - 1].range = last.range.lowerBound..<index + 1
        } else {
            result.append((index..<index + 1, value))
        }
    }
    return result
}

private func appendReversed(
    _ scalars: ArraySlice<UInt32>,
    _ directions: ArraySlice<Direction>,
    to output: inout [UInt8]
) {
    var end = scalars.endIndex
    while end > scalars.startIndex {
        var start = end - 1
        while start > scalars.startIndex, directions[start] == .mark { start -= 1 }
        for index in start..<end { appendScalar(scalars[index], to: &output) }
        end = start
    }
}
