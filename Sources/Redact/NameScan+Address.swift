/// Where an address may be, and what is there: the parts around a street's name, a postal code or a label
/// are walked over, and ``AddressRule`` says what they are worth together.
extension NameScan {
    /// Bytes an address may have, and how far left of its street it may start.
    static let addressReach = 160
    static let leftReach = 64

    /// How a word ends in the name of a street: `Hauptstraße`, `Storgatan`.
    func streetEnding(_ range: Range<Int>) -> AddressEvidence {
        guard range.count >= 6, isUpperLetter(self.text, at: range.lowerBound) else { return [] }
        if streetEndings.match(self.text, range, rest: 1) { return [.street, .name] }
        return maybeStreetEndings.match(self.text, range, rest: 2) ? [.maybeStreet, .name] : []
    }

    /// An address whose street is the word in `range`, with a house's number near it.
    @inline(never)
    mutating func scanAddress(around range: Range<Int>, _ found: AddressEvidence) {
        guard range.lowerBound >= self.addressEnd, self.standsAlone(range),
            !self.isLetterAlone(range)
        else { return }
        var evidence = found
        if evidence.contains(.maybeStreet), self.isShortened(range) {
            evidence.insert(.street)
        }
        var left = AddressWalk(end: range.lowerBound)
        self.walkLeft(&left, takesWords: true)
        let right =
            self.endsSentence(range)
            ? AddressWalk(end: range.upperBound)
            : self.walkRight(from: range.upperBound, hasHouse: left.has(.house))
        evidence.formUnion(left.evidence)
        evidence.formUnion(right.evidence)
        let (hash, _) = nameWord(self.text, at: range.lowerBound)
        if englishStreets.contains(hash), !self.isEnglishStreet(range, left, evidence) { return }
        guard right.end > range.upperBound || left.has(.house) else { return }
        let start = self.townStart(before: left.start)
        if start < left.start { evidence.insert(.place) }
        self.addAddress(start..<max(right.end, range.upperBound), evidence, street: range)
    }

    /// Whether an English word for a street stands as they do: after a name and a number, with nothing
    /// but a part of the address behind it.
    private func isEnglishStreet(
        _ range: Range<Int>,
        _ left: AddressWalk,
        _ evidence: AddressEvidence
    ) -> Bool {
        let isPostal = !evidence.isDisjoint(with: [.code, .region, .place, .unit])
        guard left.has(.name), left.has(.house) || isPostal else { return false }
        let next = range.upperBound + 1
        let isFollowed =
            next < self.text.count && self.text[range.upperBound] == .space
            && isNameLetter(self.text[next]) && isUpperLetter(self.text, at: next)
        return !isFollowed || isPostal
    }

    /// A street in lower case after its number: `12 rue …`, `34 ter, avenue …`; `start` is that of the number.
    @inline(never)
    mutating func scanSmallStreet(at start: Int) {
        var index = start + self.digitCount(from: start)
        guard index - start <= 4 else { return }
        for _ in 0..<2 {
            if index < self.text.count, self.text[index] == .comma { index += 1 }
            guard index + 2 < self.text.count, self.text[index] == .space,
                isNameLetter(self.text[index + 1]), !isUpperLetter(self.text, at: index + 1)
            else { return }
            let (hash, end) = nameWord(self.text, at: index + 1)
            let role = self.addressRole(hash: hash)
            if role == .street || role == .maybeStreet {
                self.scanAddress(
                    around: index + 1..<end,
                    [role == .street ? .street : .maybeStreet]
                )
                return
            }
            guard role == .unit else { return }
            index = end
        }
    }

    /// Adds the address when its evidence is enough.
    mutating func addAddress(
        _ range: Range<Int>,
        _ evidence: AddressEvidence,
        street: Range<Int>? = nil
    ) {
        var evidence = evidence
        if self.isWholeLine(range) { evidence.insert(.alone) }
        guard let rule = AddressRule.match(evidence), rule.score >= self.minimumScore else {
            return
        }
        let end = self.endBeforePerson(range)
        self.addressEnd = max(end, self.addressEnd)
        self.addParts(range.lowerBound..<end, street: street, rule)
        self.scanPostalCode(after: end)
    }

    /// Whether the address is a line, a cell or a quoted value, or follows a label.
    private func isWholeLine(_ range: Range<Int>) -> Bool {
        var lower = range.lowerBound
        while lower > 0, self.text[lower - 1] == .space { lower -= 1 }
        var upper = range.upperBound
        while upper < self.text.count, self.text[upper] == .space || self.text[upper] == .fullStop {
            upper += 1
        }
        let startsPart = lower == 0 || partEdges.contains(self.text[lower - 1])
        return startsPart && (upper == self.text.count || partEdges.contains(self.text[upper]))
    }

