extension ScanPass {
    /// Tries every kind of value that starts with or holds the digit run at `start`.
    mutating func scanNumber(at start: Int) -> Int {
        if self.wants(.coordinates), let end = self.scanCoordinates(at: start) { return end }
        if let end = self.scanHexadecimal(at: start) { return end }
        if let end = self.scanIdeographicDate(at: start) { return end }
        if let end = self.scanFinnishID(at: start) { return end }
        if self.isClass(start - 1, ByteClass.letter) || self.byte(start - 1) == 0x20,
            let end = self.scanLettered(at: start)
        {
            return end
        }
        self.steps += self.number.read(self.text, at: start)
        guard let first = self.number.groups.first else { return start + 1 }
        let isFree = self.isFreeBefore(start)
        if first.count <= 3, let end = self.scanIPv4(at: start) { return end }
        if isFree, let end = self.scanIdentifiers() { return end }
        if let end = self.scanPhone() { return end }
        return first.end
    }

    /// The end of a number that is none of the kinds; nearly every number in prose is such.
    ///
    /// Up to five digits, no letter beside them, no other digits near enough to belong to them.
    func plainNumberEnd(at start: Int) -> Int? {
        var end = start + 1
        while end - start < 6, self.isDigit(end) { end += 1 }
        guard end - start < 6, !self.isWord(start - 1), !self.isWord(end) else { return nil }
        if self.byte(start - 1) == 0x2D || self.byte(end) >= 0x80 { return nil }
        if self.byte(end) == 0x2D, self.isWord(end + 1) { return nil }
        if self.byte(end) == 0x2E, self.isWord(end + 1) { return nil }
        for index in end..<end + 4 {
            if self.isDigit(index) { return nil }
            switch self.byte(index) {
            case 0x20, 0x2D, 0x2E, 0x2F, 0x28, 0x29: continue
            default: return self.byte(index) >= 0x80 ? nil : end
            }
        }
        return end
    }

    /// Kinds whose candidate is the digits at hand; the start is a free boundary.
    private mutating func scanIdentifiers() -> Int? {
        let number = self.number
        let last = number.groups.count - 1
        guard number.isCut || number.groups[last].total >= 6 else { return nil }
        if let end = self.scanBirthDate() { return end }
        if let end = self.scanNamedNumber() { return end }
        if let end = self.scanCard() { return end }
        if let end = self.scanSSN() { return end }
        return self.scanNationalNumber()
    }
}
