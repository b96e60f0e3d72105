internal import CKernels

/// One pass over one text: the anchor loop and what the validators share.
struct ScanPass {
    let text: UnsafeBufferPointer<UInt8>
    /// Where anchors are looked for; what they belong to may reach beyond.
    let range: Range<Int>
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
    /// The end of the credentials or cookies that were looked at last.
    var credentialsEnd = 0
    /// The end of the run of base64 that was looked at last.
    var encodedRunEnd = 0
    /// The end of the JSON Web Key that was looked at last.
    var keyObjectEnd = 0
    /// How many words of base64 this text is inside of.
    var encodingDepth = 0
    /// The sign after a key's name that was looked at last.
    var assignmentSign = -1
    /// The first armour end at or after the last one asked for.
    var armourEnd: Int?
    /// Where something reads as another sign, at least ``DisguisedText/reach`` apart.
    private(set) var disguises: [Int] = []

    private let anchors = Anchor.Tables()
    private let words = ContextWord.table

    /// The table that the last candidate was in.
    var table = TableCursor()

    /// The context of the last candidate asked for, and where that started.
    private var knownContext = Context()
    private var knownContextStart = -1

    init(
        _ text: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        kindMask: UInt32,
        minimumScore: Float
    ) {
        self.text = text
        self.range = range
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
            var start = self.range.lowerBound
            while start < self.range.upperBound {
                let blocks = min(Self.tileBlocks, (self.range.upperBound - start + 63) / 64)
                ck_anchor_masks(base, self.text.count, start, blocks, &tables, words)
                for block in 0..<blocks {
                    var mask = words[block]
                    let first = start + block * 64
                    if next >= first + 64 { continue }
                    while mask != 0 {
                        let index = first + mask.trailingZeroBitCount
                        mask &= mask - 1
                        if index >= self.range.upperBound { break }
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
            if self.isClass(index - 1, ByteClass.letter) {
                if let end = self.scanEncoded(at: index) { return end }
                if let end = nameDigitsEnd(self.text, at: index) { return end }
            }
            if self.mayBeNamedDate(at: index), let end = self.scanNamedDate(at: index) {
                return end
            }
            guard let end = plainNumberEnd(self.text, at: index) else {
                return self.scanNumber(at: index)
            }
            // `B-AB 1234`
            if end - index >= 2, self.byte(index - 1) == 0x20,
                self.isClass(index - 2, ByteClass.upper),
                let end = self.scanLabelled(at: index)
            {
                return end
            }
            return end
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
        if anchor & Anchor.keyword != 0, let end = self.scanKeyword(pair: pair, at: index) {
            return end
        }
        if anchor & Anchor.armour != 0, let end = self.scanArmour(at: index) { return end }
        if anchor & Anchor.bank != 0, let end = self.scanBankCode(at: index) { return end }
        if anchor & Anchor.machineReadable != 0, let end = self.scanCodeLines(at: index) {
            return end
        }
        return nil
    }

    /// Marks that the text before `end` reads as something else.
    mutating func noteDisguise(before end: Int) {
        guard end > (self.disguises.last ?? -DisguisedText.reach) + DisguisedText.reach else {
            return
        }
        self.disguises.append(end - 1)
    }

    private mutating func noteDisguise(at index: Int) {
        guard index >= (self.disguises.last ?? -DisguisedText.reach) + DisguisedText.reach,
            isDisguise(self.text, at: index)
        else { return }
        self.disguises.append(index)
    }

    /// The topics of the words before `start`; in a table those of the column's head and of the cell.
    mutating func context(before start: Int) -> Context {
        if start != self.knownContextStart {
            let reach = max(0, start - Self.contextReach)..<start
            let head = self.columnHead(of: start)
            let own = head.map { max($0.cellStart, reach.lowerBound)..<start } ?? reach
            self.knownContext = Context(self.text, in: own, candidate: start, words: self.words)
            if let head { self.knownContext.note(head.context) }
            self.knownContextStart = start
        }
        return self.knownContext
    }

    /// The topics of the words from `end` on, in a short reach on the same line.
    mutating func context(after end: Int) -> Context {
        var limit = end
        while limit < self.text.count, limit - end < 12, self.byte(limit) != 0x0A { limit += 1 }
        return Context(self.text, in: end..<limit, candidate: end, words: self.words)
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

    /// Whether an ASCII letter or digit is at `index`: a value in a name such as `scan_…_2.pdf` is free.
    @inline(__always)
    func isLetterOrDigit(_ index: Int) -> Bool { self.isClass(index, ByteClass.alphanumeric) }

    /// Whether a value may start here: no letter or digit before, no decimal point, no comma that groups
    /// thousands, and no hyphen of a code.
    func isFreeBefore(_ index: Int) -> Bool {
        switch self.byte(index - 1) {
        case 0x2E: !self.isDigit(index - 2)
        case 0x2C: !self.isGrouped(byCommaAt: index - 1)
        case 0x2D: !self.isLetterOrDigit(index - 2) || self.isName(before: index - 1)
        // `%B4111…^` is the first track of a card.
        case 0x42 where self.byte(index - 2) == 0x25: true
        default: !self.isLetterOrDigit(index - 1)
        }
    }

    /// Whether a value may end here: no letter or digit after, and no hyphen or point before a digit.
    ///
    /// A comma, a colon or a slash parts numbers: a value that ends here has more digits than a comma
    /// may group.
    func isFreeAfter(_ index: Int) -> Bool {
        switch self.byte(index) {
        case 0x2E, 0x2D: !self.isDigit(index + 1)
        default: !self.isLetterOrDigit(index)
        }
    }

    /// Whether the comma groups thousands: up to three digits before, three after, and then no other sign
    /// that goes on with digits.
    func isGrouped(byCommaAt comma: Int) -> Bool {
        var first = comma
        while comma - first < 4, self.isDigit(first - 1) { first -= 1 }
        var end = comma + 1
        while end - comma < 5, self.isDigit(end) { end += 1 }
        guard (1...3).contains(comma - first), end - comma == 4 else { return false }
        // `598-34-983,123` and `1,598-34-9834` are neighbours in a row.
        if [0x2D, 0x2F, 0x3A].contains(self.byte(first - 1)), self.isDigit(first - 2) {
            return false
        }
        if self.byte(end) >= 0xE2, let dash = wideSign(self.text, at: end), dash.sign == 0x2D,
            self.isDigit(end + dash.byteCount)
        {
            return false
        }
        return !([0x2D, 0x2F, 0x3A, 0x20].contains(self.byte(end)) && self.isDigit(end + 1))
    }

    /// Whether what ends before the hyphen at `index` is a name, with a letter that is no hexadecimal
    /// digit, and not a part of a code.
    private func isName(before index: Int) -> Bool {
        var first = index
        while index - first < 24, self.isLetterOrDigit(first - 1) {
            first -= 1
            let letter = self.byte(first) | 0x20
            if letter > 0x66, letter <= 0x7A { return true }
        }
        return false
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
