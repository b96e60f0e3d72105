/// How good a place the start of a token is to start a chunk, weakest first.
enum CutStrength: UInt8, Comparable {
    /// Inside a block that must stay whole, or not the first token of its scalar.
    case forbidden = 0
    /// Inside a word: tokenising the two sides apart could give other tokens.
    case insideWord
    /// Next to punctuation or an ideograph, or between the words of a heading.
    case joint
    /// After white space.
    case word
    /// After a line break in running text.
    case line
    /// After the end of a sentence.
    case sentence
    /// The start of a list item, table row or line of code.
    case item
    /// The start of a paragraph or another block.
    case block

    static func < (left: CutStrength, right: CutStrength) -> Bool { left.rawValue < right.rawValue }
}

extension [CutStrength] {
    /// The strongest cut in the range, the last of several; nil when all are weaker than `weakest`.
    func strongest(in range: Range<Int>, atLeast weakest: CutStrength) -> Int? {
        self.withUnsafeBufferPointer { strengths in
            var best: Int?
            var bestStrength = weakest
            for index in range where strengths[index] >= bestStrength {
                bestStrength = strengths[index]
                best = index
            }
            return best
        }
    }

    func first(in range: Range<Int>, atLeast weakest: CutStrength) -> Int? {
        self.withUnsafeBufferPointer { strengths in
            for index in range where strengths[index] >= weakest { return index }
            return nil
        }
    }

    func last(in range: Range<Int>, atLeast weakest: CutStrength) -> Int? {
        self.withUnsafeBufferPointer { strengths in
            for index in range.reversed() where strengths[index] >= weakest { return index }
            return nil
        }
    }
}
