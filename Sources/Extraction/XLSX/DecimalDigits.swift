internal import Bytes
internal import Glibc

/// A number of fifteen significant decimal digits, as spreadsheets reckon with.
struct DecimalDigits {
    /// Digits 0 to 9 from the first that is not zero; empty for zero.
    private(set) var digits: [UInt8]
    /// Digits before the decimal point; may be negative.
    private(set) var pointPlace: Int

    /// - Parameter value: finite, not negative.
    init(_ value: Double) {
        let text = printed("%.14e", value)
        let parts = text.split(separator: UInt8(ascii: "e"))
        self.digits = parts.first.map { $0.filter(\.isASCIIDigit).map { $0 - 0x30 } } ?? []
        let exponent = parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
        self.pointPlace = exponent + 1
        while self.digits.last == 0 { self.digits.removeLast() }
        if self.digits.isEmpty { self.pointPlace = 0 }
    }

    /// Rounded to so many decimals, halves away from zero.
    func rounded(to decimals: Int) -> DecimalDigits {
        let count = self.pointPlace + decimals
        guard count < self.digits.count else { return self }
        var result = self
        guard count >= 0 else {
            result.digits = []
            result.pointPlace = 0
            return result
        }
        let roundsUp = self.digits[count] >= 5
        result.digits = Array(self.digits[..<count])
        if roundsUp { result.increment() }
        while result.digits.last == 0 { result.digits.removeLast() }
        if result.digits.isEmpty { result.pointPlace = 0 }
        return result
    }

    private mutating func increment() {
        for index in self.digits.indices.reversed() {
            if self.digits[index] < 9 {
                self.digits[index] += 1
                return
            }
            self.digits[index] = 0
        }
        self.digits.insert(1, at: 0)
        self.pointPlace += 1
    }

    /// The digits before the point as characters; empty where there is none but zero.
    var whole: [UInt8] {
        guard self.pointPlace > 0 else { return [] }
        let known = self.digits.prefix(self.pointPlace).map { $0 + 0x30 }
        return known + Array(repeating: 0x30, count: self.pointPlace - known.count)
    }

    /// The digits behind the point as characters, without zeros at their end.
    var decimals: [UInt8] {
        guard self.pointPlace < self.digits.count else { return [] }
        let zeros = Array(repeating: UInt8(0x30), count: max(0, -self.pointPlace))
        return zeros + self.digits.dropFirst(max(0, self.pointPlace)).map { $0 + 0x30 }
    }
}

/// A number where no format says otherwise: fifteen digits at most.
func generalNumber(_ value: Double) -> [UInt8] {
    printed("%.15g", value).map { $0 == UInt8(ascii: "e") ? UInt8(ascii: "E") : $0 }
}

private func printed(_ format: String, _ value: Double) -> [UInt8] {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
        let count = withVaList([value]) { vsnprintf(buffer.baseAddress, 64, format, $0) }
        return buffer.prefix(Int(max(0, min(count, 63)))).map { UInt8(bitPattern: $0) }
    }
}
