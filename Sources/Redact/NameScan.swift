internal import CKernels

/// Finds the names of persons and postal addresses: one pass over words, a gazetteer, and the words
/// and shapes around them.
///
/// Names are where capital letters, first names, last names and forms of address agree; without a
/// gazetteer only the latter count.
struct NameScan {
    let text: UnsafeBufferPointer<UInt8>
    let names: NameTable?
    let wantsPersons: Bool
    let wantsAddresses: Bool
    let minimumScore: Float
    private(set) var spans: [PIISpan] = []
    /// Words that stand in a row, capitals and what joins them.
    var run: [NameWord] = []
    private let roles = WordRole.slots
    private let addressRoles = WordRole.addressSlots
    /// Where the next search for an address may start: none is read twice.
    var addressEnd = 0

    static let runLimit = 12

    init(
        _ text: UnsafeBufferPointer<UInt8>,
        names: NameTable?,
        kinds: Set<PIIKind>,
        minimumScore: Float
    ) {
        self.text = text
        self.names = names
        self.wantsPersons = kinds.contains(.person)
        self.wantsAddresses = kinds.contains(.address)
        self.minimumScore = minimumScore
        self.run.reserveCapacity(Self.runLimit)
    }

    mutating func run(steps: inout Int) {
        guard let base = self.text.baseAddress else { return }
        var index = 0
        /// Nothing from ``index`` to here may start a name or an address.
        var ordinaryEnd = 0
        while index < self.text.count {
            let byte = self.text[index]
            if self.run.isEmpty, byte < 0x80, !byte.isCapitalLetter, !byte.isDigit {
                if index >= ordinaryEnd {
                    // Past a colon, which may itself be why this is looked at.
                    ordinaryEnd = ck_ordinary_end(base, self.text.count, index + 1)
                }
                let word = self.lastWord(before: ordinaryEnd, from: index)
                if word > index {
                    index = word
                    continue
                }
            }
            if byte >= 0xE3 {
                self.flush()
                index = max(self.scanUnspaced(at: index), index + 1)
            } else if isNameLetter(byte) {
                index = max(self.takeWord(at: index), index + 1)
            } else {
                if byte.isDigit, self.wantsAddresses { self.scanNumber(at: index) }
                // A space joins words, and so does the stop of an initial or a title.
                if byte != .space, !(byte == .fullStop && self.mayAbbreviate(index)) {
                    self.flush()
                }
                index += 1
            }
        }
        self.flush()
        if self.wantsPersons { self.scanSmallTriggers() }
        self.dropPersonsOfAddresses()
        steps += self.text.count
    }

    /// What an address may have its first number for, or its code.
    @inline(__always)
    private mutating func scanNumber(at index: Int) {
        let before = index > 0 ? self.text[index - 1] : .lineFeed
        guard !before.isDigit else { return }
        var end = index + 1
        while end < self.text.count, self.text[end].isDigit { end += 1 }
        let isApart = before == .space || before == .lineFeed
        if isApart || before == .quote { self.scanAfterLabel(at: index) }
        if isApart || before == .hyphen, end - index >= 2, end - index <= 6, index > 6 {
            self.scanPostal(at: index)
        }
        if end - index <= 4, end + 2 < self.text.count,
            self.text[end] == .space || self.text[end] == .comma,
            !self.text[end + 1].isCapitalLetter
        {
            self.scanSmallStreet(at: index)
        }
        if before >= 0x80 || before == .space && index >= 4 && self.text[index - 2] >= 0x80 {
            self.scanUnspacedNumber(at: index)
        }
    }

    /// A street may be named after someone, who is then no person of the text.
    private mutating func dropPersonsOfAddresses() {
        guard self.wantsPersons, self.spans.contains(where: { $0.kind == .address }) else { return }
        let addresses = self.spans.filter { $0.kind == .address }.map(\.range)
        self.spans.removeAll { span in
            guard span.kind == .person else { return false }
            // Addresses are found in order of their ends.
            let next = lowerBound(of: addresses.count) {
                addresses[$0].upperBound >= span.range.upperBound
            }
            return next < addresses.count && addresses[next].lowerBound <= span.range.lowerBound
        }
    }

