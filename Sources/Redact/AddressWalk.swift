/// A walk over the parts of an address, in one direction.
struct AddressWalk {
    /// The first byte; a walk to the left moves it.
    var start: Int
    /// After the last byte; a walk to the right moves it.
    var end: Int
    var evidence: AddressEvidence = []

    init(end: Int) {
        self.start = end
        self.end = end
    }

    func has(_ evidence: AddressEvidence) -> Bool { self.evidence.isSuperset(of: evidence) }
}

extension NameScan {
    /// Left over capitalised words, what joins them, and the house's number with the flat before it.
    func walkLeft(_ walk: inout AddressWalk, takesWords: Bool) {
        let end = walk.end
        var words = 0
        while words < 5 {
            let gapEnd = self.leftGapEnd(before: walk.start)
            guard gapEnd < walk.start, gapEnd > 0 else { break }
            let hasComma = self.text[gapEnd..<walk.start].contains(.comma)
            var lower = gapEnd
            while lower > 0, end - lower < Self.leftReach, !isLeftEdge(self.text[lower - 1]) {
                lower -= 1
            }
            guard lower < gapEnd, lower >= self.addressEnd, end - lower < Self.leftReach else {
                break
            }
            let token = lower..<gapEnd
            if self.text[lower].isDigit {
                if self.isOrdinal(token), !hasComma {
                    walk.evidence.insert(.name)
                    walk.start = lower
                    words += 1
                    continue
                }
                guard self.isHouseNumber(token, digits: 1...5) else { break }
                walk.start = self.flatStart(before: self.numberStart(before: lower))
                walk.evidence.insert(.house)
                break
            }
            // `3 bis, avenue …`
            if takesWords, hasComma, houseEndings.contains(nameWord(self.text, at: lower).hash) {
                walk.start = lower
                words += 1
                continue
            }
            // Capitals before a comma belong to something else.
            guard takesWords, !hasComma, isNameLetter(self.text[lower]) else { break }
            let (hash, wordEnd) = nameWord(self.text, at: lower)
            let role = self.role(hash: hash)
            let isJoiner = addressJoiners.contains(hash)
            if self.addressRole(hash: hash) == .unit, wordEnd == gapEnd,
                !isUpperLetter(self.text, at: lower)
            {
                walk.start = lower
                words += 1
                continue
            }
            guard isUpperLetter(self.text, at: lower) || isJoiner, role != .title else { break }
            if numberedWords.contains(hash) { break }
            let isName = !self.uses(hash: hash).isDisjoint(with: [.first, .last, .place])
            if role == .common, !isJoiner, !isName, self.addressRole(hash: hash) == .none {
                let before = self.leftGapEnd(before: lower)
                guard before > 0, before < lower, self.text[before - 1].isDigit else { break }
            }
            if !isJoiner { self.noteName(hash, &walk.evidence) }
            walk.start = lower
            words += 1
        }
        self.dropParticles(&walk)
    }

    /// Before the one space, or comma and space, that end at `index`.
    private func leftGapEnd(before index: Int) -> Int {
        var end = index
        while end > 0, index - end < 2, self.text[end - 1] == .space || self.text[end - 1] == .comma
        {
            end -= 1
        }
        return end
    }

    /// A name does not start with what joins names, nor with a word in lower case.
    private func dropParticles(_ walk: inout AddressWalk) {
        while walk.start < walk.end, isNameLetter(self.text[walk.start]),
            !isUpperLetter(self.text, at: walk.start), !walk.has(.house)
        {
            var next = walk.start
            while next < walk.end, self.text[next] != .space { next += 1 }
            guard next < walk.end else {
                walk.start = walk.end
                return
            }
            walk.start = next + 1
        }
    }

    /// The start of another number before the one at `index`: `935 69 Gordon Terrace`.
    private func numberStart(before index: Int) -> Int {
        guard index >= 2, self.text[index - 1] == .space, self.text[index - 2].isDigit else {
            return index
        }
        var lower = index - 1
        while lower > 0, index - lower < 7, self.text[lower - 1].isDigit { lower -= 1 }
        let isWhole = lower == 0 || isLeftEdge(self.text[lower - 1])
        return isWhole && lower >= self.addressEnd ? lower : index
    }

