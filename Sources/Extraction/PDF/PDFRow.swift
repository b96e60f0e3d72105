/// A piece of a printed line: words that follow each other without a wide gap.
struct PDFFragment: Sendable {
    var box: PDFBox
    var baseline: Float
    /// The font size of most of its bytes.
    var size: Float
    /// A range of the page's words.
    var words: Range<Int>
    var streamPosition: Int32
    /// The drawn table that this fragment stands for, of its page.
    var table: Int?

    /// The height of the small letters: lines set solid do not overlap in it.
    var core: ClosedRange<Float> {
        (self.baseline - 0.65 * self.size)...(self.baseline + 0.05 * self.size)
    }
}

/// A printed line of one column, its fragments from left to right.
struct PDFRow: Sendable {
    var box: PDFBox
    var baseline: Float
    var size: Float
    /// Index into the source's pages.
    var page: Int
    var fragments: [PDFFragment]
    var isBold = false
    var isFixedPitch = false
    /// Whether most of its letters are Hebrew, Arabic or of their kin.
    var isRightToLeft = false
    /// The paragraph, heading or other block of the structure tree that it is part of.
    var element = PDFStructure.none
    /// Bytes of the row text: logical order, words joined by blanks.
    var text = 0..<0
}

/// Rows that are read from top to bottom.
struct PDFColumn: Sendable {
    var page: Int
    var left: Float
    var right: Float
    var rows: [PDFRow]

    /// How far a row starts from the side on which its script begins a line.
    func indent(of row: PDFRow) -> Float {
        row.isRightToLeft ? self.right - row.box.right : row.box.left - self.left
    }

    /// How much of the column is left free behind a row.
    func slack(of row: PDFRow) -> Float {
        row.isRightToLeft ? row.box.left - self.left : self.right - row.box.right
    }
}

/// A gap this many ems wide separates two fragments.
let fragmentGapEms: Float = 0.75

/// Cuts a page's words, in poppler's order, where the line ends or a wide gap follows.
func fragments(of words: [PDFWord]) -> [PDFFragment] {
    var result: [PDFFragment] = []
    var weights = SizeWeights()
    for (index, word) in words.enumerated() {
        if let last = result.last, follows(word, last) {
            let end = result.count - 1
            result[end].box.add(word.box)
            result[end].words = last.words.lowerBound..<index + 1
            result[end].streamPosition = min(last.streamPosition, word.streamPosition)
            let weight = word.textEnd - word.textStart
            if weights.add(size: word.size, weight: weight) {
                result[end].size = word.size
                result[end].baseline = word.baseline
            }
        } else {
            weights = SizeWeights()
            _ = weights.add(size: word.size, weight: word.textEnd - word.textStart)
            result.append(
                PDFFragment(
                    box: word.box,
                    baseline: word.baseline,
                    size: word.size,
                    words: index..<index + 1,
                    streamPosition: word.streamPosition
                )
            )
        }
    }
    return result
}

/// Whether `word` goes on in the line of `fragment`.
private func follows(_ word: PDFWord, _ fragment: PDFFragment) -> Bool {
    let size = max(word.size, fragment.size)
    let gap = word.box.left - fragment.box.right
    guard gap <= fragmentGapEms * size, gap >= -0.6 * size else { return false }
    return abs(word.baseline - fragment.baseline) <= 0.5 * size
}

/// The heaviest of the few font sizes in one line.
private struct SizeWeights {
    private var sizes: (Float, Float, Float) = (0, 0, 0)
    private var weights: (Int32, Int32, Int32) = (0, 0, 0)

    /// - Returns: whether `size` is now the heaviest.
    mutating func add(size: Float, weight: Int32) -> Bool {
        if self.weights.0 == 0 || abs(self.sizes.0 - size) < 0.05 {
            self.sizes.0 = size
            self.weights.0 += weight
            return self.weights.0 >= max(self.weights.1, self.weights.2)
        }
        if self.weights.1 == 0 || abs(self.sizes.1 - size) < 0.05 {
            self.sizes.1 = size
            self.weights.1 += weight
            return self.weights.1 > max(self.weights.0, self.weights.2)
        }
        if self.weights.2 == 0 || abs(self.sizes.2 - size) < 0.05 {
            self.sizes.2 = size
            self.weights.2 += weight
            return self.weights.2 > max(self.weights.0, self.weights.1)
        }
        return false
    }
}

/// Groups the fragments of one column into rows by their baselines.
func rows(of fragments: [PDFFragment], page: Int) -> [PDFRow] {
    let sorted = fragments.sorted {
        $0.baseline != $1.baseline ? $0.baseline < $1.baseline : $0.box.left < $1.box.left
    }
    var result: [PDFRow] = []
    for fragment in sorted {
        let candidates = result.indices.suffix(2).reversed()
        if let index = candidates.first(where: { sharesLine(fragment, result[$0]) }) {
            result[index].add(fragment)
        } else {
            result.append(
                PDFRow(
                    box: fragment.box,
                    baseline: fragment.baseline,
                    size: fragment.size,
                    page: page,
                    fragments: [fragment]
                )
            )
        }
    }
    for index in result.indices {
        result[index].fragments.sort { $0.box.left < $1.box.left }
    }
    return result
}

/// Superscripts and subscripts share most of their height with the line; the next line does not.
private func sharesLine(_ fragment: PDFFragment, _ row: PDFRow) -> Bool {
    guard fragment.table == nil, row.fragments[0].table == nil else { return false }
    let upper = (row.baseline - 0.65 * row.size)...(row.baseline + 0.05 * row.size)
    let lower = fragment.core
    let shared =
        min(upper.upperBound, lower.upperBound) - max(upper.lowerBound, lower.lowerBound)
    return shared >= 0.5 * 0.7 * min(row.size, fragment.size)
}

extension PDFRow {
    fileprivate mutating func add(_ fragment: PDFFragment) {
        let widest = self.fragments.reduce(0) { max($0, $1.box.width) }
        if fragment.box.width > widest {
            self.baseline = fragment.baseline
            self.size = fragment.size
        }
        self.box.add(fragment.box)
        self.fragments.append(fragment)
    }
}
