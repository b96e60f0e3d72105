/// What the parts of an address that were walked over leave for the next one.
private struct RightState {
    var capitals = 0
    var lines = 0
    var hasHouse: Bool
    /// A comma or a line end came since the start.
    var isPastStreet = false
    var isAfterCode = false
    var isAfterRegion = false
    var lastCapitalEnd = 0
    var unitEnd = 0
}

extension NameScan {
    /// Right over what addresses are made of.
    ///
    /// - Parameters:
    ///   - hasHouse: the house's number stands before `start`, so that another one is none.
    ///   - isLabelled: nothing of the address stands before `start`.
    func walkRight(from start: Int, hasHouse: Bool, isLabelled: Bool = false) -> AddressWalk {
        var walk = AddressWalk(end: start)
        var state = RightState(hasHouse: hasHouse)
        var index = start
        while index < self.text.count, index - start < Self.addressReach {
            let byte = self.text[index]
            let next: Int?
            if byte.isDigit {
                next = self.takeNumber(at: index, &walk, &state)
            } else if isNameLetter(byte) {
                next = self.takeWord(at: index, &walk, &state, isLabelled: isLabelled)
            } else {
                next = self.takeSign(at: index, start: start, &walk, &state)
            }
            guard let next else { break }
            index = next
        }
        return walk
    }

    private func takeSign(
        at index: Int,
        start: Int,
        _ walk: inout AddressWalk,
        _ state: inout RightState
    ) -> Int? {
        switch self.text[index] {
        case .lineFeed:
            state.lines += 1
            state.isPastStreet = true
            guard state.lines <= 3, index + 1 < self.text.count, self.isAddressLine(index + 1)
            else {
                return nil
            }
        case .comma:
            state.isPastStreet = true
        case .space, .slash, .numberSign, .hyphen, .apostrophe:
            break
        case .openParenthesis:
            guard let end = self.regionInParentheses(index) else { return nil }
            walk.evidence.insert(.region)
            walk.end = end
            return end
        case .colon:
            // `No: 14`, `Kat:2`.
            guard state.unitEnd == index else { return nil }
        case .fullStop:
            return self.afterStop(index, start: start, walk, state)
        case 0xC2 where index + 1 < self.text.count && [0xAA, 0xBA].contains(self.text[index + 1]):
            // `nº`, `3º`, `2ª`
            return index + 2
        default:
            return nil
        }
        return index + 1
    }

    /// A stop ends an abbreviation, or the sentence.
    private func afterStop(
        _ index: Int,
        start: Int,
        _ walk: AddressWalk,
        _ state: RightState
    ) -> Int? {
        if index == start || state.unitEnd == index { return index + 1 }
        let before = self.text[index - 1]
        if before.isDigit {
            // `2.º`, `2. tv.`, `1203. Sok.`
            if index + 1 < self.text.count, self.text[index + 1] == 0xC2 { return index + 1 }
            guard index + 2 < self.text.count, self.text[index + 1] == .space,
                isNameLetter(self.text[index + 2])
            else { return nil }
            let role = self.addressRole(hash: nameWord(self.text, at: index + 2).hash)
            return [.unit, .street, .maybeStreet].contains(role) && role != .none ? index + 1 : nil
        }
        let length = self.wordLength(before: index)
        let isShort = length <= 5 || before >= 0x80 && length <= 10 || self.endsShortened(index)
        return (isNameLetter(before) || before >= 0x80) && isShort && index - walk.end < 1
            ? index + 1 : nil
    }

    private func takeNumber(
        at index: Int,
        _ walk: inout AddressWalk,
        _ state: inout RightState
    ) -> Int? {
        if let end = self.ownCodeEnd(at: index) {
            walk.evidence.formUnion([.code, .ownCode])
            if state.lastCapitalEnd > 0, state.isPastStreet { walk.evidence.insert(.town) }
            state.isAfterCode = true
            state.capitals = 0
            walk.end = end
            return end
        }
        if state.hasHouse || state.isPastStreet, let end = self.spacedCodeEnd(at: index) {
            walk.evidence.insert(.code)
            state.isAfterCode = true
            state.capitals = 0
            walk.end = end
            return end
        }
        let end = self.tokenEnd(from: index)
        let token = index..<end
        var digits = index
        while digits < end, self.text[digits].isDigit { digits += 1 }
        let count = digits - index
        guard self.isHouseNumber(token, digits: 1...8), count <= 6 || token.count == count else {
            return nil
        }
        let isFirst = index == walk.start
        let isCode =
            (4...6).contains(count) && token.count == count
            && (state.hasHouse || count > 4 && !isFirst)
        if isCode {
            walk.evidence.insert(.code)
            if state.isPastStreet, state.lastCapitalEnd > 0, state.lastCapitalEnd + 3 >= index {
                walk.evidence.insert(.town)
            }
            state.isAfterCode = true
        } else if state.unitEnd > 0, index - state.unitEnd <= 2 {
            walk.evidence.formUnion(state.hasHouse ? .unit : .house)
            state.hasHouse = true
        } else if !state.isPastStreet || !state.hasHouse {
            guard count <= 5 else { return nil }
            walk.evidence.insert(.house)
            state.hasHouse = true
        }
        state.capitals = 0
        walk.end = end
        return end
    }

