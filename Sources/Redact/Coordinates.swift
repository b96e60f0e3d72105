extension ScanPass {
    /// A place by latitude and longitude: two decimal numbers after a word that says so, or degrees,
    /// minutes and seconds with the letters of the directions.
    ///
    /// - Source: ISO 6709, annex D.
    mutating func scanCoordinates(at start: Int) -> Int? {
        guard self.wants(.coordinates), !self.isWord(start - 1) else { return nil }
        let first = self.byte(start - 1) == 0x2D && !self.isWord(start - 2) ? start - 1 : start
        if let end = self.degreesEnd(from: start, limit: 90) {
            var next = end
            while next - end < 3, [0x20, 0x2C].contains(self.byte(next)) { next += 1 }
            let whole = self.degreesEnd(from: next, limit: 180) ?? end
            return self.add(.coordinates, first..<whole, "coordinates.degrees", 0.75) ? whole : nil
        }
        guard let end = self.decimalEnd(from: start, limit: 90) else { return nil }
        var next = end
        while next - end < 3, [0x20, 0x2C, 0x3B].contains(self.byte(next)) { next += 1 }
        // `lat 52.52001, lon 13.40495`
        while next - end < 12,
            self.isClass(next, ByteClass.lower) || [0x20, 0x3A, 0x3D].contains(self.byte(next))
        {
            next += 1
        }
        if self.byte(next) == 0x2D || self.byte(next) == 0x2B { next += 1 }
        self.steps += next - start
        guard next > end, let whole = self.decimalEnd(from: next, limit: 180) else { return nil }
        let before = self.context(before: first)
        guard before.isNear(.place) else { return nil }
        return self.add(.coordinates, first..<whole, "coordinates.decimal", 0.7) ? whole : nil
    }

    /// One to three digits, a point, and four to eight more: no farther than `limit`.
    private func decimalEnd(from start: Int, limit: Int) -> Int? {
        var index = start
        var value = 0
        while index - start < 4, self.isDigit(index) {
            value = value * 10 + Int(self.byte(index) - 0x30)
            index += 1
        }
        guard (1...3).contains(index - start), value <= limit, self.byte(index) == 0x2E else {
            return nil
        }
        let point = index
        index += 1
        while index - point < 18, self.isDigit(index) { index += 1 }
        return index - point >= 5 && self.isFreeAfter(index) ? index : nil
    }

    /// `40°26′46″N`: degrees at least, a letter of a direction at last.
    private func degreesEnd(from start: Int, limit: Int) -> Int? {
        var index = start
        var value = 0
        while index - start < 4, self.isDigit(index) {
            value = value * 10 + Int(self.byte(index) - 0x30)
            index += 1
        }
        guard index > start, value <= limit, self.byte(index) == 0xC2, self.byte(index + 1) == 0xB0
        else { return nil }
        index += 2
        // Minutes and seconds, their signs and spaces.
        let most = index + 24
        while index < most {
            switch self.byte(index) {
            case 0x30...0x39, 0x20, 0x27, 0x22, 0x2E, 0x80...0xBF, 0xE2: index += 1
            case 0x4E, 0x53, 0x45, 0x57: return self.isWord(index + 1) ? nil : index + 1
            default: return nil
            }
        }
        return nil
    }
}
