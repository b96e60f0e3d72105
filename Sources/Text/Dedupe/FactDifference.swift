internal import Bytes

/// Whether the difference between two similar texts holds a fact: a number or date, a name, a negation
/// or its like, code, an operator or another sign.
///
/// What is equal in both, in whatever layout, case and punctuation, is no difference. Of what differs, a
/// word is a fact when ``FactWords`` lists it, when it has a capital that neither its place nor
/// ``CommonWords`` explains, when it stands beside a number or an operator, in code, or in a script
/// without letter case, whose names nobody can see. Where nothing is known, it is a fact: two documents
/// that could have been one stay two, and none is lost.
package struct FactDifference {
    /// Goes up when the same two texts may give another answer.
    package static let revision = 4

    /// Tokens that may differ before the difference is taken to hold a fact unread.
    private static let editLimit = 1_024

    private var tokens = NormalisedTokens()
    private var scalars = WordScalars()

    package init() {}

    /// - Input: UTF-8. The order of the two does not matter.
    /// - Complexity: O(texts), and O(tokens that differ, squared) for the first 1,024 of them.
    package mutating func holdsFact(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        // One order, so that the shortest edit script is the same one for both.
        let isOrdered = left.lexicographicallyPrecedes(right)
        let first = PlacedTokens(isOrdered ? left : right, &self.tokens)
        let second = PlacedTokens(isOrdered ? right : left, &self.tokens)
        guard let hunks = tokenHunks(first.hashes, second.hashes, limit: Self.editLimit) else {
            return true
        }
        var reading = FactReading(first, second, self.scalars)
        defer { self.scalars = reading.scalars }
        return hunks.contains { reading.isFact($0) }
    }
}

/// Two texts while their differences are read.
private struct FactReading {
    var scalars: WordScalars
    private let left: PlacedTokens
    private let right: PlacedTokens
    private lazy var leftCode = CodeRanges(self.left.text)
    private lazy var rightCode = CodeRanges(self.right.text)
    /// Words that one of the texts writes in lower case.
    private lazy var lowercaseWords = self.findLowercaseWords()

    init(_ left: PlacedTokens, _ right: PlacedTokens, _ scalars: WordScalars) {
        self.left = left
        self.right = right
        self.scalars = scalars
    }

    mutating func isFact(_ hunk: TokenHunk) -> Bool {
        var isSlip = false
        if hunk.left.count == hunk.right.count {
            let pairs = zip(hunk.left, hunk.right).map {
                (self.left.lowered($0), self.right.lowered($1))
            }
            if pairs.contains(where: { isNegatedForm($0, $1) }) { return true }
            isSlip = pairs.allSatisfy { isSlipOfThePen($0, $1) }
        }
        return hunk.left.contains { self.isFact($0, in: self.left, isLeft: true, isSlip) }
            || hunk.right.contains { self.isFact($0, in: self.right, isLeft: false, isSlip) }
    }

    /// - Parameter isSlip: whether it is another's misspelling, which then is no unit nor operand.
    private mutating func isFact(
        _ index: Int,
        in tokens: PlacedTokens,
        isLeft: Bool,
        _ isSlip: Bool
    ) -> Bool {
        let hash = tokens.hashes[index]
        if tokens.isSign[index] || FactWords.shared.contains(hash) { return true }
        let shape = WordShape(tokens.written(index), &self.scalars)
        if shape.hasNumber || tokens.isJoinedLikeCode(index) { return true }
        if isLeft
            ? self.leftCode.contains(tokens.places[index].lowerBound)
            : self.rightCode.contains(tokens.places[index].lowerBound)
        {
            return true
        }
        if !isSlip, self.standsBesideQuantity(index, in: tokens) { return true }
        if tokens.isTicked(index) || shape.isOneLetter && !isLetterWord(tokens.written(index)) {
            return true
        }
        // Plan B, vitamin D, sex: F; but an article may begin a sentence.
        if shape.isOneCapital, !(tokens.startsSentence(index) && shape.isArticle) { return true }
        if CommonWords.shared.contains(hash) { return false }
        if shape.isCaseless { return true }
        guard shape.hasCapital else { return false }
        if shape.hasInnerCapital, !shape.isAllCapitals { return true }
        let isExplained = shape.isAllCapitals || tokens.startsSentence(index)
        return !(isExplained && self.lowercaseWords.contains(hash))
    }