    private func takeWord(
        at index: Int,
        _ walk: inout AddressWalk,
        _ state: inout RightState,
        isLabelled: Bool
    ) -> Int? {
        if let end = self.letterCodeEnd(at: index) {
            walk.evidence.formUnion([.code, .ownCode])
            if state.lastCapitalEnd > 0 { walk.evidence.insert(.town) }
            walk.end = end
            return end
        }
        if let end = self.countryPrefixEnd(at: index) { return end }
        let (hash, wordEnd) = nameWord(self.text, at: index)
        guard wordEnd > index else { return nil }
        var role = self.addressRole(hash: hash)
        if role == .maybeStreet, self.isLetterAlone(index..<wordEnd) { role = .none }
        let isCapital = isUpperLetter(self.text, at: index)
        // `l'Église`, `d'Azeglio`
        if !isCapital, index + 2 < self.text.count, self.text[index + 1] == .apostrophe {
            return index + 2
        }
        if isNumberMark(hash) || role == .unit {
            let isMark = wordEnd < self.text.count && !isNameLetter(self.text[wordEnd])
            guard isMark else { return nil }
            state.unitEnd = wordEnd
            if isCapital { walk.end = wordEnd }
            return wordEnd < self.text.count && self.text[wordEnd] == .fullStop
                ? self.afterMark(wordEnd, &state) : wordEnd
        }
        if addressJoiners.contains(hash), !isCapital { return wordEnd }
        if !isCapital, role != .street, role != .maybeStreet { return nil }
        let other = self.role(hash: hash)
        if isCapital, other == .common || other == .title, role == .none,
            !addressJoiners.contains(hash),
            self.uses(hash: hash).isDisjoint(with: [.first, .last, .place]),
            !isLabelled || walk.end > walk.start
        {
            return nil
        }
        if wordEnd < self.text.count, self.text[wordEnd] == .colon { return nil }
        let end = self.tokenEnd(from: wordEnd)
        // `Int32Array`, `x=1`: no name of a place.
        guard self.isPlain(wordEnd..<end) else { return nil }
        guard isCapital || role == .street || role == .maybeStreet else { return end }
        state.capitals += 1
        guard state.capitals <= 5 else { return nil }
        if role == .street { walk.evidence.insert(.street) }
        if role == .maybeStreet { walk.evidence.insert(.maybeStreet) }
        if isCapital { self.noteCapital(hash, index..<end, &walk.evidence, &state) }
        walk.end = end
        return end
    }

    private func afterMark(_ index: Int, _ state: inout RightState) -> Int {
        state.unitEnd = index + 1
        return index + 1
    }

    private func noteCapital(
        _ hash: UInt64,
        _ word: Range<Int>,
        _ evidence: inout AddressEvidence,
        _ state: inout RightState
    ) {
        let ending = self.streetEnding(word)
        evidence.formUnion(ending)
        let uses = self.uses(hash: hash)
        if state.isAfterCode {
            evidence.insert(.town)
        } else if !state.isPastStreet {
            self.noteName(hash, &evidence)
        }
        if uses.contains(.place), state.isAfterCode || state.isPastStreet && !uses.contains(.word) {
            evidence.insert(.place)
        }
        if state.isPastStreet, isRegion(word) { evidence.insert(.region) }
        state.lastCapitalEnd = word.upperBound
    }

    func isRegion(_ word: Range<Int>) -> Bool {
        guard (2...3).contains(word.count) else { return false }
        return addressRegions.contains(self.text[word].reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// After `(FG)`, `(Guipúzcoa)`: one capitalised word, or capitals alone.
    private func regionInParentheses(_ index: Int) -> Int? {
        let first = index + 1
        guard first < self.text.count, isNameLetter(self.text[first]),
            isUpperLetter(self.text, at: first)
        else { return nil }
        let end = nameWord(self.text, at: first).end
        return end < self.text.count && self.text[end] == .closeParenthesis ? end + 1 : nil
    }

    private func isPlain(_ range: Range<Int>) -> Bool {
        range.allSatisfy {
            let byte = self.text[$0]
            return byte == .hyphen || byte == .apostrophe || byte == .slash || byte >= 0x80
                || isNameLetter(byte)
        }
    }

    /// Whether a word such as `Goethestr` ends at `index`.
    private func endsShortened(_ index: Int) -> Bool {
        index >= 3 && self.text[(index - 3)..<index].elementsEqual("str".utf8)
    }

    private func wordLength(before index: Int) -> Int {
        var start = index
        while start > 0, isNameLetter(self.text[start - 1]) || self.text[start - 1].isContinuation {
            start -= 1
        }
        return index - start
    }

    /// Letters and digits that touch: `12b`, `10/2`, `Kadıköy/İstanbul`.
    func tokenEnd(from start: Int) -> Int {
        var end = start
        while end < self.text.count, !isAddressGap(self.text[end]), self.text[end] < 0xE2,
            !tokenEdges.contains(self.text[end])
        {
            end += 1
        }
        return end
    }

    /// Whether the line looks like one of an address: short, a capital or digit first, a digit in it
    /// or words that all are capitals.
    private func isAddressLine(_ start: Int) -> Bool {
        var index = start
        while index < self.text.count,
            self.text[index] == .space || self.text[index] == .greaterThan
        {
            index += 1
        }
        guard index < self.text.count, index - start <= 4 else { return false }
        let first = self.text[index]
        guard first.isDigit || isNameLetter(first) && isUpperLetter(self.text, at: index)
        else { return false }
        var end = index
        var hasDigit = false
        while end < self.text.count, self.text[end] != .lineFeed, end - index < 60 {
            if self.text[end].isDigit { hasDigit = true }
            if self.text[end] == .colon { return false }
            end += 1
        }
        return hasDigit || end - index < 24
    }
}

private let tokenEdges: [UInt8] = Array(".:;?\")[]|!'".utf8).filter { $0 != .apostrophe }

private let numberMarks = WordSet("no nr n nº num numéro numero número h")

func isNumberMark(_ hash: UInt64) -> Bool { numberMarks.contains(hash) }
