internal import COCR

/// What Tesseract reads on one picture.
struct OCRPage: Sendable {
    /// Of the picture, in pixels.
    var width: Int
    var height: Int
    /// Pixels an inch, as the picture says or Tesseract guesses.
    var resolution: Int
    /// The text of all words, back to back, in UTF-8.
    var text: [UInt8]
    /// In reading order.
    var words: [OCRWord]
}

/// One word; its box is in pixels from the top left of the picture.
struct OCRWord: Sendable {
    var text: Range<Int>
    var left: Float
    var top: Float
    var right: Float
    var bottom: Float
    /// The number of its line on the page, from 0.
    var line: Int
    /// The ends of the baseline of its line.
    var baseline: OCRBaseline
    /// 0 to 100.
    var confidence: Float
    /// Of its line, in points of the picture's resolution; 0 when it is not known.
    var size: Float
}

struct OCRBaseline: Hashable, Sendable {
    var left: Float
    var leftY: Float
    var right: Float
    var rightY: Float

    var width: Float { self.right - self.left }
    /// Rise of y along x: how much the picture is askew; 0 of a line without width.
    var slope: Float { self.width > 0 ? (self.rightY - self.leftY) / self.width : 0 }
}

extension OCRPage {
    init(_ view: cocr_page_view) {
        self.width = Int(view.width)
        self.height = Int(view.height)
        self.resolution = Int(view.resolution)
        self.text = Array(UnsafeBufferPointer(start: view.text, count: view.text_length))
        self.words = []
        self.words.reserveCapacity(view.word_count)
        var line = -1
        for word in UnsafeBufferPointer(start: view.words, count: view.word_count) {
            if word.begins_line != 0 || line < 0 { line += 1 }
            self.words.append(OCRWord(word, line: line))
        }
    }

    /// The mean confidence of its words, by the length of their text; 0 without any.
    var confidence: Float {
        var sum: Float = 0
        var length: Float = 0
        for word in self.words {
            sum += word.confidence * Float(word.text.count)
            length += Float(word.text.count)
        }
        return length > 0 ? sum / length : 0
    }

    /// How much most of the text is askew: the median slope of its lines, by their width.
    var slope: Float {
        var slopes: [(slope: Float, width: Float)] = []
        var line = -1
        for word in self.words where word.line != line {
            line = word.line
            // The baselines of short lines tell little.
            guard word.baseline.width * 8 > Float(self.width) else { continue }
            slopes.append((word.baseline.slope, word.baseline.width))
        }
        slopes.sort { ($0.slope, $0.width) < ($1.slope, $1.width) }
        let half = slopes.reduce(0) { $0 + $1.width } / 2
        var sum: Float = 0
        for entry in slopes {
            sum += entry.width
            if sum >= half { return entry.slope }
        }
        return 0
    }
}

extension OCRWord {
    fileprivate init(_ word: cocr_word, line: Int) {
        let start = Int(word.text_offset)
        self.init(
            text: start..<start + Int(word.text_length),
            left: Float(word.left),
            top: Float(word.top),
            right: Float(word.right),
            bottom: Float(word.bottom),
            line: line,
            baseline: OCRBaseline(
                left: Float(word.base_left),
                leftY: Float(word.base_left_y),
                right: Float(word.base_right),
                rightY: Float(word.base_right_y)
            ),
            confidence: word.confidence,
            size: Float(word.font_size)
        )
    }
}