    /// Where to go on before the anchor at `end`: the word before it may be a street's or a particle.
    @inline(__always)
    private func lastWord(before end: Int, from start: Int) -> Int {
        guard end < self.text.count else { return end }
        var index = end
        while index > start, end - index < 3, !self.text[index - 1].isSmallLetter { index -= 1 }
        guard index > start, self.text[index - 1].isSmallLetter else { return max(start, index) }
        while index > start, self.text[index - 1].isSmallLetter { index -= 1 }
        return index
    }

    private func mayAbbreviate(_ index: Int) -> Bool {
        guard let last = self.run.last, last.range.upperBound == index else { return false }
        return last.isInitial || last.role == .title || last.role == .particle
            || last.role == .unit
    }

    private mutating func takeWord(at start: Int) -> Int {
        // After a colon an address may start small: `ul. …`, `г. …`.
        if self.wantsAddresses, start >= 2, self.text[start - 1] == .space,
            self.text[start - 2] == .colon
        {
            self.scanAfterLabel(at: start)
        }
        if let end = self.ordinaryWordEnd(at: start) {
            self.flush()
            return end
        }
        let hasCases = self.text[start] < 0xD7
        let isCapital = hasCases && isUpperLetter(self.text, at: start)
        if hasCases, !isCapital, self.run.isEmpty, let end = self.loneSmallWordEnd(at: start) {
            return end
        }
        let (hash, end) = nameWord(self.text, at: start)
        guard end > start else { return start + 1 }
        if self.wantsAddresses, isCapital || !hasCases { self.scanAfterLabel(at: start) }
        let role = self.role(hash: hash)
        if !isCapital, hasCases {
            self.takeSmall(start..<end, hash: hash, role: role)
            return end
        }
        var uses = self.uses(hash: hash)
        if uses.isEmpty, isCapital, self.text[start] >= 0xD0 { uses = self.usesOfCase(start..<end) }
        if uses.isEmpty, isCapital, role == .none, hasSurnameEnding(self.text, start..<end) {
            // Like a place, it is no name alone.
            uses = [.last, .place]
        }
        let word = NameWord(
            range: start..<end,
            uses: uses,
            isCapital: isCapital || !hasCases && !uses.isEmpty,
            isAllCapitals: isCapital && isAllUpper(self.text, start..<end),
            isInitial: isCapital && end - start == (self.text[start] < 0x80 ? 1 : 2),
            role: role
        )
        if self.wantsAddresses {
            let role = role == .none ? .none : self.addressRole(hash: hash)
            if role == .street { self.scanAddress(around: word.range, [.street]) }
            if role == .maybeStreet { self.scanAddress(around: word.range, [.maybeStreet]) }
            if role == .military { self.scanMilitaryAddress(word.range) }
            if role == .unit {
                self.scanBox(word.range, hash: hash)
                self.scanFlat(word.range, hash: hash)
            }
            if end - start <= 3, end < self.text.count,
                word.isAllCapitals && self.text[end] == .space || self.text[end].isDigit
            {
                self.scanRegion(word.range)
            }
        }
        if self.wantsAddresses, role == .none, !word.uses.contains(.word) {
            let ending = self.streetEnding(word.range)
            if !ending.isEmpty { self.scanAddress(around: word.range, ending) }
        }
        let isPlaceholder = start > 0 && self.text[start - 1] == .openBracket
        guard self.wantsPersons, word.isCapital, !isPlaceholder else {
            self.flush()
            return end
        }
        self.append(word)
        return end
    }

