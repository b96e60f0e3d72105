/// Puts the words of a picture where the words of a page of text would stand, for the same layout.
///
/// Lines that are askew are turned upright; a line's words share a baseline and a size, and sizes that
/// differ from the usual one by little become it, since they are measured on ink.
struct OCRWordPlacement {
    /// Of the page in points.
    let width: Float
    let height: Float
    private let page: OCRPage
    private let across: Float
    private let down: Float
    private let slope: Float
    private let usualSize: Float

    init(_ page: OCRPage, width: Float, height: Float) {
        self.page = page
        self.width = width
        self.height = height
        self.across = width / Float(max(1, page.width))
        self.down = height / Float(max(1, page.height))
        let slope = page.slope
        self.slope = abs(slope) > largestSlope ? 0 : slope
        self.usualSize = mostFrequentSize(page.words)
    }

    /// - Parameters:
    ///   - text: the document's text of words, to which that of these is added.
    ///   - style: of all of them.
    func words(addingTo text: inout [UInt8], style: Int32) -> [PDFWord] {
        var words: [PDFWord] = []
        words.reserveCapacity(self.page.words.count)
        for (index, word) in self.page.words.enumerated() {
            let start = Int32(text.count)
            text.append(contentsOf: self.page.text[word.text].filter { $0 >= 0x20 && $0 != 0x7F })
            let end = Int32(text.count)
            guard end > start else { continue }
            var placed = self.place(word)
            placed.style = style
            placed.streamPosition = Int32(index)
            placed.textStart = start
            placed.textEnd = end
            self.join(&placed, to: index + 1)
            words.append(placed)
        }
        return words
    }

    private func place(_ word: OCRWord) -> PDFWord {
        let baseline = word.baseline
        let middle = self.upright(
            (baseline.left + baseline.right) / 2,
            (baseline.leftY + baseline.rightY) / 2
        )
        let center = self.upright((word.left + word.right) / 2, (word.top + word.bottom) / 2)
        let half = (word.right - word.left) / 2 * self.across
        let size = self.size(of: word)
        return PDFWord(
            box: PDFBox(
                left: center.x - half,
                top: middle.y - 0.75 * size,
                right: center.x + half,
                bottom: middle.y + 0.25 * size
            ),
            baseline: middle.y,
            size: size,
            style: -1,
            streamPosition: 0,
            textStart: 0,
            textEnd: 0,
            hasSpaceAfter: false,
            hasBlankAfter: false
        )
    }

    /// Turns a point of the picture about its middle by the slope of the lines, into points.
    private func upright(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
        let fromMiddle = (x: x - Float(self.page.width) / 2, y: y - Float(self.page.height) / 2)
        return (
            self.across * (x + self.slope * fromMiddle.y),
            self.down * (y - self.slope * fromMiddle.x)
        )
    }

    /// In points of the page.
    private func size(of word: OCRWord) -> Float {
        let pixels =
            word.size > 0
            ? sizeBeside(self.usualSize, word.size) * Float(self.page.resolution) / 72
            : word.bottom - word.top
        return max(1, pixels * self.down)
    }

    /// Says what stands between a word and the next of its line: a blank, but between two words of a
    /// script that is written without.
    private func join(_ placed: inout PDFWord, to next: Int) {
        guard next < self.page.words.count else { return }
        let word = self.page.words[next - 1]
        let following = self.page.words[next]
        guard following.line == word.line else { return }
        let isSpaced =
            !isWrittenWithoutBlanks(self.page.text[word.text].suffix(3))
            || !isWrittenWithoutBlanks(self.page.text[following.text].prefix(3))
        placed.hasSpaceAfter = isSpaced
        guard !isSpaced else { return }
        // Small glyphs leave gaps that would read as blanks.
        let edge = self.place(following).box.left
        if edge - placed.box.right < placed.size { placed.box.right = max(placed.box.right, edge) }
    }
}

/// A page more askew is a picture of something else.
private let largestSlope: Float = 0.2

/// The size of most text; 0 without any.
private func mostFrequentSize(_ words: [OCRWord]) -> Float {
    var counts: [Float: Int] = [:]
    for word in words where word.size > 0 { counts[word.size, default: 0] += word.text.count }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
}

private func sizeBeside(_ usual: Float, _ size: Float) -> Float {
    size > 0.75 * usual && size < 1.3 * usual ? usual : size
}

/// Whether three bytes of UTF-8 are one letter or mark of Chinese or Japanese.
private func isWrittenWithoutBlanks(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count == 3, let lead = bytes.first else { return false }
    // U+3000 to U+9FFF, and U+FF00 on; Hangul is written with blanks.
    return lead >= 0xE3 && lead <= 0xE9 || lead == 0xEF
}
