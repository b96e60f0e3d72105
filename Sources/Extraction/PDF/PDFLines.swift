internal import Bytes

/// The usual distance between lines, by type size.
struct PDFLeadings {
    /// Leading in tenths of a point by size in tenths of a point.
    private var byHalfPoint: [Int: Float] = [:]

    init(_ layout: PDFLayout) {
        var counts: [Int: [Int: Int]] = [:]
        for column in layout.columns {
            for (row, next) in zip(column.rows, column.rows.dropFirst()) {
                let step = next.baseline - row.baseline
                guard abs(row.size - next.size) < 0.5, step > 0.8 * row.size,
                    step < (nearlyFills(row, column) ? widestLeading : widestOpenLeading) * row.size
                else { continue }
                // The lines of a table's cells do not tell how far apart lines of text are.
                guard row.fragments.count == 1, next.fragments.count == 1 else { continue }
                let bucket = Int((step * 2).rounded())
                counts[Int((row.size * 2).rounded()), default: [:]][bucket, default: 0] += 1
            }
        }
        for (size, steps) in counts {
            let best = steps.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
            guard let best, best.value >= 2 else { continue }
            self.byHalfPoint[size] = Float(best.key) / 2
        }
    }

    func leading(of size: Float) -> Float {
        self.byHalfPoint[Int((size * 2).rounded())] ?? 1.25 * size
    }

    /// Whether lines are set so far apart that a line which ends early ends its paragraph.
    func isWide(_ size: Float) -> Bool { self.leading(of: size) > 1.7 * size }
}

/// Lines of double-spaced text are up to this many ems apart; behind a line that does not fill its
/// column such a step separates paragraphs.
private let widestLeading: Float = 3.2
private let widestOpenLeading: Float = 2.2

/// Joins the text of lines into one paragraph.
struct PDFLineJoiner {
    let vocabulary: PDFVocabulary
    private let text: [UInt8]

    init(_ layout: PDFLayout) {
        self.vocabulary = PDFVocabulary(layout)
        self.text = layout.text
    }

    func joined(_ rows: ArraySlice<PDFRow>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(rows.reduce(0) { $0 + $1.text.count + 1 })
        for row in rows { self.append(self.text[row.text], to: &result) }
        return result
    }

    /// Adds a line: a word broken by a hyphen is made whole, other lines get a blank between,
    /// except between ideographs.
    func append(_ line: ArraySlice<UInt8>, to paragraph: inout [UInt8]) {
        guard !line.isEmpty else { return }
        if paragraph.isEmpty {
            paragraph.append(contentsOf: line)
        } else if let hyphen = lineEndHyphen(paragraph), self.breaksWord(paragraph, hyphen, line) {
            paragraph.removeLast(hyphen.length)
            paragraph.append(contentsOf: line)
        } else {
            let isTight = lineEndHyphen(paragraph) != nil || isIdeographic(paragraph, line)
            if !isTight { paragraph.append(0x20) }
            paragraph.append(contentsOf: line)
        }
    }

    /// Whether the hyphen at the end of `paragraph` only breaks a word.
    ///
    /// A soft hyphen does unless the document has it within the word. U+2010 is set by typesetters, so it does unless the compound
    /// stands elsewhere. Before a capital or a digit a hyphen is kept unless the whole word is
    /// known.
    private func breaksWord(
        _ paragraph: [UInt8],
        _ hyphen: (length: Int, isSoft: Bool),
        _ line: ArraySlice<UInt8>
    ) -> Bool {
        let left = paragraph.dropLast(hyphen.length).suffix(64)
        let leftStart = left.lastIndex { !isWordByte($0) }.map { $0 + 1 } ?? left.startIndex
        let right = line.prefix(while: isWordByte)
        let known = self.vocabulary.spelling(left: left[leftStart...], right: right)
        switch known {
        case .joined: return true
        case .hyphenated: return false
        case .bothParts: return hyphen.length > 1
        case .unknown: return hyphen.isSoft || startsLower(line)
        }
    }
}

/// Lower case, or a script without case.
private func startsLower(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first else { return false }
    return first.isASCIILowercase || first >= 0x80
}

/// Both sides are Han, Kana or their punctuation (three bytes from E3 80 to E9 BF, or EF BC).
private func isIdeographic(_ paragraph: [UInt8], _ line: ArraySlice<UInt8>) -> Bool {
    guard paragraph.count >= 3, let head = line.first else { return false }
    let tail = paragraph[paragraph.count - 3]
    return (0xE3...0xE9).contains(tail) && (0xE3...0xE9).contains(head)
}