    /// The start of `Flat 3, ` or `Unit 12 ` before the number at `index`.
    private func flatStart(before index: Int) -> Int {
        var end = self.leftGapEnd(before: index)
        guard end < index, end > 2 else { return index }
        let numberEnd = end
        while end > 0, self.text[end - 1].isDigit || self.text[end - 1] == .slash { end -= 1 }
        guard end < numberEnd, end > 2, self.text[end - 1] == .space else { return index }
        var lower = end - 1
        if self.text[lower - 1] == .fullStop { lower -= 1 }
        let wordEnd = lower
        while lower > 0, isNameLetter(self.text[lower - 1]) { lower -= 1 }
        guard lower < wordEnd, self.addressRole(hash: nameWord(self.text, at: lower).hash) == .unit
        else {
            return index
        }
        return lower
    }

    func noteName(_ hash: UInt64, _ evidence: inout AddressEvidence) {
        evidence.insert(.name)
        let uses = self.uses(hash: hash)
        if !uses.isEmpty, !uses.contains(.word) { evidence.insert(.knownName) }
    }

    /// `42nd`, `5th`, `3rd`: a number that is a name.
    private func isOrdinal(_ token: Range<Int>) -> Bool {
        var end = token.lowerBound
        while end < token.upperBound, self.text[end].isDigit { end += 1 }
        return token.upperBound - end == 2 && self.text[end].isSmallLetter
            && self.text[end + 1].isSmallLetter
    }

    /// Digits, and what houses add to them: a letter, a dash or a slash and another number.
    func isHouseNumber(_ token: Range<Int>, digits: ClosedRange<Int>) -> Bool {
        var index = token.lowerBound
        while index < token.upperBound, self.text[index].isDigit { index += 1 }
        guard digits.contains(index - token.lowerBound), token.count <= 12 else { return false }
        var letters = 0
        while index < token.upperBound {
            let byte = self.text[index]
            if byte == .slash || byte == .hyphen || byte.isDigit {
                letters = 0
            } else if byte.isSmallLetter || byte.isCapitalLetter {
                letters += 1
                guard letters == 1 else { return false }
            } else if byte >= 0xC2, byte < 0xE0, index + 1 < token.upperBound {
                // `а` and `б`, and the signs of ordinals.
                index += 1
                letters = 0
            } else {
                return false
            }
            index += 1
        }
        return true
    }
}

/// Words that stand within the names of streets and towns.
let addressJoiners = WordSet(
    """
    de da di do du del della dell dei delle degli dos das des la le el los las les l d of the der den dem die das \
    am an im in auf zum zur unter hinter vor ob bei van von aan op den het de en y e i sur sous lès à upon on \
    na nad pod w św gen ks im. z s r o ter ten zu av of og och реки имени им
    """
)

/// Words before numbers that are no houses': `Chapter 4, 2048 …`.
private let numberedWords = WordSet(
    """
    chapter section table figure fig step part volume version release level page item rule line row column phase \
    stage pass test case windows python django server type mode class task build unit bit byte port rfc iso \
    kapitel schritt abschnitt seite tabelle abbildung teil stufe chapitre étape tableau page partie capítulo \
    paso tabla página capitolo passo tabella pagina rozdział krok tabela strona глава шаг таблица рисунок \
    страница раздел bölüm adım tablo sayfa hoofdstuk stap tabel pagina
    """
)

/// What tells two houses of one number apart.
private let houseEndings = WordSet("bis ter quater")

/// What no token of an address holds inside.
@inline(__always)
func isLeftEdge(_ byte: UInt8) -> Bool {
    byte <= .space || byte == .comma || byte == .greaterThan || byte == .openParenthesis
        || byte == .colon
        || byte == .quote || byte == .openBracket || byte == UInt8(ascii: "|")
        || byte == UInt8(ascii: "=")
}
