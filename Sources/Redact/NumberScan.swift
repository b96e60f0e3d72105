extension ScanPass {
    /// Tries every kind of value that starts with or holds the digit run at `start`.
    mutating func scanNumber(at start: Int) -> Int {
        var runEnd = start + 1
        while runEnd - start < NumberRun.digitLimit, self.isDigit(runEnd) { runEnd += 1 }
        if let end = self.scanPlaces(at: start, runEnd: runEnd) { return end }
        if runEnd - start == 4 || runEnd - start == 3,
            let end = self.scanParted(at: start, runEnd: runEnd)
        {
            return end
        }
        if let end = self.scanHexadecimal(at: start) { return end }
        if let end = self.scanLabelled(at: start) { return end }
        let count = runEnd - start
        if count == 4 || count <= 2, self.byte(runEnd) >= 0xE5,
            let end = self.scanIdeographicDate(at: start)
        {
            return end
        }
        if count <= 2, let end = self.scanShortDate(at: start, runEnd: runEnd) { return end }
        if count == 6, let end = self.scanFinnishID(at: start) { return end }
        if let end = self.scanLettered(at: start) { return end }
        if count < 6, isShortNumber(self.text, from: runEnd, digits: count) { return runEnd }
        self.steps += self.number.read(self.text, at: start)
        guard let first = self.number.groups.first else { return start + 1 }
        let isFree = self.isFreeBefore(start)
        if first.count <= 3, let end = self.scanIPv4(at: start) { return end }
        if isFree, let end = self.scanIdentifiers() { return end }
        if let end = self.scanPhone() { return end }
        return isoDateEnd(self.text, at: start) ?? first.end
    }

    /// Coordinates, where the first number has a point and four digits, or a sign for degrees.
    @inline(__always)
    private mutating func scanPlaces(at start: Int, runEnd: Int) -> Int? {
        guard runEnd - start <= 4, self.wants(.coordinates) else { return nil }
        switch self.byte(runEnd) {
        case 0x2E where self.isDigit(runEnd + 4) && self.isDigit(runEnd + 1): break
        case 0xC2: break
        default: return nil
        }
        return self.scanCoordinates(at: start)
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

/// Whether the groups that start with `digits` digits before `end` are too few for every kind: fewer
/// than six digits, and than four groups.
private func isShortNumber(
    _ text: UnsafeBufferPointer<UInt8>,
    from end: Int,
    digits: Int
) -> Bool {
    var index = end
    var digits = digits
    for _ in 0..<3 {
        let length = NumberRun.separatorLength(text, at: index)
        if length == 0 { return true }
        index += length
        while index < text.count, text[index] &- 0x30 < 10, digits < 6 {
            digits += 1
            index += 1
        }
        if digits >= 6 { return false }
    }
    return false
}