    /// The end of a small ASCII word that neither joins names nor names a street: nothing of a name is
    /// before it, and another small word comes after it.
    @inline(__always)
    private func ordinaryWordEnd(at start: Int) -> Int? {
        guard self.text[start].isSmallLetter else { return nil }
        var end = start + 1
        while end < self.text.count, self.text[end].isSmallLetter { end += 1 }
        guard end + 1 < self.text.count, self.text[end] == .space, self.text[end + 1].isSmallLetter
        else {
            return nil
        }
        guard let last = self.run.last else { return end }
        return last.range.upperBound + 1 < start ? end : nil
    }

    /// The end of a small word with neither a capital nor a digit beside it, which is of no address.
    private func loneSmallWordEnd(at start: Int) -> Int? {
        if start >= 2, self.text[start - 1] == .space {
            let before = self.text[start - 2]
            if before.isDigit || before == .comma || before == .colon { return nil }
        }
        var end = start
        while end < self.text.count, self.text[end] >= 0x80 || isNameLetter(self.text[end]) {
            guard self.text[end] < 0xE2 else { return nil }
            end += 1
        }
        var next = end
        while next < self.text.count, next - end < 2,
            self.text[next] == .space || self.text[next] == .fullStop
        {
            next += 1
        }
        guard next < self.text.count, end > start else { return nil }
        let byte = self.text[next]
        let isPart =
            byte.isDigit || byte == .hyphen || byte == .apostrophe
            || isNameLetter(byte) && isUpperLetter(self.text, at: next)
        return isPart ? nil : end
    }

    @inline(__always)
    func role(hash: UInt64) -> WordRole { Self.role(hash: hash, in: self.roles) }

    /// What a word says of an address: streets, units and what joins names.
    @inline(__always)
    func addressRole(hash: UInt64) -> WordRole { Self.role(hash: hash, in: self.addressRoles) }

    @inline(__always)
    private static func role(hash: UInt64, in roles: [WordRole.Slot]) -> WordRole {
        roles.withUnsafeBufferPointer { slots in
            var index = Int(truncatingIfNeeded: hash) & WordRole.slotMask
            while slots[index].hash != 0 {
                if slots[index].hash == hash { return slots[index].role }
                index = (index + 1) & WordRole.slotMask
            }
            return .none
        }
    }

    private mutating func takeSmall(_ range: Range<Int>, hash: UInt64, role: WordRole) {
        if self.wantsAddresses, role != .none {
            let role = self.addressRole(hash: hash)
            if role == .street || role == .maybeStreet {
                self.scanAddress(around: range, [role == .street ? .street : .maybeStreet])
            }
        }
        guard role == .particle, !self.run.isEmpty, self.isJoined(to: range) else {
            self.flush()
            return
        }
        self.append(
            NameWord(
                range: range,
                uses: [],
                isCapital: false,
                isAllCapitals: false,
                isInitial: false,
                role: .particle
            )
        )
    }

    private mutating func append(_ word: NameWord) {
        if !self.run.isEmpty, !self.isJoined(to: word.range) { self.flush() }
        if self.run.count == Self.runLimit { self.flush() }
        self.run.append(word)
    }

    /// Whether one space, or a stop and a space, parts the last word from `range`.
    private func isJoined(to range: Range<Int>) -> Bool {
        guard let last = self.run.last else { return false }
        let gap = range.lowerBound - last.range.upperBound
        return gap == 1 || gap == 2 && self.text[last.range.upperBound] == .fullStop
            || gap == 0 && last.isInitial
    }

    mutating func add(_ kind: PIIKind, _ range: Range<Int>, _ rule: String, _ score: Float) {
        guard score >= self.minimumScore, !range.isEmpty else { return }
        self.spans.append(PIISpan(range: range, kind: kind, rule: rule, score: min(score, 1)))
    }

    private mutating func flush() {
        guard !self.run.isEmpty else { return }
        if self.wantsPersons { self.judgeRun() }
        self.run.removeAll(keepingCapacity: true)
    }
}
