internal import CKernels

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
    /// The sign after a key's name that was looked at last.
    var assignmentSign = -1
    /// The first armour end at or after the last one asked for.
    var armourEnd: Int?
    /// Where something reads as another sign, at least ``DisguisedText/reach`` apart.
    private(set) var disguises: [Int] = []

    private let anchors = Anchor.Tables()

    /// The context of the last candidate asked for, and where that started.
    private var knownContext = Context()
    private var knownContextStart = -1

    init(_ text: UnsafeBufferPointer<UInt8>, kindMask: UInt32, minimumScore: Float) {
        self.text = text
        self.kindMask = kindMask
        self.minimumScore = minimumScore
    }

    /// Blocks of 64 bytes whose anchors are looked for at a time.
    private static let tileBlocks = 64

    mutating func run() {
        guard let base = self.text.baseAddress else { return }
        var tables = anchorTables
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.tileBlocks) { masks in
            guard let words = masks.baseAddress else { return }
            /// Anchors before this are inside what was looked at.
            var next = 0
            var start = 0
            while start < self.text.count {
                let blocks = min(Self.tileBlocks, (self.text.count - start + 63) / 64)
                ck_anchor_masks(base, self.text.count, start, blocks, &tables, words)
                for block in 0..<blocks {
                    var mask = words[block]
                    let first = start + block * 64
                    if next >= first + 64 { continue }
                    while mask != 0 {
                        let index = first + mask.trailingZeroBitCount
                        mask &= mask - 1
                        if index >= next { next = max(self.handle(at: index), index + 1) }
                    }
                }
                start += blocks * 64
            }
        }
    }

    /// Tries what the anchor at `index` may be; returns where to go on.
    @inline(__always)
    private mutating func handle(at index: Int) -> Int {
        let byte = self.byte(index)
        let pair = Int(self.byte(index - 1)) << 8 | Int(byte)
        let anchor = self.anchors.anchors(self.byte(index - 2), pair: pair)
        self.steps += 1
        if anchor != 0, let end = self.handle(anchor, pair: pair, at: index) { return end }
        if byte == 0x40 { return self.scanAt(index) }
        if byte &- 0x30 < 10, !self.isDigit(index - 1) {
            return plainNumberEnd(self.text, at: index) ?? self.scanNumber(at: index)
        }
        return index + 1
    }

    /// The anchors that are pairs; nil when the byte at `index` may yet be another one.
    @inline(never)
    private mutating func handle(_ anchor: UInt8, pair: Int, at index: Int) -> Int? {
        if anchor & Anchor.disguise != 0 { self.noteDisguise(at: index) }
        if anchor & Anchor.prefix != 0, let end = self.scanToken(pair: pair, at: index) {
            return end
        }
        if anchor & Anchor.colon != 0, self.byte(index - 1) == 0x3A {
            if let end = self.scanColon(at: index - 1) { return end }
        }
        if anchor & Anchor.keyword != 0, let end = self.scanKeyword(at: index) { return end }
        if anchor & Anchor.armour != 0, let end = self.scanArmour(at: index) { return end }
        if anchor & Anchor.bank != 0, let end = self.scanBankCode(at: index) { return end }
        if anchor & Anchor.machineReadable != 0, let end = self.scanCodeLines(at: index) {
            return end
        }
        if anchor & Anchor.inner != 0, let end = self.scanInnerToken(at: index) { return end }
        return nil
    }

    private mutating func noteDisguise(at index: Int) {
        guard index >= (self.disguises.last ?? -DisguisedText.reach) + DisguisedText.reach,
            isDisguise(self.text, at: index)
        else { return }
        self.disguises.append(index)
    }

    /// The topics of the words before `start`.
    mutating func context(before start: Int) -> Context {
        if start != self.knownContextStart {
            let reach = max(0, start - Self.contextReach)..<start
            self.knownContext = Context(self.text, in: reach, candidate: start)
            self.knownContextStart = start
        }
        return self.knownContext
    }

    /// The topics of the words from `end` on, in a short reach on the same line.
    mutating func context(after end: Int) -> Context {
        var limit = end
        while limit < self.text.count, limit - end < 12, self.byte(limit) != 0x0A { limit += 1 }
        return Context(self.text, in: end..<limit, candidate: end)
    }

    @inline(__always)
    func wants(_ kind: PIIKind) -> Bool { self.kindMask & kind.bit != 0 }

    /// The byte at `index`, or 0 outside the text.
    @inline(__always)
    func byte(_ index: Int) -> UInt8 {
        UInt(bitPattern: index) < UInt(bitPattern: self.text.count) ? self.text[index] : 0
    }

    @inline(__always)
    func isClass(_ index: Int, _ mask: UInt8) -> Bool {
        ByteClass.of(self.byte(index)) & mask != 0
    }

    @inline(__always)
    func isDigit(_ index: Int) -> Bool { self.byte(index) &- 0x30 < 10 }

    /// Whether an ASCII letter, digit or underscore is at `index`.
    @inline(__always)
    func isWord(_ index: Int) -> Bool { self.isClass(index, ByteClass.word) }

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

    /// The start of the next line, when the line ends at `index` but for a space: past white space and
    /// a sign of quotation.
    func nextLine(at index: Int) -> Int? {
        var next = index
        if self.byte(next) == 0x20 { next += 1 }
        if self.byte(next) == 0x0D { next += 1 }
        guard self.byte(next) == 0x0A else { return nil }
        next += 1
        while next - index < 8, self.byte(next) == 0x20 || self.byte(next) == 0x3E { next += 1 }
        return next
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
