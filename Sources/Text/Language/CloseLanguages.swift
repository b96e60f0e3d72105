/// Groups of languages that models take for one another, told apart by frequent words.
///
/// A word speaks for the languages of a group that have it and against the others.
struct CloseLanguages: Sendable {
    /// A language's place in one group.
    private struct Membership {
        var group: UInt16
        var bit: UInt16
    }

    private struct Entry {
        var hash: UInt64 = 0
        /// The languages of the group that have the word; 0 for an empty entry.
        var members: UInt16 = 0
    }

    /// More words than this say no more.
    private static let evidenceLimit = 4

    private var memberships: [String: [Membership]] = [:]
    private var table: [Entry]
    private let mask: Int

    static let known = CloseLanguages(closeLanguageWords)

    /// - Input: a line `hr bs sr` begins a group, `= hr bs: …` words that only those of it have;
    ///   lines without either go on with the line before.
    init(_ lines: String) {
        var words: [(word: Substring, group: UInt16, members: UInt16)] = []
        var group: UInt16 = 0
        var languages: [Substring] = []
        var members: UInt16 = 0
        for line in lines.split(separator: "\n") {
            var list = line[...]
            if line.hasPrefix("= ") {
                let names = line.dropFirst(2).prefix { $0 != ":" }.split(separator: " ")
                members = names.reduce(0) { mask, name in
                    languages.firstIndex(of: name).map { mask | 1 << UInt16($0) } ?? mask
                }
                list = line.drop { $0 != ":" }.dropFirst()
            } else if !line.hasPrefix(" ") {
                group += 1
                languages = line.split(separator: " ")
                for (place, language) in languages.enumerated() {
                    self.memberships[String(language), default: []].append(
                        Membership(group: group, bit: 1 << UInt16(place))
                    )
                }
                continue
            }
            words += list.split(separator: " ").map { ($0, group, members) }
        }
        var capacity = 64
        while capacity < words.count * 4 { capacity *= 2 }
        self.mask = capacity - 1
        self.table = [Entry](repeating: Entry(), count: capacity)
        for (word, group, members) in words {
            var hash = WordHash()
            for byte in word.utf8 { hash.add(byte) }
            self.insert(hash.value(group: group), members)
        }
    }

    private mutating func insert(_ hash: UInt64, _ members: UInt16) {
        var index = Int(truncatingIfNeeded: hash) & self.mask
        while self.table[index].members != 0, self.table[index].hash != hash {
            index = (index + 1) & self.mask
        }
        self.table[index] = Entry(hash: hash, members: members)
    }

    private func members(_ hash: UInt64) -> UInt16 {
        var index = Int(truncatingIfNeeded: hash) & self.mask
        while self.table[index].members != 0 {
            if self.table[index].hash == hash { return self.table[index].members }
            index = (index + 1) & self.mask
        }
        return 0
    }

    /// Whether the two are in one group.
    func areClose(_ one: String, _ other: String) -> Bool {
        guard let first = self.memberships[one], let second = self.memberships[other] else {
            return false
        }
        return first.contains { member in second.contains { $0.group == member.group } }
    }

    /// For each of `languages`, how many words of `text` speak for it less how many speak against it,
    /// within ±4; 0 where no other language of a group is among them.
    ///
    /// - Complexity: O(n), and O(1) when no two of `languages` are in one group.
    func evidence(_ text: UnsafeBufferPointer<UInt8>, for languages: [String]) -> [Int] {
        var evidence = [Int](repeating: 0, count: languages.count)
        let places = languages.map { self.memberships[$0] ?? [] }
        let groups = places.joined().map(\.group)
        for group in Set(groups).sorted() where groups.count(where: { $0 == group }) > 1 {
            let bits = places.map { $0.first { $0.group == group }?.bit ?? 0 }
            var sums = [Int](repeating: 0, count: languages.count)
            forEachWord(text) { word in
                let members = self.members(word.value(group: group))
                guard members != 0 else { return }
                for index in bits.indices where bits[index] != 0 {
                    sums[index] += bits[index] & members != 0 ? 1 : -1
                }
            }
            for index in bits.indices where bits[index] != 0 {
                let limit = Self.evidenceLimit
                evidence[index] = min(max(sums[index], -limit), limit)
            }
        }
        return evidence
    }
}

/// FNV-1a over the lower-case letters of a word.
struct WordHash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        self.state = (self.state ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    @inline(__always)
    func value(group: UInt16) -> UInt64 {
        let mixed = (self.state ^ UInt64(group)) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ mixed >> 32
    }
}

/// Calls `body` with the hash of each run of letters, in lower case.
@inline(__always)
func forEachWord(_ text: UnsafeBufferPointer<UInt8>, _ body: (WordHash) -> Void) {
    var index = 0
    while index < text.count {
        guard isLetter(text, index) else {
            index += text[index] < 0x80 ? 1 : 3
            continue
        }
        var hash = WordHash()
        while index < text.count, isLetter(text, index) {
            let byte = text[index]
            if byte < 0x80 {
                hash.add(byte | 0x20)
                index += 1
            } else if byte < 0xE0, index + 1 < text.count {
                let (first, second) = lowered(byte, text[index + 1])
                hash.add(first)
                hash.add(second)
                index += 2
            } else {
                hash.add(byte)
                index += 1
            }
        }
        body(hash)
    }
}

/// Whether a letter, or the rest of one, is at `index`; punctuation of three bytes is none.
@inline(__always)
private func isLetter(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    let byte = text[index]
    if byte < 0x80 { return (byte | 0x20) &- 0x61 < 26 }
    guard index + 1 < text.count else { return true }
    // U+2000 to U+207F and U+3000 to U+303F; the danda U+0964.
    if byte == 0xE2 || byte == 0xE3 { return text[index + 1] > 0x81 }
    if byte == 0xE0, text[index + 1] == 0xA5, index + 2 < text.count {
        return text[index + 2] & 0xFE != 0xA4
    }
    return true
}

/// The lower case of a letter of two bytes in Latin-1, Latin Extended-A and Cyrillic.
@inline(__always)
private func lowered(_ first: UInt8, _ second: UInt8) -> (UInt8, UInt8) {
    switch (first, second) {
    case (0xC3, 0x80...0x9E): (first, second + 0x20)
    case (0xC4, 0x80...0xB7), (0xC5, 0x8A...0xB7): (first, second | 1)
    case (0xC4, 0xB9...0xBE), (0xC5, 0x81...0x88), (0xC5, 0xB9...0xBE):
        second & 1 == 1 ? (first, second + 1) : (first, second)
    case (0xD0, 0x80...0x8F): (0xD1, second + 0x10)
    case (0xD0, 0x90...0x9F): (first, second + 0x20)
    case (0xD0, 0xA0...0xAF): (0xD1, second - 0x20)
    default: (first, second)
    }
}
