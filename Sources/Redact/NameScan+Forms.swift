#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Forms in which names stand: other cases, lower case, Pinyin.
extension NameScan {
    /// What the table, or the names it lacks, say of a word.
    @inline(__always)
    func uses(hash: UInt64) -> NameTable.Use {
        let uses = self.names?.uses(hash: hash) ?? []
        return uses.isEmpty && self.names != nil ? CommonNames.uses(hash: hash) : uses
    }

    /// The uses of a Russian or Ukrainian name whose ending is that of another case: `Ивану Петрову`.
    @inline(never)
    func usesOfCase(_ range: Range<Int>) -> NameTable.Use {
        guard range.count <= 48, range.count >= 6 else { return [] }
        var word: [UInt8] = []
        word.reserveCapacity(range.count)
        var index = range.lowerBound
        while index + 1 < range.upperBound {
            let (first, second) = loweredPair(self.text[index], self.text[index + 1])
            word.append(first)
            word.append(second)
            index += 2
        }
        for (ending, nominative) in caseEndings where word.count >= ending.count + 4 {
            guard word.suffix(ending.count).elementsEqual(ending) else { continue }
            let uses = self.uses(hash: NameTable.hash(word.dropLast(ending.count) + nominative))
            if !uses.isDisjoint(with: [.first, .last]) { return uses }
        }
        return []
    }

    /// Names in lower case, in lines of small ASCII letters alone.
    @inline(never)
    mutating func scanSmallTriggers() {
        guard let base = self.text.baseAddress else { return }
        var line = 0
        while line < self.text.count {
            var end = line
            while end < self.text.count, self.text[end] != .lineFeed, self.text[end] < 0x80,
                !self.text[end].isCapitalLetter
            {
                end += 1
            }
            if end == self.text.count || self.text[end] == .lineFeed {
                self.scanSmallLine(line..<end)
            } else if let next = memchr(base + end, Int32(UInt8.lineFeed), self.text.count - end) {
                end = UnsafeRawPointer(next) - UnsafeRawPointer(base)
            } else {
                return
            }
            line = end + 1
        }
    }

    private mutating func scanSmallLine(_ line: Range<Int>) {
        for start in line where smallTriggerStarts[Int(self.text[start])] {
            guard start == line.lowerBound || self.text[start - 1] <= .space else { continue }
            var end = start
            while end < line.upperBound, end - start <= 10, self.text[end].isSmallLetter {
                end += 1
            }
            let next = end < line.upperBound && self.text[end] == .colon ? end + 1 : end
            if next < line.upperBound, self.text[next] == .space {
                self.scanSmallNames(after: start..<end, at: next + 1)
            }
        }
    }

    /// Two names in lower case after a word that announces them: `contact mary johnson`.
    private mutating func scanSmallNames(after trigger: Range<Int>, at start: Int) {
        guard smallTriggers.contains(nameWord(self.text, at: trigger.lowerBound).hash) else {
            return
        }
        guard start < self.text.count else { return }
        let first = nameWord(self.text, at: start)
        guard first.end + 1 < self.text.count, self.text[first.end] == .space,
            isNameLetter(self.text[first.end + 1])
        else { return }
        let last = nameWord(self.text, at: first.end + 1)
        let firstUses = self.uses(hash: first.hash)
        let lastUses = self.uses(hash: last.hash)
        guard firstUses.contains(.first),
            !firstUses.contains(.word) || firstUses.contains(.frequent),
            lastUses.contains(.last), !lastUses.contains(.word) || lastUses.contains(.frequent),
            self.role(hash: first.hash) == .none, self.role(hash: last.hash) == .none
        else { return }
        self.add(.person, start..<last.end, "person.small", PersonScores.small)
    }
}

/// The bytes that words of ``smallTriggers`` start with.
private let smallTriggerStarts: [Bool] = (0..<256).map { "cndaepfbmh".utf8.contains(UInt8($0)) }

/// Endings of names in Russian and Ukrainian, and what stands for them in the nominative.
private let caseEndings: [(ending: [UInt8], nominative: [UInt8])] = [
    ("ому", "ий"), ("ого", "ий"), ("ой", "а"), ("ей", "я"), ("ом", ""), ("ым", ""), ("ем", "й"),
    ("им", "ий"),
    ("у", ""), ("у", "а"), ("а", ""), ("е", ""), ("е", "а"), ("ы", "а"), ("ю", "й"), ("ю", "я"),
    ("я", "й"),
    ("и", "я"), ("и", "а"), ("ові", ""), ("і", "а"),
].map { (Array($0.utf8), Array($1.utf8)) }

/// Whether the word reads as two or three syllables of Pinyin, one of which few other languages have.
func readsAsPinyin(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard (4...12).contains(range.count) else { return false }
    var syllables = 0
    var isMarked = false
    var index = range.lowerBound
    func letter(_ place: Int) -> UInt8 { place < range.upperBound ? text[place] | 0x20 : 0 }
    func isVowel(_ byte: UInt8) -> Bool { "aeiou".utf8.contains(byte) }
    while index < range.upperBound {
        let first = letter(index)
        if !isVowel(first) {
            guard "bpmfdtnlgkhjqxzcsryw".utf8.contains(first) else { return false }
            if first == UInt8(ascii: "x") || first == UInt8(ascii: "q") { isMarked = true }
            index += 1
            if "zcs".utf8.contains(first), letter(index) == UInt8(ascii: "h") {
                if first == UInt8(ascii: "z") { isMarked = true }
                index += 1
            }
        }
        let vowels = index
        while isVowel(letter(index)), index - vowels < 3 { index += 1 }
        guard index > vowels else { return false }
        if index - vowels > 1 { isMarked = true }
        if letter(index) == UInt8(ascii: "n"), !isVowel(letter(index + 1)) {
            index += 1
            if letter(index) == UInt8(ascii: "g"), !isVowel(letter(index + 1)) {
                index += 1
                isMarked = true
            }
        }
        syllables += 1
    }
    return (2...3).contains(syllables) && isMarked
}
