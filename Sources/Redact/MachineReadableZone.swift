extension ScanPass {
    /// The code lines of a passport or an identity card around the filler at `index`.
    ///
    /// - Source: ICAO Doc 9303, parts 4 (TD3: two lines of 44), 5 (TD1: three of 30) and 6 (TD2: two
    ///   of 36).
    mutating func scanCodeLines(at index: Int) -> Int? {
        guard self.wants(.passport) else { return nil }
        var start = index
        while index - start < 45, self.isCodeByte(start - 1) { start -= 1 }
        let length = self.codeLineEnd(from: start) - start
        self.steps += length + 45
        guard length == 44 || length == 36 || length == 30 else { return nil }
        var lines = [start..<start + length]
        while lines.count < (length == 30 ? 3 : 2) {
            var next = lines[lines.count - 1].upperBound
            if self.byte(next) == 0x0D { next += 1 }
            guard self.byte(next) == 0x0A || self.byte(next) == 0x20 else { return nil }
            next += 1
            guard self.codeLineEnd(from: next) - next == length else { return nil }
            lines.append(next..<next + length)
        }
        let codes = lines.map { Array(self.text[$0]) }
        guard isMachineReadable(codes) else { return nil }
        let range = start..<lines[lines.count - 1].upperBound
        return self.add(.passport, range, "passport.mrz", 0.95) ? range.upperBound : nil
    }

    private func isCodeByte(_ index: Int) -> Bool {
        self.isClass(index, ByteClass.upper | ByteClass.digit) || self.byte(index) == 0x3C
    }

    private func codeLineEnd(from start: Int) -> Int {
        var end = start
        while end - start <= 45, self.isCodeByte(end) { end += 1 }
        return end
    }
}

/// Whether the lines have the check digits of their format over number, birth and expiry.
func isMachineReadable(_ lines: [[UInt8]]) -> Bool {
    guard let first = lines.first else { return false }
    func isChecked(_ line: Int, _ range: Range<Int>) -> Bool {
        let check = lines[line][range.upperBound]
        // An empty optional field may have a filler for its check digit.
        return machineReadableCheck(lines[line][range]) == check
            || check == 0x3C && lines[line][range].allSatisfy { $0 == 0x3C }
    }
    switch (lines.count, first.count) {
    case (2, 44), (2, 36):
        return isChecked(1, 0..<9) && isChecked(1, 13..<19) && isChecked(1, 21..<27)
    case (3, 30): return isChecked(0, 5..<14) && isChecked(1, 0..<6) && isChecked(1, 8..<14)
    default: return false
    }
}

/// The check digit over the field: weights 7, 3, 1; A is 10, `<` is 0.
func machineReadableCheck(_ field: ArraySlice<UInt8>) -> UInt8 {
    var sum = 0
    for (offset, byte) in field.enumerated() {
        let value: Int =
            switch byte {
            case 0x30...0x39: Int(byte) - 0x30
            case 0x41...0x5A: Int(byte) - 0x41 + 10
            default: 0
            }
        sum += value * [7, 3, 1][offset % 3]
    }
    return UInt8(sum % 10) + 0x30
}
