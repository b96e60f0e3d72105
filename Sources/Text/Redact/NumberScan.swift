extension ScanPass {
    /// Tries every kind of value that starts with or holds the digit run at `start`.
    mutating func scanNumber(at start: Int) -> Int {
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

    /// Kinds whose candidate is the digits at hand; the start is a free boundary.
    private mutating func scanIdentifiers() -> Int? {
        let number = self.number
        let last = number.groups.count - 1
        guard number.isCut || number.groups[last].total >= 6 else { return nil }
        if let end = self.scanBirthDate() { return end }
        if let end = self.scanCard() { return end }
        if let end = self.scanSSN() { return end }
        return self.scanNationalNumber()
    }
}
