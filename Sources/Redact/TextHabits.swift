/// How a text is written, which tells its persons from its terms: whether it is about code, and which of
/// the words of its candidates it writes small as well.
///
/// What the text says outside the candidates counts, so that it says the same once they are replaced.
struct TextHabits {
    /// Whether the signs of code are as frequent as in manuals of software.
    let isTechnical: Bool
    /// Those of the words asked for that stand in small letters somewhere.
    private let smallWords: Set<UInt64>

    /// Signs of code in a thousand small letters that make a text technical, and how many it has at least.
    ///
    /// - Source: measured. Of the manuals of Python and Django nine tenths have more, in the median 18 to 32;
    ///   of the pages of PostgreSQL, SQLite and Git, on which it was not chosen, nine tenths. Of the labelled
    ///   letters, incident reports and chats fewer than one in fifty, of paragraphs in 104 languages two.
    private static let technicalShare = 2
    private static let technicalLeast = 3

    /// - Parameter spans: ascending and apart; what is in them does not count.
    /// - Parameter words: hashes of ``nameWord(_:at:)``.
    /// - Complexity: O(text).
    init(_ text: UnsafeBufferPointer<UInt8>, outside spans: [PIISpan], words: Set<UInt64>) {
        var smallWords: Set<UInt64> = []
        var letters = 0
        var signs = 0
        var index = 0
        var nextSpan = 0
        while index < text.count {
            if nextSpan < spans.count, index >= spans[nextSpan].range.lowerBound {
                index = max(index, spans[nextSpan].range.upperBound)
                nextSpan += 1
                continue
            }
            let byte = text[index]
            guard isNameLetter(byte) else {
                if isCodeSign(text, at: index) { signs += 1 }
                index += 1
                continue
            }
            let isSmall = !isUpperLetter(text, at: index)
            let (hash, wordEnd) = nameWord(text, at: index)
            let end = max(wordEnd, index + 1)
            if isSmall, words.contains(hash), standsApart(text, index..<end) {
                smallWords.insert(hash)
            }
            for place in index..<end where text[place].isSmallLetter {
                letters += 1
                if place + 1 < end, text[place + 1].isCapitalLetter { signs += 1 }
            }
            index = end
        }
        self.smallWords = smallWords
        self.isTechnical =
            signs >= Self.technicalLeast && signs * 1_000 >= letters * Self.technicalShare
    }

    func isWrittenSmall(_ hash: UInt64) -> Bool { self.smallWords.contains(hash) }
}