    /// Adds the address, a number that is not the house's apart from it.
    private mutating func addParts(_ range: Range<Int>, street: Range<Int>?, _ rule: AddressRule) {
        var rest = range.lowerBound
        if let street, let number = self.leadingNumberEnd(range, street: street) {
            self.add(.address, rest..<number, "address.number", rule.score)
            rest = number + 1
        }
        self.add(.address, rest..<range.upperBound, rule.id, rule.score)
    }

    /// A flat after a house's number, or in a line of its own: `Dalmatinova 43 Apt. 678 Velenje`.
    @inline(never)
    mutating func scanFlat(_ range: Range<Int>, hash: UInt64) {
        guard range.lowerBound >= self.addressEnd, flatWords.contains(hash), self.standsAlone(range)
        else { return }
        var index = range.upperBound
        if index < self.text.count, self.text[index] == .fullStop { index += 1 }
        let first = index + 1
        guard first < self.text.count, self.text[index] == .space,
            (1...5).contains(self.digitCount(from: first))
        else { return }
        var left = AddressWalk(end: range.lowerBound)
        self.walkLeft(&left, takesWords: false)
        let house = left.start
        let hasHouse = left.has(.house) && house > 0
        if hasHouse {
            left.end = house
            self.walkLeft(&left, takesWords: true)
        }
        let right = self.walkRight(from: range.upperBound, hasHouse: true)
        guard right.end > first else { return }
        var evidence = left.evidence.union(right.evidence)
        evidence.insert(.flat)
        if !hasHouse {
            let lineEnd = self.text[first..<min(first + 8, self.text.count)].firstIndex(
                of: .lineFeed
            )
            guard let lineEnd, self.isWholeLine(range.lowerBound..<lineEnd) else { return }
            evidence.insert(.alone)
        }
        self.addAddress(left.start..<right.end, evidence)
    }

    /// A post box with its number: `P.O. Box 104`, `Postfach 10 20`.
    @inline(never)
    mutating func scanBox(_ range: Range<Int>, hash: UInt64) {
        guard addressBoxes.contains(hash) else { return }
        var lower = range.lowerBound
        if hash == addressBox {
            let start = max(0, lower - 5)
            let before = self.text[start..<lower].map { $0 | 0x20 }
            guard
                let mark = addressBoxMarks.first(where: {
                    before.suffix($0.count).elementsEqual($0)
                })
            else { return }
            lower -= mark.count
        }
        guard lower >= self.addressEnd else { return }
        let right = self.walkRight(from: range.upperBound, hasHouse: false)
        guard right.has(.house) || right.has(.code), right.end > range.upperBound else { return }
        self.addAddress(lower..<right.end, right.evidence.union([.street, .name, .house]))
    }

    /// Whether the word is one ASCII letter that no slash or stop marks as shortened: `C/ Mayor`, `C. Mayor`.
    func isLetterAlone(_ range: Range<Int>) -> Bool {
        guard range.count == 1 else { return false }
        guard range.upperBound < self.text.count else { return true }
        return ![.slash, .fullStop].contains(self.text[range.upperBound])
    }

    /// Whether neither a letter, a digit nor a sign of code touches the word: `Int32`, `_ROW`, `path=`.
    private func standsAlone(_ range: Range<Int>) -> Bool {
        let before = range.lowerBound > 0 ? self.text[range.lowerBound - 1] : .space
        let after = range.upperBound < self.text.count ? self.text[range.upperBound] : .space
        return isAddressGap(before)
            && (isAddressGap(after) || [.fullStop, .colon, .slash].contains(after))
            || self.isQuote(before) || before == .slash
    }

    private func isQuote(_ byte: UInt8) -> Bool {
        byte == .quote || byte == .apostrophe || byte >= 0x80
    }

    /// Whether a stop, a space and a capital or a digit follow: `ul. Polna`, `Cad. No`, `Str. 5`.
    private func isShortened(_ range: Range<Int>) -> Bool {
        let next = range.upperBound + 2
        guard next < self.text.count else { return false }
        if self.text[range.upperBound] == .slash {
            return range.count == 1 && self.text[range.upperBound + 1] == .space
        }
        guard self.text[range.upperBound] == .fullStop, self.text[range.upperBound + 1] == .space,
            range.count >= 2, !self.isWholeSmallWord(range)
        else { return false }
        return isNameLetter(self.text[next]) && isUpperLetter(self.text, at: next)
            || range.lowerBound >= 2 && self.text[range.lowerBound - 1] == .space
                && isNameLetter(self.text[range.lowerBound - 2])
    }

    /// Whether the word is in small letters and too long for one that is shortened: a stop behind it ends a
    /// sentence.
    private func isWholeSmallWord(_ range: Range<Int>) -> Bool {
        range.count >= 5 && self.text[range].allSatisfy { $0.isSmallLetter }
    }

