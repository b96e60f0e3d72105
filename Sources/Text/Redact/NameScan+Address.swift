extension NameScan {
    /// Bytes an address may have, and how far left of its street it may start.
    private static let addressReach = 160
    private static let leftReach = 64

    /// Whether a word ends as street names do where they are one word: `Hauptstraße`, `Storgatan`.
    func endsInStreet(_ range: Range<Int>) -> Bool {
        guard range.count >= 6, isUpperLetter(self.text, at: range.lowerBound) else { return false }
        return streetSuffixes.match(self.text, range, rest: 1)
    }

    /// An address whose street, or part, is the word in `range`: with a house number near it.
    mutating func scanAddress(around range: Range<Int>) {
        guard range.lowerBound >= self.addressEnd else { return }
        // Capitals before `Apt.` are someone's.
        let isUnit = self.isUnitWord(range.lowerBound)
        let start = self.addressStart(before: range.lowerBound, takesWords: !isUnit)
        let (end, hasDigit) = self.addressTail(from: range.upperBound)
        let hasNumberBefore = self.text[start..<range.lowerBound].contains { $0 &- 0x30 < 10 }
        guard hasDigit || hasNumberBefore, end > range.upperBound || hasNumberBefore else { return }
        let isCapital = isUpperLetter(self.text, at: range.lowerBound)
        let hasName = start < range.lowerBound || isCapital
        guard hasName else { return }
        self.addressEnd = end
        let score: Float = hasDigit && hasNumberBefore ? 0.75 : 0.6
        var rest = start
        if let number = self.leadingNumberEnd(start..<end, street: range) {
            self.add(.address, start..<number, "address.number", score)
            rest = number + 1
        }
        self.add(.address, rest..<end, "address.street", score)
        self.scanPostalCode(after: end)
    }

    /// The end of a first number that is not the house's: another number follows it, or the street's
    /// own number does.
    private func leadingNumberEnd(_ range: Range<Int>, street: Range<Int>) -> Int? {
        var end = range.lowerBound
        while end < range.upperBound, self.text[end] &- 0x30 < 10 { end += 1 }
        guard end > range.lowerBound, end + 1 < street.lowerBound, self.text[end] == 0x20 else {
            return nil
        }
        if self.text[end + 1] &- 0x30 < 10 { return end }
        var next = street.upperBound
        while next < range.upperBound, [0x20, 0x2E].contains(self.text[next]) { next += 1 }
        return next < range.upperBound && self.text[next] &- 0x30 < 10 ? end : nil
    }

    /// The code at the end of a line of capitals, at most three lines below an address.
    private mutating func scanPostalCode(after end: Int) {
        var index = end
        for _ in 0..<4 {
            var lineEnd = index
            while lineEnd < self.text.count, lineEnd - index < 48, self.text[lineEnd] != 0x0A {
                lineEnd += 1
            }
            let line = index..<lineEnd
            if index > end, let code = self.postalCode(in: line) {
                self.addressEnd = code.upperBound
                self.add(.address, code, "address.code", 0.6)
                return
            }
            guard lineEnd < self.text.count, self.text[lineEnd] == 0x0A,
                index == end
                    ? line.allSatisfy({ [0x20, 0x2C, 0x2E].contains(self.text[$0]) })
                    : !line.contains(where: { self.text[$0] &- 0x30 < 10 })
                        || self.isUnitLine(line)
            else { return }
            index = lineEnd + 1
            while index < self.text.count, [0x20, 0x3E].contains(self.text[index]) { index += 1 }
        }
    }

    private func isUnitLine(_ line: Range<Int>) -> Bool {
        guard let first = line.first, isNameLetter(self.text[first]) else { return false }
        return self.role(hash: nameWord(self.text, at: first).hash) == .unit
    }

    /// Four to six digits that end a line of words, the first of which is a capital.
    private func postalCode(in line: Range<Int>) -> Range<Int>? {
        guard let first = line.first, isNameLetter(self.text[first]),
            isUpperLetter(self.text, at: first)
        else { return nil }
        var start = line.upperBound
        while start > first, self.text[start - 1] &- 0x30 < 10 { start -= 1 }
        guard (4...6).contains(line.upperBound - start), self.text[start - 1] == 0x20,
            (first..<start).allSatisfy({
                isNameLetter(self.text[$0]) || self.text[$0] >= 0x80
                    || [0x20, 0x2C, 0x2E, 0x2D, 0x27].contains(self.text[$0])
            })
        else { return nil }
        return start..<line.upperBound
    }

    /// US military mail: `FPO AA 65728` and the line before it; `start` is at the `APO`, `DPO` or `FPO`.
    ///
    /// - Source: USPS Publication 28, section 239.
    mutating func scanMilitaryAddress(_ range: Range<Int>) {
        let end = range.upperBound + 9
        guard end <= self.text.count, range.lowerBound >= self.addressEnd,
            self.text[range.upperBound] == 0x20, self.text[range.upperBound + 1] | 0x20 == 0x61,
            [0x61, 0x65, 0x70].contains(self.text[range.upperBound + 2] | 0x20),
            self.text[range.upperBound + 3] == 0x20,
            self.text[(end - 5)..<end].allSatisfy({ $0 &- 0x30 < 10 })
        else { return }
        var start = range.lowerBound
        if start > 0, [0x0A, 0x20, 0x2C].contains(self.text[start - 1]) {
            // `USS Mahler`, `PSC 12, Box 34`, `Unit 1009 Box 0219`: capitals and numbers.
            let reach = max(self.addressEnd, start - Self.leftReach)
            var index = start - 1
            while index > reach, self.text[index - 1] != 0x0A {
                var word = index
                while word > reach, !isAddressGap(self.text[word - 1]) { word -= 1 }
                if word < index {
                    let isPart =
                        self.text[word] &- 0x30 < 10
                        || isNameLetter(self.text[word])
                            && (isUpperLetter(self.text, at: word) || self.isUnitWord(word))
                    guard isPart else { break }
                    start = word
                    index = word
                } else {
                    index -= 1
                }
            }
        }
        self.addressEnd = end
        self.add(.address, start..<end, "address.military", 0.85)
    }

    private func isUnitWord(_ start: Int) -> Bool {
        self.role(hash: nameWord(self.text, at: start).hash) == .unit
    }

    /// An address at `start` if words that announce one are just before: `Ship it to`, `Adresse:`.
    @inline(__always)
    mutating func scanAfterLabel(at start: Int) {
        guard start >= self.addressEnd, start > 1, self.text[start - 1] == 0x20 else { return }
        let before = self.text[start - 2]
        // The phrases end in a colon or in one of few letters.
        guard before == 0x3A || before &- 0x30 >= 10 else { return }
        var end = start - 1
        if before == 0x3A { end -= 1 }
        while end > 0, self.text[end - 1] == 0x20 || self.text[end - 1] == 0x3E { end -= 1 }
        guard end > 0, PhraseEnds.addresses.match(self.text, before: end) else { return }
        var (tail, hasDigit) = self.addressTail(from: start)
        guard hasDigit, tail - start >= 6 else { return }
        tail = self.endBeforePerson(start..<tail)
        self.addressEnd = tail
        self.add(.address, start..<tail, "address.label", 0.75)
    }

    /// The end without a last part, after a comma, that is someone's name: `…, 20193 Toivakka, Helena Mäki`.
    private func endBeforePerson(_ range: Range<Int>) -> Int {
        guard let names = self.names,
            let comma = range.last(where: { self.text[$0] == 0x2C || self.text[$0] == 0x0A }),
            comma + 2 < range.upperBound
        else { return range.upperBound }
        let first = self.text[comma] == 0x2C ? comma + 2 : comma + 1
        let part = first..<range.upperBound
        guard !part.contains(where: { self.text[$0] &- 0x30 < 10 }),
            range.lowerBound..<comma ~= (self.lastDigit(before: comma) ?? -1),
            isNameLetter(self.text[first])
        else { return range.upperBound }
        let (hash, end) = nameWord(self.text, at: first)
        let isFollowed = end + 1 < range.upperBound && self.text[end] == 0x20
        return isFollowed && names.uses(hash: hash).contains(.first) ? comma : range.upperBound
    }

    private func lastDigit(before end: Int) -> Int? {
        var index = end
        while index > 0, end - index < Self.addressReach {
            index -= 1
            if self.text[index] &- 0x30 < 10 { return index }
        }
        return nil
    }

    /// An address after a label in a script without spaces: `地址：` and what follows to a comma.
    mutating func scanLabelledAddress(at start: Int) -> Int? {
        guard start >= self.addressEnd,
            let label = addressLabels.first(where: { label in
                start + label.count <= self.text.count
                    && label.indices.allSatisfy { self.text[start + $0] == label[$0] }
            })
        else { return nil }
        var lower = start + label.count
        while lower < self.text.count, [0x3A, 0x20].contains(self.text[lower]) { lower += 1 }
        if lower + 3 <= self.text.count, self.text[lower] == 0xEF, self.text[lower + 1] == 0xBC {
            lower += 3
        }
        var end = lower
        var digits = 0
        while end < self.text.count, end - lower < Self.addressReach {
            let byte = self.text[end]
            if byte == 0x0A && digits > 2 || self.isFullStop(end) { break }
            if byte &- 0x30 < 10 { digits += 1 }
            end += 1
        }
        while end > lower, end < self.text.count, self.text[end] & 0xC0 == 0x80 { end -= 1 }
        guard digits >= 1, end - lower >= 9 else { return nil }
        self.addressEnd = end
        self.add(.address, lower..<end, "address.label", 0.75)
        return end
    }

    /// `，`, `、` or `。`.
    private func isFullStop(_ index: Int) -> Bool {
        guard index + 2 < self.text.count else { return false }
        let (first, second, third) = (self.text[index], self.text[index + 1], self.text[index + 2])
        return first == 0xEF && second == 0xBC && third == 0x8C
            || first == 0xE3 && second == 0x80 && (third == 0x81 || third == 0x82)
            || first == 0x2C
    }

    /// Left over capitalised words and numbers, at most four of them.
    private func addressStart(before end: Int, takesWords: Bool) -> Int {
        var start = end
        var words = 0
        var hasNumber = false
        while words < 5 {
            var index = start
            var gap = 0
            while index > 0, gap < 2, self.text[index - 1] == 0x20 || self.text[index - 1] == 0x2C {
                index -= 1
                gap += 1
            }
            guard gap > 0, index > 0 else { break }
            var lower = index
            while lower > 0, end - lower < Self.leftReach, !isAddressGap(self.text[lower - 1]) {
                lower -= 1
            }
            guard lower < index, lower >= self.addressEnd, end - lower < Self.leftReach else {
                break
            }
            let isNumber = self.text[lower] &- 0x30 < 10
            guard isNumber || isUpperLetter(self.text, at: lower) || self.isParticle(lower) else {
                break
            }
            if !isNumber, !takesWords { break }
            // Capitals before a comma belong to something else.
            if !isNumber, self.text[index..<start].contains(0x2C) { break }
            start = lower
            words += 1
            if isNumber, hasNumber || !self.isNumberBefore(lower) { break }
            hasNumber = hasNumber || isNumber
        }
        // Not a particle first.
        while start < end, self.isParticle(start), !isUpperLetter(self.text, at: start) {
            var next = start
            while next < end, self.text[next] != 0x20 { next += 1 }
            guard next < end else { break }
            start = next + 1
        }
        return start
    }

    private func isNumberBefore(_ index: Int) -> Bool {
        index >= 2 && self.text[index - 1] == 0x20 && self.text[index - 2] &- 0x30 < 10
    }

    private func isParticle(_ start: Int) -> Bool {
        guard isNameLetter(self.text[start]) else { return false }
        let (hash, _) = nameWord(self.text, at: start)
        return self.role(hash: hash) == .particle
    }

    /// Right over what addresses are made of; whether a digit was among it.
    private func addressTail(from start: Int) -> (end: Int, hasDigit: Bool) {
        var index = start
        var end = start
        var hasDigit = false
        var capitalsSinceDigit = 0
        var lines = 0
        while index < self.text.count, index - start < Self.addressReach {
            let byte = self.text[index]
            if byte == 0x0A {
                lines += 1
                guard lines <= 3, index + 1 < self.text.count, self.isAddressLine(index + 1) else {
                    break
                }
                index += 1
            } else if byte == 0x20 || byte == 0x2C || byte == 0x2F || byte == 0x23 || byte == 0x2D {
                index += 1
            } else if byte == 0x2E {
                // A stop ends an abbreviation or the sentence.
                let isLetter = isNameLetter(self.text[index - 1]) || self.text[index - 1] >= 0x80
                guard isLetter, index - end < 1,
                    index == start || self.wordLength(before: index) <= 5
                else { break }
                index += 1
            } else if byte &- 0x30 < 10 {
                index = self.tokenEnd(from: index)
                end = index
                hasDigit = true
                capitalsSinceDigit = 0
            } else if isNameLetter(byte) {
                let (hash, wordEnd) = nameWord(self.text, at: index)
                guard wordEnd > index else { break }
                let role = self.role(hash: hash)
                let isCapital = isUpperLetter(self.text, at: index)
                if !isCapital, role != .particle, role != .unit, role != .street { break }
                if isCapital, role == .common || role == .title { break }
                if wordEnd < self.text.count, self.text[wordEnd] == 0x3A { break }
                index = self.tokenEnd(from: wordEnd)
                if isCapital || role == .unit || role == .street {
                    capitalsSinceDigit += 1
                    guard capitalsSinceDigit <= 5 else { break }
                    end = index
                }
            } else if byte == 0x28 || byte == 0x29 || byte == 0x27 {
                index += 1
                if byte == 0x29 { end = index }
            } else {
                break
            }
        }
        return (end, hasDigit)
    }

    private func wordLength(before index: Int) -> Int {
        var start = index
        while start > 0, isNameLetter(self.text[start - 1]) || self.text[start - 1] & 0xC0 == 0x80 {
            start -= 1
        }
        return index - start
    }

    /// Letters and digits that touch: `12b`, `SW1A`, `10/2`.
    private func tokenEnd(from start: Int) -> Int {
        var end = start
        while end < self.text.count, !isAddressGap(self.text[end]), self.text[end] != 0x2E,
            self.text[end] != 0x3A, self.text[end] != 0x3B, self.text[end] != 0x3F,
            self.text[end] != 0x22, self.text[end] != 0x29, self.text[end] != 0x5B,
            self.text[end] < 0xE2
        {
            end += 1
        }
        return end
    }

    /// Whether the line looks like one of an address: short, a capital or digit first, a digit in it
    /// or words that all are capitals.
    private func isAddressLine(_ start: Int) -> Bool {
        var index = start
        while index < self.text.count, self.text[index] == 0x20 || self.text[index] == 0x3E {
            index += 1
        }
        guard index < self.text.count, index - start <= 4 else { return false }
        let first = self.text[index]
        guard first &- 0x30 < 10 || isNameLetter(first) && isUpperLetter(self.text, at: index)
        else {
            return false
        }
        var end = index
        var hasDigit = false
        while end < self.text.count, self.text[end] != 0x0A, end - index < 60 {
            if self.text[end] &- 0x30 < 10 { hasDigit = true }
            if self.text[end] == 0x3A { return false }
            end += 1
        }
        return hasDigit || end - index < 24
    }
}

@inline(__always)
private func isAddressGap(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x2C || byte == 0x3E || byte == 0x28
}

private let streetSuffixes = WordEndings(
    """
    straße strasse str weg gasse platz allee ring damm ufer steig stieg gatan vägen gränd väg stigen \
    gata veien vegen gaten veg vei straat laan plein kade gracht hof dreef steeg singel pad tie katu \
    polku kuja kaari rinne bulevardi utca vænget vej gade allé løkka svingen bakken haugen gjerdet \
    stranda åsen ruta baan weide park
    """
)

let addressLabels: [[UInt8]] = "收货地址 收件地址 地址 住址 住所 配送先 送付先 배송지 주소 पता"
    .split(separator: " ").map { Array($0.utf8) }