/// Whether the word is one of a sentence, not a part of an address, a path or an identifier.
private func standsApart(_ text: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> Bool {
    func byte(_ index: Int) -> UInt8 { 0..<text.count ~= index ? text[index] : .lineFeed }
    let before = byte(word.lowerBound - 1)
    let after = byte(word.upperBound)
    guard before <= .space || before == .openParenthesis || before == .quote else { return false }
    return after <= .space || [.comma, .colon, .closeParenthesis, .quote].contains(after)
        || after == .fullStop && byte(word.upperBound + 1) <= .space
}

/// Whether the byte is of an identifier, an operator, a call, an option, markup or the end of a statement.
private func isCodeSign(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    func byte(_ offset: Int) -> UInt8 {
        0..<text.count ~= index + offset ? text[index + offset] : .lineFeed
    }
    func isWord(_ byte: UInt8) -> Bool { byte.isSmallLetter || byte.isDigit }
    let (before, after) = (byte(-1), byte(1))
    switch text[index] {
    case UInt8(ascii: "_"): return isWord(before) && isWord(after)
    case UInt8(ascii: "("): return after == UInt8(ascii: ")") || before.isSmallLetter
    case UInt8(ascii: ":"), UInt8(ascii: "&"): return after == text[index]
    case UInt8(ascii: "-"):
        return after == UInt8(ascii: ">")
            || before == .hyphen && after.isSmallLetter && byte(-2) == .space
    case UInt8(ascii: "="):
        return after == text[index] || after == .quote || before == UInt8(ascii: "!")
            || isWord(before) && isWord(after)
    case UInt8(ascii: "`"): return true
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"): return after == .lineFeed
    case UInt8(ascii: "$"): return isNameLetter(after) || after == UInt8(ascii: "{")
    case UInt8(ascii: "<"): return after == .slash
    default: return false
    }
}

extension PIIScanner {
    /// The spans without those persons that are terms of the text.
    ///
    /// - Parameter spans: ascending and apart.
    func withoutTerms(_ spans: [PIISpan], in text: UnsafeBufferPointer<UInt8>) -> [PIISpan] {
        guard spans.contains(where: { $0.kind == .person && $0.score < PersonHabits.sure }) else {
            return spans
        }
        var words: Set<UInt64> = []
        for span in spans where span.kind == .person {
            for word in nameWords(of: span, in: text) { words.insert(word.hash) }
        }
        let habits = TextHabits(text, outside: spans, words: words)
        return spans.filter { span in
            guard span.kind == .person, span.score < PersonHabits.sure else { return true }
            let words = nameWords(of: span, in: text)
            // Names of scripts that part no words.
            guard !words.isEmpty else { return true }
            return !PersonHabits.isTerm(
                score: span.score,
                wordCount: words.count,
                isTechnical: habits.isTechnical,
                isCapitals: words.allSatisfy { $0.isCapitals },
                writtenSmall: self.writtenSmall(words.map(\.hash), habits)
            )
        }
    }

    /// Which of the words the text writes small.
    private func writtenSmall(_ words: [UInt64], _ habits: TextHabits) -> PersonHabits.Share {
        if words.allSatisfy(habits.isWrittenSmall) { return .all }
        let hasOrdinary = words.enumerated().contains { place, word in
            habits.isWrittenSmall(word)
                && (place == 0
                    || (self.names?.uses(hash: word) ?? []).isDisjoint(with: [.first, .last]))
        }
        return hasOrdinary ? .some : .none
    }
}

/// The words of two letters or more in a name.
private func nameWords(
    of span: PIISpan,
    in text: UnsafeBufferPointer<UInt8>
) -> [(hash: UInt64, isCapitals: Bool)] {
    var words: [(hash: UInt64, isCapitals: Bool)] = []
    var index = span.range.lowerBound
    while index < span.range.upperBound {
        guard isNameLetter(text[index]) else {
            index += 1
            continue
        }
        let (hash, wordEnd) = nameWord(text, at: index)
        let end = max(wordEnd, index + 1)
        if end - index > 1 {
            words.append((hash, isUpperLetter(text, at: index) && isAllUpper(text, index..<end)))
        }
        index = end
    }
    return words
}

/// Which candidates for persons are terms of the text they stand in.
///
/// - Source: measured on the documentation of Python and Django, 15 MB, and on the labelled sets of persons:
///   a row stands where most of what it takes away there is wrong; its effect on the pages of PostgreSQL,
///   SQLite and Git is in `Ops/benchmarks/pii/run --documentation`.
enum PersonHabits {
    /// Names that words around them tell are none of the terms.
    static let sure: Float = 0.9

    /// How many of a candidate's words stand in small letters too.
    enum Share {
        case none
        /// The first, or a later one that is no name.
        case some
        case all
    }

    /// Scores below that of a frequent first name and a last one; in these rows a word alone decides.
    private static let doubtful: Float = 0.75

    static func isTerm(
        score: Float,
        wordCount: Int,
        isTechnical: Bool,
        isCapitals: Bool,
        writtenSmall: Share
    ) -> Bool {
        switch writtenSmall {
        case .all where isTechnical || score < PersonScores.triggeredName: return true
        case .some where isTechnical && score < Self.doubtful: return true
        default: break
        }
        guard isTechnical else { return false }
        if wordCount == 1 { return score < PersonScores.triggeredName }
        return isCapitals || score < 0.65
    }
}