    /// Whether a sentence ends behind the word.
    private func endsSentence(_ range: Range<Int>) -> Bool {
        range.upperBound < self.text.count && self.text[range.upperBound] == .fullStop
            && self.isWholeSmallWord(range)
    }

    /// The end of a first number that is not the house's: another number follows it, or the street's
    /// own number does.
    private func leadingNumberEnd(_ range: Range<Int>, street: Range<Int>) -> Int? {
        var end = range.lowerBound
        while end < range.upperBound, self.text[end].isDigit { end += 1 }
        guard end > range.lowerBound, end + 1 < street.lowerBound, self.text[end] == .space else {
            return nil
        }
        if self.text[end + 1].isDigit { return end }
        var next = street.upperBound
        while next < range.upperBound, self.text[next] == .space || self.text[next] == .fullStop {
            next += 1
        }
        return next < range.upperBound && self.text[next].isDigit ? end : nil
    }

    /// An address at `start` if words that announce one are just before: `Ship it to`, `Adresse:`.
    @inline(__always)
    mutating func scanAfterLabel(at start: Int) {
        guard start >= self.addressEnd, start > 2 else { return }
        let before = self.text[start - 2]
        switch self.text[start - 1] {
        case .space where before == .colon:
            self.readLabel(before: start)
        case .space where !before.isDigit && before > .space:
            // The phrases end in one of few letters.
            guard PhraseEnds.addressLabels.match(self.text, before: start - 1) else { return }
            self.readLabel(before: start)
        case .lineFeed where before == .colon:
            self.readLabel(before: start)
        case .quote where before == .colon || before == .space && self.text[start - 3] == .colon:
            self.readLabel(before: start)
        default:
            return
        }
    }

    @inline(never)
    private mutating func readLabel(before start: Int) {
        var end = start - 1
        var hasColon = false
        while end > 0, start - end < 8, labelGaps.contains(self.text[end - 1]) {
            if self.text[end - 1] == .colon { hasColon = true }
            end -= 1
        }
        guard end > 0, PhraseEnds.addressLabels.match(self.text, before: end) else { return }
        let isStrong = hasColon || PhraseEnds.sureAddressLabels.match(self.text, before: end)
        let walk = self.walkRight(from: start, hasHouse: false, isLabelled: true)
        guard walk.end - start >= 6 else { return }
        self.addAddress(start..<walk.end, walk.evidence.union(isStrong ? .label : .weakLabel))
    }

    /// The end without a last part, after a comma, that is someone's name: `…, 20193 Toivakka, Helena Mäki`.
    private func endBeforePerson(_ range: Range<Int>) -> Int {
        guard
            let comma = range.last(where: { self.text[$0] == .comma || self.text[$0] == .lineFeed }
            ),
            comma + 2 < range.upperBound
        else { return range.upperBound }
        let first = self.text[comma] == .comma ? comma + 2 : comma + 1
        guard first < range.upperBound else { return range.upperBound }
        let part = first..<range.upperBound
        guard !part.contains(where: { self.text[$0].isDigit }),
            range.lowerBound..<comma ~= (self.lastDigit(before: comma) ?? -1),
            isNameLetter(self.text[first])
        else { return range.upperBound }
        let (hash, end) = nameWord(self.text, at: first)
        let isFollowed = end + 1 < range.upperBound && self.text[end] == .space
        let uses = self.uses(hash: hash)
        return isFollowed && uses.contains(.first) && !uses.contains(.place)
            ? comma : range.upperBound
    }

    private func lastDigit(before end: Int) -> Int? {
        var index = end
        while index > 0, end - index < Self.addressReach {
            index -= 1
            if self.text[index].isDigit { return index }
        }
        return nil
    }
}

@inline(__always)
func isAddressGap(_ byte: UInt8) -> Bool {
    byte <= .space || byte == .comma || byte == .greaterThan || byte == .openParenthesis
}

/// What a line, a cell or a value ends with.
private let partEdges = Array("\n|\":;\t>".utf8)

/// What stands between a label and its address.
private let labelGaps: [UInt8] = [.space, .lineFeed, .greaterThan, .quote, .colon]

/// Words for flats that stand nowhere else.
private let flatWords = WordSet("apt apartment suite ste")

private let addressBox = NameTable.hash("box".utf8)
private let addressBoxes = WordSet("box postfach postbus apartado casella")
private let addressBoxMarks: [[UInt8]] = ["p.o. ", "p.o.", "po "].map {
    Array($0.utf8.map { $0 | 0x20 })
}

/// Words for streets that only English has, which stand after the name.
private let englishStreets = WordSet(
    """
    street road rd ave lane ln drive dr court ct circle cir close row trail loop mews grove gardens walk \
    alley pocket path terrace turnpike parkway pkwy highway hwy crescent cres way hill view gate end cottage st
    """
)