    /// Right before or behind a number or a sign: a unit, an operand, a word that says how to take it.
    private mutating func standsBesideQuantity(_ index: Int, in tokens: PlacedTokens) -> Bool {
        func isBound(_ index: Int) -> Bool {
            tokens.gap(before: index)?.allSatisfy { $0 == 0x20 || $0 == 0x09 } ?? false
        }
        if index > 0, isBound(index), self.isQuantity(index - 1, in: tokens) { return true }
        return index + 1 < tokens.count && isBound(index + 1)
            && self.isQuantity(index + 1, in: tokens)
    }

    private mutating func isQuantity(_ index: Int, in tokens: PlacedTokens) -> Bool {
        tokens.isSign[index] || WordShape(tokens.written(index), &self.scalars).hasNumber
    }

    private mutating func findLowercaseWords() -> Set<UInt64> {
        var words: Set<UInt64> = []
        for tokens in [self.left, self.right] {
            for index in 0..<tokens.count where !tokens.isSign[index] {
                if !WordShape(tokens.written(index).prefix(4), &self.scalars).hasCapital {
                    words.insert(tokens.hashes[index])
                }
            }
        }
        return words
    }
}

/// What the letters of a word look like.
private struct WordShape {
    var hasNumber = false
    var hasCapital = false
    /// A capital behind another letter.
    var hasInnerCapital = false
    /// Two letters or more, and all of them capitals.
    var isAllCapitals = false
    /// One letter, and a capital.
    var isOneCapital = false
    var isOneLetter = false
    /// A or I.
    var isArticle = false
    /// No letter of it has a case.
    var isCaseless = true

    init(_ word: ArraySlice<UInt8>, _ scalars: inout WordScalars) {
        var letters = 0
        var capitals = 0
        word.withUnsafeBufferPointer { word in
            var offset = 0
            while offset < word.count {
                let (codePoint, length) = decodeUTF8(word, at: offset)
                let entry = scalars.entry(of: codePoint)
                offset += length
                if entry.isNumber { self.hasNumber = true }
                guard entry.isCased else { continue }
                self.isCaseless = false
                letters += 1
                guard entry.lowercase != codePoint else { continue }
                capitals += 1
                if letters > 1 { self.hasInnerCapital = true }
            }
        }
        self.hasCapital = capitals > 0
        self.isArticle = word.first == UInt8(ascii: "A") || word.first == UInt8(ascii: "I")
        self.isOneLetter = letters == 1
        self.isOneCapital = letters == 1 && capitals == 1
        self.isAllCapitals = letters > 1 && capitals == letters
    }
}

