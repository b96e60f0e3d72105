/// One pass over one text: the anchor loop and what the validators share.
struct ScanPass {
    let text: UnsafeBufferPointer<UInt8>
    /// The wanted kinds' bits.
    let kindMask: UInt32
    let minimumScore: Float
    var spans: [PIISpan] = []
    /// Bytes looked at by candidates, for the tests of linear time.
    var steps = 0
    /// The digit groups of the candidate at hand.
    var number = NumberRun()
    /// Runs of colons and of token bytes are looked at once, however many anchors they hold.
    var colonRunEnd = 0
    var tokenRunEnd = 0
    /// The first armour end at or after the last one asked for.
    var armourEnd: Int?
    /// Where something reads as another sign, at least ``DisguisedText/reach`` apart.
    private(set) var disguises: [Int] = []

    private let classes = ByteClass.table

    init(_ text: UnsafeBufferPointer<UInt8>, kinds: Set<PIIKind>, minimumScore: Float) {
        self.text = text
        self.kindMask = kinds.reduce(0) { $0 | $1.bit }
        self.minimumScore = minimumScore
    }

    mutating func run() {
        Anchor.table.withUnsafeBufferPointer { anchors in
            // The pair before the text is (line end, first byte).
            var previous = 0x0A
            var index = 0
            let count = self.text.count
            while index < count {
                let byte = Int(self.text[index])
                let anchor = anchors[previous << 8 | byte]
                if anchor == 0 {
                    previous = byte
                    index += 1
                    continue
                }
                let next = self.handle(anchor, at: index)
                index = max(next, index + 1)
                previous = Int(self.text[index - 1])
            }
        }
    }

    /// Tries what the anchor at `index` may be; returns where to go on.
    private mutating func handle(_ anchor: UInt8, at index: Int) -> Int {
        self.steps += 1
        if anchor & Anchor.disguise != 0 {
            if index >= (self.disguises.last ?? -DisguisedText.reach) + DisguisedText.reach,
                isDisguise(self.text, at: index)
            {
                self.disguises.append(index)
            }
            if anchor == Anchor.disguise { return index + 1 }
        }
        if anchor & Anchor.digit != 0 { return self.scanNumber(at: index) }
        if anchor & Anchor.at != 0 { return self.scanAt(index) }
        if anchor & (Anchor.colon | Anchor.equals) != 0 {
            if anchor & Anchor.colon != 0 {
                if let end = self.scanColon(at: index) { return end }
                if let end = self.scanBankCode(after: index) { return end }
            }
            return self.scanAssignment(at: index) ?? index + 1
        }
        // The other anchors are pairs that start one byte earlier.
        if anchor & Anchor.armour != 0, let end = self.scanArmour(at: index) { return end }
        if anchor & Anchor.prefix != 0, let end = self.scanToken(at: index - 1) { return end }
        if anchor & Anchor.password != 0, let end = self.scanPasswordWord(at: index - 1) {
            return end
        }
        return index + 1
    }

    @inline(__always)
    func wants(_ kind: PIIKind) -> Bool { self.kindMask & kind.bit != 0 }

    /// The byte at `index`, or 0 outside the text.
    @inline(__always)
    func byte(_ index: Int) -> UInt8 {
        index >= 0 && index < self.text.count ? self.text[index] : 0
    }

    @inline(__always)
    func isClass(_ index: Int, _ mask: UInt8) -> Bool {
        self.classes[Int(self.byte(index))] & mask != 0
    }

    @inline(__always)
    func isDigit(_ index: Int) -> Bool { self.byte(index) &- 0x30 < 10 }

    /// Whether an ASCII letter, digit or underscore is at `index`.
    @inline(__always)
    func isWord(_ index: Int) -> Bool {
        self.isClass(index, ByteClass.alphanumeric) || self.byte(index) == 0x5F
    }

    /// Whether a value may start here: no word before, and no decimal point or hyphen after one.
    func isFreeBefore(_ index: Int) -> Bool {
        if self.isWord(index - 1) { return false }
        switch self.byte(index - 1) {
        case 0x2E, 0x2C: return !self.isDigit(index - 2)
        case 0x2D: return !self.isWord(index - 2)
        default: return true
        }
    }

    /// Whether a value may end here: no word after, and no hyphen or point before a digit.
    func isFreeAfter(_ index: Int) -> Bool {
        if self.isWord(index) { return false }
        switch self.byte(index) {
        case 0x2E, 0x2C, 0x2D, 0x3A: return !self.isDigit(index + 1)
        default: return true
        }
    }

    /// Whether the ASCII bytes of `literal` are at `index`.
    func matches(_ literal: StaticString, at index: Int) -> Bool {
        guard index >= 0, index + literal.utf8CodeUnitCount <= self.text.count else { return false }
        for offset in 0..<literal.utf8CodeUnitCount
        where self.text[index + offset] != literal.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Keeps a value whose kind is wanted and whose score is high enough.
    @discardableResult
    mutating func add(_ kind: PIIKind, _ range: Range<Int>, _ rule: String, _ score: Float) -> Bool
    {
        guard score >= self.minimumScore, self.wants(kind), !range.isEmpty else {
            return false
        }
        self.spans.append(
            PIISpan(range: range, kind: kind, rule: rule, score: min(score, 1))
        )
        return true
    }
}
