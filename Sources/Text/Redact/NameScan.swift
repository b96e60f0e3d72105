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
    private var run: [NameWord] = []
    private let roles = WordRole.slots
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
            if self.run.isEmpty, byte < 0x80, byte &- 0x41 >= 26, byte &- 0x30 >= 10 {
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
                if byte &- 0x30 < 10, self.wantsAddresses { self.scanAfterLabel(at: index) }
                // A space joins words, and so does the stop of an initial or a title.
                if byte != 0x20, !(byte == 0x2E && self.mayAbbreviate(index)) { self.flush() }
                index += 1
            }
        }
        self.flush()
        self.dropPersonsOfAddresses()
        steps += self.text.count
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
        while index > start, end - index < 3, self.text[index - 1] &- 0x61 >= 26 { index -= 1 }
        guard index > start, self.text[index - 1] &- 0x61 < 26 else { return max(start, index) }
        while index > start, self.text[index - 1] &- 0x61 < 26 { index -= 1 }
        return index
    }

    private func mayAbbreviate(_ index: Int) -> Bool {
        guard let last = self.run.last, last.range.upperBound == index else { return false }
        return last.isInitial || last.role == .title || last.role == .particle
            || last.role == .unit
    }

    private mutating func takeWord(at start: Int) -> Int {
        // After a colon an address may start small: `ul. …`, `г. …`.
        if self.wantsAddresses, start >= 2, self.text[start - 1] == 0x20,
            self.text[start - 2] == 0x3A
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
        var uses = self.names?.uses(hash: hash) ?? []
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
            if role == .street || role == .unit { self.scanAddress(around: word.range) }
            if role == .military { self.scanMilitaryAddress(word.range) }
        }
        let isPlaceholder = start > 0 && self.text[start - 1] == 0x5B
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
        guard self.text[start] &- 0x61 < 26 else { return nil }
        var end = start + 1
        while end < self.text.count, self.text[end] &- 0x61 < 26 { end += 1 }
        guard end + 1 < self.text.count, self.text[end] == 0x20, self.text[end + 1] &- 0x61 < 26
        else {
            return nil
        }
        guard let last = self.run.last else { return end }
        return last.range.upperBound + 1 < start ? end : nil
    }

    /// The end of a small word with neither a capital nor a digit beside it, which is of no address.
    private func loneSmallWordEnd(at start: Int) -> Int? {
        if start >= 2, self.text[start - 1] == 0x20 {
            let before = self.text[start - 2]
            if before &- 0x30 < 10 || before == 0x2C || before == 0x3A { return nil }
        }
        var end = start
        while end < self.text.count, self.text[end] >= 0x80 || isNameLetter(self.text[end]) {
            guard self.text[end] < 0xE2 else { return nil }
            end += 1
        }
        var next = end
        while next < self.text.count, next - end < 2,
            self.text[next] == 0x20 || self.text[next] == 0x2E
        {
            next += 1
        }
        guard next < self.text.count, end > start else { return nil }
        let byte = self.text[next]
        let isPart =
            byte &- 0x30 < 10 || byte == 0x2D || byte == 0x27
            || isNameLetter(byte) && isUpperLetter(self.text, at: next)
        return isPart ? nil : end
    }

    @inline(__always)
    func role(hash: UInt64) -> WordRole {
        self.roles.withUnsafeBufferPointer { slots in
            var index = Int(truncatingIfNeeded: hash) & WordRole.slotMask
            while slots[index].hash != 0 {
                if slots[index].hash == hash { return slots[index].role }
                index = (index + 1) & WordRole.slotMask
            }
            return .none
        }
    }

    private mutating func takeSmall(_ range: Range<Int>, hash: UInt64, role: WordRole) {
        if self.wantsAddresses, self.endsInStreet(range) || role == .street {
            self.scanAddress(around: range)
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
        if self.wantsAddresses, word.role == .none, !word.uses.contains(.word),
            self.endsInStreet(word.range)
        {
            self.scanAddress(around: word.range)
        }
        if !self.run.isEmpty, !self.isJoined(to: word.range) { self.flush() }
        if self.run.count == Self.runLimit { self.flush() }
        self.run.append(word)
    }

    /// Whether one space, or a stop and a space, parts the last word from `range`.
    private func isJoined(to range: Range<Int>) -> Bool {
        guard let last = self.run.last else { return false }
        let gap = range.lowerBound - last.range.upperBound
        return gap == 1 || gap == 2 && self.text[last.range.upperBound] == 0x2E
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

extension NameScan {
    /// Looks for persons among the words of the run.
    private mutating func judgeRun() {
        var index = 0
        while index < self.run.count {
            guard let found = self.person(at: index) else {
                index += 1
                continue
            }
            let range =
                self.run[found.words.lowerBound].range
                .lowerBound..<self.run[found.words.upperBound - 1].range.upperBound
            self.add(.person, range, found.rule, found.score)
            index = found.words.upperBound
        }
    }

    /// The person whose name starts with word `index` of the run.
    private func person(
        at index: Int
    ) -> (words: Range<Int>, rule: String, score: Float)? {
        let word = self.run[index]
        if word.role == .title { return self.titled(at: index) }
        guard self.mayBeName(word), word.role != .particle else { return nil }
        let end = self.nameEnd(from: index)
        guard !self.isOrganisation(after: end) else { return nil }
        let isAfterTrigger = self.hasTrigger(before: word.range.lowerBound)
        if end - index > 1 {
            let score = self.fullNameScore(index..<end, isAfterTrigger: isAfterTrigger)
            if score >= self.minimumScore { return (index..<end, "person.full", score) }
        }
        let isLone = end - index == 1
        guard isLone, index == 0 || self.run[index - 1].role != .none else { return nil }
        // `San Marino`
        if index > 0, self.run[index - 1].role == .particle, self.run[index - 1].isCapital {
            return nil
        }
        let score = self.singleNameScore(word, isAfterTrigger: isAfterTrigger)
        return score >= self.minimumScore ? (index..<end, "person.single", score) : nil
    }

    private func titled(at index: Int) -> (words: Range<Int>, rule: String, score: Float)? {
        var start = index + 1
        while start < self.run.count, self.run[start].role == .title { start += 1 }
        guard start < self.run.count, self.run[start].isCapital,
            self.run[start].role == .none || self.run[start].isInitial
                || self.run[start].role == .common && self.run[start].uses.contains(.last)
        else { return nil }
        let end = self.nameEnd(from: start)
        guard !self.isOrganisation(after: end),
            self.run[start..<end].contains(where: { !$0.isInitial && $0.isCapital })
        else { return nil }
        return (start..<end, "person.title", 0.85)
    }

    private func mayBeName(_ word: NameWord) -> Bool {
        guard word.isCapital else { return false }
        switch word.role {
        case .none: return true
        case .common: return !word.uses.intersection([.first, .last]).isEmpty
        default: return false
        }
    }

    /// After the last word that may belong to the name: at most five words.
    private func nameEnd(from start: Int) -> Int {
        var end = start + 1
        var last = end
        while end < self.run.count, end - start < 6 {
            let word = self.run[end]
            if word.role == .particle, !word.isCapital {
                end += 1
                continue
            }
            let isPart =
                word.isInitial
                || word.isCapital
                    && (word.role == .none || word.role == .particle
                        || word.role == .common && word.uses.contains(.last))
            guard isPart else { break }
            end += 1
            last = end
        }
        return last
    }

    private func isOrganisation(after end: Int) -> Bool {
        guard end < self.run.count else { return false }
        return self.run[end].role == .organisation || self.run[end].role == .street
    }

    private func fullNameScore(_ words: Range<Int>, isAfterTrigger: Bool) -> Float {
        let first = self.run[words.lowerBound]
        var lasts = 0
        var firsts = 0
        var unknown = 0
        var ordinary = 0
        for index in words.dropFirst() where !self.run[index].isInitial {
            let word = self.run[index]
            if word.role == .particle { continue }
            if word.uses.contains(.last) { lasts += 1 }
            if word.uses.contains(.first) { firsts += 1 }
            if word.uses.intersection([.first, .last]).isEmpty {
                if word.uses.isEmpty { unknown += 1 } else { ordinary += 1 }
            }
            if word.uses.contains(.word), !word.uses.contains(.frequent) { ordinary += 1 }
        }
        let isFirst = first.uses.contains(.first)
        let isSure =
            isFirst && (!first.uses.contains(.word) || first.uses.contains(.frequent))
            && first.role != .common
        let isPlace = first.uses.contains(.place) && !first.uses.contains(.frequent)
        var score: Float = 0
        if isSure {
            score = lasts > 0 ? 0.85 : firsts > 0 ? 0.75 : unknown > 0 ? 0.65 : 0.3
            if isPlace { score -= 0.2 }
        } else if isFirst {
            score = lasts > 0 ? 0.6 : 0.3
        } else if first.uses.contains(.last), !first.uses.contains(.word), !isPlace {
            score = firsts > 0 ? 0.6 : lasts > 0 ? 0.45 : 0.2
        } else if first.isInitial {
            score = lasts > 0 ? 0.6 : 0.3
        } else if first.uses.isEmpty, lasts + firsts > 0, ordinary == 0 {
            score = self.run[words.upperBound - 1].uses == [.last, .place] ? 0.5 : 0.4
        }
        // `Ravil G. Yefimov`: an initial between two words that are no others.
        let hasInitial = words.dropFirst().dropLast().contains { self.run[$0].isInitial }
        if hasInitial, !first.isInitial, first.role == .none, ordinary == 0,
            !first.uses.contains(.word)
        {
            score = max(score, 0.55)
        }
        if isAfterTrigger { score += lasts + firsts > 0 || isFirst ? 0.3 : 0.25 }
        if ordinary > 1 { score -= 0.2 }
        return score
    }

    private func singleNameScore(_ word: NameWord, isAfterTrigger: Bool) -> Float {
        guard word.role == .none, !word.isInitial, !word.isAllCapitals else { return 0 }
        let isName = !word.uses.intersection([.first, .last]).isEmpty
        if isAfterTrigger { return isName ? 0.7 : 0.4 }
        // Scripts without capitals have ordinary words among their names.
        guard self.text[word.range.lowerBound] < 0xD7 else { return 0 }
        guard isName, !word.uses.contains(.place) || word.uses.contains(.frequent) else { return 0 }
        let isOrdinary = word.uses.contains(.word)
        if word.uses.contains(.first) {
            if isOrdinary {
                let isStart = self.startsSentence(word.range.lowerBound)
                return word.uses.contains(.frequent) && !isStart ? 0.5 : 0.2
            }
            return word.uses.contains(.frequent) || self.isAddressed(word.range) ? 0.6 : 0.45
        }
        if isOrdinary { return 0.1 }
        return word.uses.contains(.frequent) ? 0.5 : 0.4
    }

    /// Whether nothing, or the end of another sentence, is before `start`.
    private func startsSentence(_ start: Int) -> Bool {
        guard start >= 2, self.text[start - 1] == 0x20 else { return start == 0 }
        return [0x2E, 0x21, 0x3F].contains(self.text[start - 2])
    }

    /// Whether the word is followed as names are: `Leif, can …`, `Ubul: …`, `Asya's`.
    private func isAddressed(_ range: Range<Int>) -> Bool {
        let end = range.upperBound
        guard end + 1 < self.text.count else { return false }
        if self.text[end] == 0x27 { return self.text[end + 1] | 0x20 == 0x73 }
        let isFirst =
            range.lowerBound == 0 || [0x0A, 0x22, 0x3E].contains(self.text[range.lowerBound - 1])
        return isFirst && (self.text[end] == 0x2C || self.text[end] == 0x3A)
            && self.text[end + 1] == 0x20
    }

    /// Whether words just before say that a person's name comes.
    private func hasTrigger(before start: Int) -> Bool {
        var end = start
        while end > 0, end > start - 4, [0x20, 0x3A, 0x3E, 0x09].contains(self.text[end - 1]) {
            end -= 1
        }
        guard end > 0 else { return false }
        return PhraseEnds.persons.match(self.text, before: end)
    }
}