extension PlacedTokens {
    /// Whether a line, a sentence, a cell or an entry of a menu begins with the token.
    fileprivate func startsSentence(_ index: Int) -> Bool {
        guard let gap = self.gap(before: index) else { return true }
        return gap.contains { byte in
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "."), UInt8(ascii: "!"),
                UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "|"):
                true
            default: false
            }
        }
            || [[0xC2, 0xB7], [0xC2, 0xBB], [0xE2, 0x80, 0xBA], [0xE2, 0x80, 0xA2]].contains {
                mark in
                // · » › • between the entries of a menu.
                gap.count >= mark.count
                    && gap.indices.dropLast(mark.count - 1).contains { place in
                        self.text[place..<place + mark.count].elementsEqual(mark)
                    }
            }
    }

    /// Whether it is the mark of a box in a list of tasks: `[x]`.
    fileprivate func isTicked(_ index: Int) -> Bool {
        let place = self.places[index]
        func byte(_ offset: Int) -> UInt8 { self.text.indices ~= offset ? self.text[offset] : 0 }
        return place.count == 1 && byte(place.lowerBound - 1) == UInt8(ascii: "[")
            && byte(place.upperBound) == UInt8(ascii: "]")
    }

    /// Whether the bytes beside the token are those of an identifier, a path, a call or an option.
    fileprivate func isJoinedLikeCode(_ index: Int) -> Bool {
        let place = self.places[index]
        func byte(_ offset: Int) -> UInt8 { self.text.indices ~= offset ? self.text[offset] : 0 }
        func isWord(_ byte: UInt8) -> Bool {
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
        }
        let before = byte(place.lowerBound - 1)
        let further = byte(place.lowerBound - 2)
        let after = byte(place.upperBound)
        let next = byte(place.upperBound + 1)
        if self.written(index).contains(UInt8(ascii: "_")) { return true }
        if after == UInt8(ascii: "(") { return isWord(byte(place.upperBound - 1)) }
        for (byte, other) in [(before, further), (after, next)] {
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "@"), UInt8(ascii: "{"),
                UInt8(ascii: "}"), UInt8(ascii: "$"), UInt8(ascii: "="):
                return true
            case UInt8(ascii: "."): if isWord(other) { return true }
            case UInt8(ascii: ":"): if other == byte { return true }
            default: break
            }
        }
        let dash = UInt8(ascii: "-")
        let isOption = before == dash && (further == dash || further == 0x20 || further == 0x0A)
        return isOption && !self.opensItem(place.lowerBound - 1)
            || before == UInt8(ascii: "(") && isWord(further)
    }

    /// Whether the dash at `offset` is the bullet of a list: nothing before it in its line.
    private func opensItem(_ offset: Int) -> Bool {
        var place = offset - 1
        while place >= 0, self.text[place] == 0x20 { place -= 1 }
        return place < 0 || self.text[place] == 0x0A
    }
}

/// Words of one letter, and what apostrophes leave of others, in Latin and Cyrillic letters.
///
/// Any other letter names something: the α phase, vitamin c.
private func isLetterWord(_ word: ArraySlice<UInt8>) -> Bool {
    letterWords.contains(Array(word))
}

private let letterWords = bytes(
    "a A i I o O e E y Y u U à À è È é É ò ó å Å ø s S t T d D m M l L n N j J z Z w W k K v V q Q "
        + "и И о О в В с С к К у У а А я Я з З і І й"
)

/// `safe` and `unsafe`, `может` and `не` written together, `Zucker` and `zuckerfrei`.
private func isNegatedForm(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    let (short, long) = left.count < right.count ? (left, right) : (right, left)
    guard short.count >= 3, long.count > short.count else { return false }
    let rest = long.count - short.count
    if long.suffix(short.count).elementsEqual(short) {
        return denyingPrefixes.contains(Array(long.prefix(rest)))
    }
    return long.starts(with: short) && denyingSuffixes.contains(Array(long.suffix(rest)))
}

/// Source: the usual negative affixes of English and of the Germanic, Romance, Slavic and Turkic languages.
private let denyingPrefixes = bytes(
    "un in im il ir non dis mis de anti a an counter contra ne nie o u не ни без бес анти sin des in'"
)
private let denyingSuffixes = bytes("less los lose loser losen frei freie loos lös siz sız suz süz")

private func bytes(_ words: String) -> Set<[UInt8]> {
    Set(words.split(separator: " ").map { Array($0.utf8) })
}

/// Whether one word is likely the other misspelt: one letter of four or more differs, two of eight.
///
/// - Source: Damerau 1964: an insertion, a loss, a substitution, an exchange of neighbours.
private func isSlipOfThePen(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    let shorter = min(left.count, right.count)
    let longer = max(left.count, right.count)
    let allowed = shorter < 4 ? 0 : shorter < 8 ? 1 : 2
    guard allowed > 0, longer <= 64, longer - shorter <= allowed else { return false }
    let left = Array(left)
    let right = Array(right)
    var before: [Int] = []
    var last: [Int] = []
    var row = Array(0...right.count)
    for (place, byte) in left.enumerated() {
        (before, last) = (last, row)
        row[0] = place + 1
        for (other, otherByte) in right.enumerated() {
            row[other + 1] = min(
                last[other] + (byte == otherByte ? 0 : 1),
                min(last[other + 1], row[other]) + 1
            )
            if place > 0, other > 0, byte == right[other - 1], left[place - 1] == otherByte {
                row[other + 1] = min(row[other + 1], before[other - 1] + 1)
            }
        }
        if place == 0 { before = last }
    }
    return (1...allowed).contains(row[right.count])
}
