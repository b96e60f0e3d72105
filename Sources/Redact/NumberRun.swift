/// Groups of digits parted by short separators, from one digit on.
struct NumberRun {
    struct Group {
        var start = 0
        var end = 0
        /// Digits in this group and those before it.
        var total = 0
        /// What parts it from the group before.
        var separator = Separator()

        var count: Int { self.end - self.start }
    }

    /// What may stand between two groups: at most three signs, among them one line's end.
    struct Separator {
        /// The first sign: a hyphen for any dash, a space for any space; 0 for a line's end alone.
        var sign: UInt8 = 0
        var signCount = 0
        var byteCount = 0
        var isWrapped = false

        /// Whether it is one `sign` and nothing else but a line's end, which alone stands for any sign.
        func isOne(_ sign: UInt8) -> Bool {
            self.signCount == 1 && self.sign == sign || self.signCount == 0 && self.isWrapped
        }
    }

    static let digitLimit = 24
    static let groupLimit = 8

    /// The values of the digits, in order.
    private(set) var digits = [UInt8](repeating: 0, count: Self.digitLimit)
    private(set) var groups: [Group] = []
    /// Whether the first group goes on past the limit.
    private(set) var isCut = false

    var start: Int { self.groups.first?.start ?? 0 }

    init() { self.groups.reserveCapacity(Self.groupLimit) }

    /// Reads the groups from the digit at `start`; returns the bytes looked at.
    ///
    /// A group that does not fit as a whole is left out, as if nothing came after the one before.
    mutating func read(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        self.groups.removeAll(keepingCapacity: true)
        self.isCut = false
        var total = 0
        var index = start
        var separator = Separator()
        var hasWrapped = false
        while true {
            let groupStart = index
            self.digits.withUnsafeMutableBufferPointer { digits in
                while index < text.count, text[index] &- 0x30 < 10, total < Self.digitLimit {
                    digits[total] = text[index] &- 0x30
                    total += 1
                    index += 1
                }
            }
            if index < text.count, text[index] &- 0x30 < 10 {
                self.isCut = self.groups.isEmpty
                return index - start
            }
            self.groups.append(
                Group(start: groupStart, end: index, total: total, separator: separator)
            )
            guard self.groups.count < Self.groupLimit, total < Self.digitLimit else {
                return index - start
            }
            separator = Self.separator(text, at: index)
            // A value is wrapped over one line's end, not over more.
            guard separator.byteCount > 0, !(hasWrapped && separator.isWrapped) else {
                return index - start
            }
            hasWrapped = hasWrapped || separator.isWrapped
            index += separator.byteCount
        }
    }

    /// The bytes of the separator at `start` if a digit follows it; else 0.
    @inline(__always)
    static func separatorLength(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        guard start < text.count else { return 0 }
        let byte = text[start]
        let isPart =
            byte == 0x20 || byte &- 0x28 < 2 || byte &- 0x2D < 3 || byte == 0x0A || byte == 0x0D
            || byte >= 0xC2
        return isPart ? Self.separator(text, at: start).byteCount : 0
    }

    /// What is at `start`, if it parts groups and a digit follows; else nothing.
    private static func separator(
        _ text: UnsafeBufferPointer<UInt8>,
        at start: Int
    ) -> Separator {
        var result = Separator()
        var index = start
        while index < text.count {
            if text[index] == 0x0A || text[index] == 0x0D {
                guard !result.isWrapped, let next = Self.nextLine(text, at: index) else { break }
                result.isWrapped = true
                index = next
            } else {
                guard result.signCount < 3, let (sign, count) = Self.sign(text, at: index) else {
                    break
                }
                if result.signCount == 0 { result.sign = sign }
                result.signCount += 1
                index += count
            }
        }
        guard index > start, index < text.count, text[index] &- 0x30 < 10 else {
            return Separator()
        }
        result.byteCount = index - start
        return result
    }

    /// Past the line's end at `index`, and past spaces and signs of quotation.
    private static func nextLine(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
        var next = index
        if text[next] == 0x0D { next += 1 }
        guard next < text.count, text[next] == 0x0A else { return nil }
        next += 1
        let limit = min(text.count, next + 8)
        while next < limit, text[next] == 0x20 || text[next] == 0x3E { next += 1 }
        return next
    }

    /// The sign at `index` as ASCII writes it, and its bytes.
    @inline(__always)
    private static func sign(
        _ text: UnsafeBufferPointer<UInt8>,
        at index: Int
    ) -> (sign: UInt8, byteCount: Int)? {
        let byte = text[index]
        switch byte {
        case 0x20, 0x28, 0x29, 0x2D, 0x2E, 0x2F: return (byte, 1)
        case 0xC2, 0xE2, 0xE3, 0xEF: return wideSign(text, at: index)
        default: return nil
        }
    }

    /// No value of any kind is larger; twenty digits do not fit an integer.
    private static let valueLimit = 100_000_000_000_000_000

    /// The value of the digits in `range`, of the first eighteen at most.
    func value(_ range: Range<Int>) -> Int {
        range.reduce(0) { $0 < Self.valueLimit ? $0 * 10 + Int(self.digits[$1]) : $0 }
    }

    /// Whether the first groups have exactly these lengths.
    func hasShape(_ lengths: [Int]) -> Bool {
        self.groups.count >= lengths.count
            && lengths.indices.allSatisfy { self.groups[$0].count == lengths[$0] }
    }

    /// Whether the first `count` groups are parted by one `separator` each.
    func isParted(by separator: UInt8, count: Int) -> Bool {
        (1..<max(count, 1)).allSatisfy { self.groups[$0].separator.isOne(separator) }
    }

    /// Whether a line ends among the first `count` groups.
    func isWrapped(count: Int) -> Bool {
        self.groups[..<count].contains { $0.separator.isWrapped }
    }
}

/// The space or dash beyond ASCII at `index`.
func wideSign(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (sign: UInt8, byteCount: Int)? {
    guard index + 1 < text.count else { return nil }
    if text[index] == 0xC2 { return text[index + 1] == 0xA0 ? (0x20, 2) : nil }
    guard index + 2 < text.count else { return nil }
    switch (text[index], text[index + 1], text[index + 2]) {
    // Spaces of all widths, and the ideographic one.
    case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
        return (0x20, 3)
    // Hyphens and dashes, the minus sign, small and full-width hyphens.
    case (0xE2, 0x80, 0x90...0x95), (0xE2, 0x88, 0x92), (0xEF, 0xB9, 0x98), (0xEF, 0xB9, 0xA3),
        (0xEF, 0xBC, 0x8D):
        return (0x2D, 3)
    default: return nil
    }
}
