extension NameScan {
    /// The code at the end of a line of capitals, at most three lines below an address.
    mutating func scanPostalCode(after end: Int) {
        var index = end
        for _ in 0..<4 {
            var lineEnd = index
            while lineEnd < self.text.count, lineEnd - index < 48, self.text[lineEnd] != .lineFeed {
                lineEnd += 1
            }
            let line = index..<lineEnd
            if index > end, let code = self.postalCode(in: line) {
                self.addressEnd = code.upperBound
                self.add(.address, code, "address.line", Self.codeLineScore)
                return
            }
            if index > end, self.isUnitLine(line), line.contains(where: { self.text[$0].isDigit }) {
                self.addressEnd = lineEnd
                self.add(.address, line, "address.flat", Self.codeLineScore)
            }
            guard lineEnd < self.text.count, self.text[lineEnd] == .lineFeed,
                index == end
                    ? line.allSatisfy({ [.space, .comma, .fullStop].contains(self.text[$0]) })
                    : !line.contains(where: { self.text[$0].isDigit }) || self.isUnitLine(line)
            else { return }
            index = lineEnd + 1
            while index < self.text.count, [.space, .greaterThan].contains(self.text[index]) {
                index += 1
            }
        }
    }

    /// Of a code below an address, and of military mail: as ``AddressRule/rules``.
    private static let codeLineScore: Float = 0.6
    private static let militaryScore: Float = 0.85

    private func isUnitLine(_ line: Range<Int>) -> Bool {
        guard let first = line.first, isNameLetter(self.text[first]) else { return false }
        return self.isUnitWord(first)
    }

    private func isUnitWord(_ start: Int) -> Bool {
        self.addressRole(hash: nameWord(self.text, at: start).hash) == .unit
    }

    /// Four to six digits that end a line of words, the first of which is a capital.
    private func postalCode(in line: Range<Int>) -> Range<Int>? {
        guard let first = line.first, isNameLetter(self.text[first]),
            isUpperLetter(self.text, at: first)
        else { return nil }
        var start = line.upperBound
        while start > first, self.text[start - 1].isDigit { start -= 1 }
        guard (4...6).contains(line.upperBound - start), self.text[start - 1] == .space,
            (first..<start).allSatisfy({
                isNameLetter(self.text[$0]) || self.text[$0] >= 0x80
                    || [.space, .comma, .fullStop, .hyphen, .apostrophe].contains(self.text[$0])
            })
        else { return nil }
        return start..<line.upperBound
    }

    /// US military mail: `FPO AA 65728` and the line before it; `range` is that of `APO`, `DPO` or `FPO`.
    ///
    /// - Source: USPS Publication 28, section 239.
    @inline(never)
    mutating func scanMilitaryAddress(_ range: Range<Int>) {
        let end = range.upperBound + 9
        guard end <= self.text.count, range.lowerBound >= self.addressEnd,
            self.text[range.upperBound] == .space,
            self.text[range.upperBound + 1] | 0x20 == UInt8(ascii: "a"),
            "aep".utf8.contains(self.text[range.upperBound + 2] | 0x20),
            self.text[range.upperBound + 3] == .space,
            self.text[(end - 5)..<end].allSatisfy(\.isDigit)
        else { return }
        var start = range.lowerBound
        if start > 0, [.lineFeed, .space, .comma].contains(self.text[start - 1]) {
            // `USS Mahler`, `PSC 12, Box 34`, `Unit 1009 Box 0219`: capitals and numbers.
            let reach = max(self.addressEnd, start - Self.leftReach)
            var index = start - 1
            while index > reach, self.text[index - 1] != .lineFeed {
                var word = index
                while word > reach, !isAddressGap(self.text[word - 1]) { word -= 1 }
                if word < index {
                    let isPart =
                        self.text[word].isDigit
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
        self.add(.address, start..<end, "address.military", Self.militaryScore)
    }
}
