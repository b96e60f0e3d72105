/// Whether a text is in a language of another script that someone typed in Latin letters: Hindi,
/// Russian, Arabic, Japanese and others, which no model here knows in that form.
///
/// The evidence is words: their own (``romanisedWords``), and for Chinese the syllables of Pinyin.
struct RomanisedText {
    /// The likeliest language, as a BCP-47 tag with its script.
    private(set) var language = ""
    /// How sure it is; 0 where nothing speaks for it.
    private(set) var confidence: Float = 0
    /// Too little to name the language, too much to trust a model that does not know it.
    private(set) var isDoubtful = false

    /// More words than this say no more.
    private static let wordLimit = 64
    /// So many words without a sign of such a language are none.
    private static let firstLook = 20

    /// Weights and limits, so that no row of the development set in Latin script, of 6,081, is taken
    /// for one of these languages.
    private enum Weights {
        static let sharedWord: Float = 0.3
        /// A word with a digit for a letter that Latin has not: `ta3ban`, `7aga`.
        static let digitWord: Float = 0.5
        static let ownWords = 2
        static let share: Float = 0.22
        static let doubtfulShare: Float = 0.1
        static let pinyinWords = 4
        static let pinyinShare: Float = 0.95
        /// Of the words that read as Pinyin, those whose letters are rare elsewhere: `zh`, `xi`, `-ong`.
        static let pinyinMarks: Float = 0.25
        static let doubtfulPinyinMarks: Float = 0.5
    }

    /// - Complexity: O(1) on text of ordinary words: ``wordLimit`` of them are read at most.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        var counts = RomanisedCounts(languages: RomanisedLexicon.known.languages.count)
        forEachLatinWord(text) { word in
            counts.add(word)
            if counts.words >= Self.wordLimit { return false }
            return counts.words < Self.firstLook || counts.hasSigns
        }
        guard counts.words > 1 else { return }
        self.judge(counts)
    }

    private mutating func judge(_ counts: RomanisedCounts) {
        let words = Float(counts.words)
        if counts.words >= Weights.pinyinWords,
            Float(counts.pinyin) >= Weights.pinyinShare * words,
            Float(counts.pinyinMarks) >= Weights.pinyinMarks * words
        {
            self.language = "zh-Latn"
            self.confidence = 0.9
            return
        }
        var best = 0
        var bestScore: Float = -1
        for place in counts.own.indices {
            let score =
                Float(counts.own[place]) + Weights.sharedWord * Float(counts.shared[place])
                + (RomanisedLexicon.known.languages[place] == "ar"
                    ? Weights.digitWord * Float(counts.digitWords) : 0)
            if score > bestScore { (best, bestScore) = (place, score) }
        }
        let share = bestScore / words
        let own = counts.own[best]
        if own >= Weights.ownWords, share >= Weights.share {
            self.language = RomanisedLexicon.known.languages[best] + "-Latn"
            self.confidence = min(0.6 + share * 0.4 + Float(own) * 0.02, 0.97)
        } else {
            self.isDoubtful =
                own > 0 && share >= Weights.doubtfulShare
                || counts.words > 2 && counts.pinyin == counts.words
                    && Float(counts.pinyinMarks) >= Weights.doubtfulPinyinMarks * words
        }
    }
}

/// What a few words of a text are, by language of ``RomanisedLexicon``.
struct RomanisedCounts {
    private(set) var own: [Int]
    private(set) var shared: [Int]
    private(set) var words = 0
    private(set) var pinyin = 0
    private(set) var pinyinMarks = 0
    private(set) var digitWords = 0
    /// Words that are no Pinyin are few.
    private var mayBePinyin: Bool { self.words - self.pinyin <= 1 }
    private var hasOwn = false

    var hasSigns: Bool { self.hasOwn || self.mayBePinyin }

    init(languages: Int) {
        self.own = [Int](repeating: 0, count: languages)
        self.shared = self.own
    }

    mutating func add(_ word: LatinWord) {
        self.words += 1
        let found = RomanisedLexicon.known.uses(word)
        if found.own | found.shared != 0 {
            for place in self.own.indices {
                if found.own >> UInt16(place) & 1 == 1 { self.own[place] += 1 }
                if found.shared >> UInt16(place) & 1 == 1 { self.shared[place] += 1 }
            }
            if found.own != 0 { self.hasOwn = true }
        } else if word.hasDigit {
            self.digitWords += 1
        }
        if !word.hasDigit, self.words - 1 - self.pinyin <= 1, let isMarked = Pinyin.reads(word) {
            self.pinyin += 1
            if isMarked { self.pinyinMarks += 1 }
        }
    }
}

/// A short word in lower case, without marks on its letters.
struct LatinWord {
    /// Longer words are no evidence.
    static let limit = 16
    private(set) var bytes: InlineArray<16, UInt8> = .init(repeating: 0)
    private(set) var count = 0
    private(set) var isOther = false
    private(set) var hasDigit = false

    fileprivate mutating func add(_ byte: UInt8) {
        if self.count < Self.limit { self.bytes[self.count] = byte } else { self.isOther = true }
        self.count += 1
        if isASCIIDigit(byte) { self.hasDigit = true }
    }

    fileprivate mutating func markOther() { self.isOther = true }

    var hash: UInt64 {
        var hash = WordHash()
        for index in 0..<min(self.count, Self.limit) { hash.add(self.bytes[index]) }
        return hash.value(group: 0)
    }

    func hasSuffix(_ suffix: [UInt8]) -> Bool {
        guard !self.isOther, self.count > suffix.count + 1 else { return false }
        for index in suffix.indices
        where self.bytes[self.count - suffix.count + index] != suffix[index] {
            return false
        }
        return true
    }
}

/// Calls `body` with each word of `text` until it answers false; digits are letters of a word, and
/// apostrophes inside it fall out.
private func forEachLatinWord(
    _ text: UnsafeBufferPointer<UInt8>,
    _ body: (LatinWord) -> Bool
) {
    var index = 0
    while index < text.count {
        var word = LatinWord()
        var letters = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                if isASCIILetter(byte) {
                    word.add(byte | 0x20)
                    letters += 1
                } else if isASCIIDigit(byte) {
                    word.add(byte)
                } else if byte != UInt8(ascii: "'") {
                    break
                }
                index += 1
            } else if index + 1 < text.count, let base = markedVowel(byte, text[index + 1]) {
                word.add(base)
                letters += 1
                index += 2
            } else if byte == 0xE2 {
                break
            } else {
                word.markOther()
                letters += 1
                index += 1
            }
        }
        if letters > 0, !body(word) { return }
        index += 1
    }
}

/// The vowel below a macron, acute, caron or grave: the tones of Pinyin and the long vowels of Japanese.
private func markedVowel(_ first: UInt8, _ second: UInt8) -> UInt8? {
    switch (first, second) {
    case (0xC3, 0xA0), (0xC3, 0xA1), (0xC4, 0x81), (0xC7, 0x8E): UInt8(ascii: "a")
    case (0xC3, 0xA8), (0xC3, 0xA9), (0xC4, 0x93), (0xC4, 0x9B): UInt8(ascii: "e")
    case (0xC3, 0xAC), (0xC3, 0xAD), (0xC4, 0xAB), (0xC7, 0x90): UInt8(ascii: "i")
    case (0xC3, 0xB2), (0xC3, 0xB3), (0xC5, 0x8D), (0xC7, 0x92): UInt8(ascii: "o")
    case (0xC3, 0xB9), (0xC3, 0xBA), (0xC5, 0xAB), (0xC7, 0x94): UInt8(ascii: "u")
    default: nil
    }
}

func isASCIIDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
