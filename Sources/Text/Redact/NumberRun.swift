/// Groups of digits parted by short separators, from one digit on.
struct NumberRun {
    struct Group {
        var start = 0
        var end = 0
        /// Digits in this group and those before it.
        var total = 0
        /// The first separator byte before the group, and how many there are.
        var separator: UInt8 = 0
        var separatorLength = 0

        var count: Int { self.end - self.start }
    }

    static let digitLimit = 20
    static let groupLimit = 7

    /// The values of the digits, in order.
    private(set) var digits = [UInt8](repeating: 0, count: Self.digitLimit)
    private(set) var groups: [Group] = []
    /// Whether digits go on past the limits.
    private(set) var isCut = false

    var start: Int { self.groups.first?.start ?? 0 }

    init() { self.groups.reserveCapacity(Self.groupLimit) }

    /// Reads the groups from the digit at `start`; returns the bytes looked at.
    mutating func read(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        self.groups.removeAll(keepingCapacity: true)
        self.isCut = false
        var total = 0
        var index = start
        var separator: UInt8 = 0
        var separatorLength = 0
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
                self.isCut = true
                return index - start
            }
            self.groups.append(
                Group(
                    start: groupStart,
                    end: index,
                    total: total,
                    separator: separator,
                    separatorLength: separatorLength
                )
            )
            guard self.groups.count < Self.groupLimit else { return index - start }
            separatorLength = Self.separatorLength(text, at: index)
            guard separatorLength > 0 else { return index - start }
            separator = text[index]
            index += separatorLength
        }
    }

    /// One to three bytes of ` -./()` or a dash or no-break space, if a digit follows; else 0.
    @inline(__always)
    static func separatorLength(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        guard start < text.count else { return 0 }
        let byte = text[start]
        let isPart = byte == 0x20 || byte &- 0x28 < 2 || byte &- 0x2D < 3 || byte >= 0xC2
        return isPart ? Self.longSeparatorLength(text, at: start) : 0
    }

    private static func longSeparatorLength(
        _ text: UnsafeBufferPointer<UInt8>,
        at start: Int
    ) -> Int {
        var index = start
        while index < text.count, index - start < 3 {
            switch text[index] {
            case 0x20, 0x2D, 0x2E, 0x2F, 0x28, 0x29: index += 1
            case 0xC2 where index + 1 < text.count && text[index + 1] == 0xA0: index += 2
            case 0xE2
            where index + 2 < text.count && text[index + 1] == 0x80
                && (0x90...0x95).contains(text[index + 2]):
                index += 3
            default:
                return index > start && text[index] &- 0x30 < 10 ? index - start : 0
            }
        }
        return index > start && index < text.count && text[index] &- 0x30 < 10 ? index - start : 0
    }

    /// The value of the digits in `range`.
    func value(_ range: Range<Int>) -> Int {
        range.reduce(0) { $0 * 10 + Int(self.digits[$1]) }
    }

    /// Whether the first groups have exactly these lengths.
    func hasShape(_ lengths: [Int]) -> Bool {
        self.groups.count >= lengths.count
            && lengths.indices.allSatisfy { self.groups[$0].count == lengths[$0] }
    }

    /// Whether the first `count` groups are parted by one `separator` each.
    func isParted(by separator: UInt8, count: Int) -> Bool {
        (1..<max(count, 1)).allSatisfy {
            self.groups[$0].separator == separator && self.groups[$0].separatorLength == 1
        }
    }
}
