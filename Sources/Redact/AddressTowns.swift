/// Towns, regions and codes that stand before a street.
extension NameScan {
    /// The start of the town, region and code that stand before a street, where the country puts them
    /// first: `630099, г. Новосибирск, ул. …`; `end` where there are none.
    func townStart(before end: Int) -> Int {
        var start = end
        for _ in 0..<4 {
            guard start >= 3, self.text[start - 1] == .space, self.text[start - 2] == .comma else {
                break
            }
            let stop = start - 2
            var lower = stop
            let least = max(self.addressEnd, stop - 48)
            while lower > least, !self.endsPart(self.text[lower - 1]) { lower -= 1 }
            while lower < stop, self.text[lower] == .space { lower += 1 }
            guard lower < stop else { break }
            if let town = self.townPart(lower..<stop) {
                start = town
            } else {
                break
            }
        }
        return start
    }

    private func endsPart(_ byte: UInt8) -> Bool {
        byte == .comma || byte == .lineFeed || byte == .colon || byte == .quote
            || byte == UInt8(ascii: "|")
            || byte == .openParenthesis
    }

    /// Where the town, the region or the code starts that a part between commas is, or ends with.
    private func townPart(_ part: Range<Int>) -> Int? {
        if part.allSatisfy({ self.text[$0].isDigit }) {
            return (4...6).contains(part.count) ? part.lowerBound : nil
        }
        var index = part.lowerBound
        while index < part.upperBound, self.text[index].isDigit || self.text[index] == .space {
            index += 1
        }
        // Words before the town belong to the sentence: `Живёт по адресу г. Москва`.
        while index < part.upperBound {
            let (hash, end) = nameWord(self.text, at: index)
            guard end > index else { return nil }
            let isAbbreviation =
                self.townMarks.contains(hash) && end < part.upperBound
                && self.text[end] == .fullStop
            if isAbbreviation {
                return max(part.lowerBound, self.codeStart(before: index, in: part))
            }
            let uses = self.uses(hash: hash)
            let isPlace = uses.contains(.place) && !uses.contains(.word)
            if isUpperLetter(self.text, at: index), isPlace || self.endsInRegion(part) {
                return self.codeStart(before: index, in: part)
            }
            index = end
            while index < part.upperBound, [.space, .hyphen, .fullStop].contains(self.text[index]) {
                index += 1
            }
        }
        return nil
    }

    private func codeStart(before index: Int, in part: Range<Int>) -> Int {
        var start = index
        while start > part.lowerBound,
            self.text[start - 1] == .space || self.text[start - 1].isDigit
        {
            start -= 1
        }
        while start < index, self.text[start] == .space { start += 1 }
        return start
    }

    private func endsInRegion(_ part: Range<Int>) -> Bool {
        regionEnds.contains { end in
            part.count > end.count
                && self.text[(part.upperBound - end.count)..<part.upperBound].elementsEqual(end)
        }
    }

    private var townMarks: WordSet { addressTownMarks }
}

/// What is before the name of a town, shortened: `г.`, `м.`, `с.`, `пос.`.
private let addressTownMarks = WordSet("г м с д п пос дер обл смт р")
private let regionEnds: [[UInt8]] = ["обл.", "область", "край", "респ.", "р-н", "район"].map {
    Array($0.utf8)
}
