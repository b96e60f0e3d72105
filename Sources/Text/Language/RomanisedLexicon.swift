/// The words of ``romanisedWords`` with the languages that have them.
struct RomanisedLexicon: Sendable {
    /// Sets of places in ``languages``.
    struct Uses: Sendable {
        /// Languages whose own word it is.
        var own: UInt16 = 0
        /// Languages that have it beside others of the Latin script.
        var shared: UInt16 = 0
    }

    private struct Entry: Sendable {
        var hash: UInt64 = 0
        var uses = Uses()
        var isEmpty: Bool { self.uses.own | self.uses.shared == 0 }
    }

    private(set) var languages: [String] = []
    private var endings: [(bytes: [UInt8], place: Int)] = []
    private var table: [Entry]
    private let mask: Int

    static let known = RomanisedLexicon(romanisedWords)

    init(_ lines: String) {
        let words = lines.split(whereSeparator: \.isWhitespace)
        var capacity = 64
        while capacity < words.count * 4 { capacity *= 2 }
        self.mask = capacity - 1
        self.table = [Entry](repeating: Entry(), count: capacity)
        var place = 0
        var mark: Character = ":"
        for word in words {
            if let last = word.last, ":?~".contains(last) {
                mark = last
                place = self.place(of: String(word.dropLast()))
            } else if mark == "~" {
                self.endings.append((Array(word.utf8), place))
            } else {
                self.insert(word, place, isOwn: mark == ":")
            }
        }
    }

    private mutating func place(of language: String) -> Int {
        if let known = self.languages.firstIndex(of: language) { return known }
        self.languages.append(language)
        return self.languages.count - 1
    }

    private mutating func insert(_ word: Substring, _ place: Int, isOwn: Bool) {
        var state = WordHash()
        for byte in word.utf8 { state.add(byte) }
        let hash = state.value(group: 0)
        var index = Int(truncatingIfNeeded: hash) & self.mask
        while !self.table[index].isEmpty, self.table[index].hash != hash {
            index = (index + 1) & self.mask
        }
        self.table[index].hash = hash
        if isOwn {
            self.table[index].uses.own |= 1 << UInt16(place)
        } else {
            self.table[index].uses.shared |= 1 << UInt16(place)
        }
    }

    func uses(_ word: LatinWord) -> Uses {
        guard !word.isOther else { return Uses() }
        let hash = word.hash
        var index = Int(truncatingIfNeeded: hash) & self.mask
        while !self.table[index].isEmpty {
            if self.table[index].hash == hash { return self.table[index].uses }
            index = (index + 1) & self.mask
        }
        guard let ending = self.endings.first(where: { word.hasSuffix($0.bytes) }) else {
            return Uses()
        }
        return Uses(own: 1 << UInt16(ending.place))
    }
}

/// The syllables of Pinyin, and whether a word is made of them alone.
///
/// - Source: Scheme for the Chinese Phonetic Alphabet (ISO 7098): initials and the finals each takes.
enum Pinyin {
    /// nil for a word that does not read as Pinyin; else whether it has letters that few words of other
    /// languages have.
    static func reads(_ word: LatinWord) -> Bool? {
        guard !word.isOther, word.count > 0, word.count <= LatinWord.limit else { return nil }
        // Bit n: the first n letters are whole syllables.
        var ends: UInt32 = 1
        for start in 0..<word.count where ends >> UInt32(start) & 1 == 1 {
            var packed: UInt64 = 0
            for length in 1...6 where start + length <= word.count {
                packed = packed << 8 | UInt64(word.bytes[start + length - 1])
                if self.syllables.contains(packed) { ends |= 1 << UInt32(start + length) }
            }
        }
        // A last `r` may be that of Beijing's endings: `nar`, `wanr`.
        let hasEnding =
            (3...4).contains(word.count) && word.bytes[word.count - 1] == UInt8(ascii: "r")
            && ends >> UInt32(word.count - 1) & 1 == 1
        guard ends >> UInt32(word.count) & 1 == 1 || hasEnding else { return nil }
        return self.isMarked(word)
    }

    private static func isMarked(_ word: LatinWord) -> Bool {
        if self.commonWords.contains(self.packed(word)) { return true }
        for index in 0..<word.count {
            let byte = word.bytes[index]
            if byte == UInt8(ascii: "x") || byte == UInt8(ascii: "q") { return true }
            if index > 0, word.bytes[index - 1] == UInt8(ascii: "z"), byte == UInt8(ascii: "h") {
                return true
            }
        }
        return self.rareEndings.contains { word.count > $0.count && word.ends(in: $0) }
    }

    private static func packed(_ word: LatinWord) -> UInt64 {
        guard word.count <= 8 else { return 0 }
        var packed: UInt64 = 0
        for index in 0..<word.count { packed = packed << 8 | UInt64(word.bytes[index]) }
        return packed
    }

    private static func packed(_ text: some StringProtocol) -> UInt64 {
        text.utf8.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static let rareEndings: [[UInt8]] =
        "ang ong ian iao uo uan eng ing ua ui ie iu".split(separator: " ").map { Array($0.utf8) }
    private static let commonWords = Set(
        "wo ni shi hen hui yao jia bu de le zai women nimen tamen hao dou jiu kai qing yi ba ma zhe"
            .split(separator: " ").map { packed($0) }
    )

    private static let syllables: Set<UInt64> = {
        var syllables = Set<UInt64>()
        for line in finalsByInitial.split(separator: "\n") {
            let parts = line.split(separator: " ")
            let initials = parts[0] == "-" ? [""] : parts[0].split(separator: "/")
            for initial in initials {
                for final in parts.dropFirst() { syllables.insert(packed(initial + final)) }
            }
        }
        return syllables
    }()

    private static let finalsByInitial = """
        - a o e ai ei ao ou an en ang er
        b a o ai ei ao an en ang eng i ie iao ian in ing u
        p a o ai ei ao ou an en ang eng i ie iao ian in ing u
        m a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u
        f a o ei ou an en ang eng u
        d a e ai ei ao ou an en ang eng i ie iao iu ian ing u uo ui uan un ong
        t a e ai ei ao ou an ang eng i ie iao ian ing u uo ui uan un ong
        n a e ai ei ao ou an en ang eng i ie iao iu ian in iang ing u uo uan ong v ue
        l a e ai ei ao ou an ang eng i ia ie iao iu ian in iang ing u uo uan un ong v ue
        g/k/h a e ai ei ao ou an en ang eng u ua uo uai ui uan un uang ong
        j/q/x i ia ie iao iu ian in iang ing iong u ue uan un
        zh/ch a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang ong
        sh a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang
        r e i ao ou an en ang eng u ua uo ui uan un ong
        z/c/s a e i ai ei ao ou an en ang eng u uo ui uan un ong
        y a o e ai ao ou an ang i in ing u ue uan un ong
        w a o ai ei an en ang eng u
        """
}

extension LatinWord {
    fileprivate func ends(in suffix: [UInt8]) -> Bool {
        guard self.count >= suffix.count, self.count <= Self.limit else { return false }
        for index in suffix.indices
        where self.bytes[self.count - suffix.count + index] != suffix[index] {
            return false
        }
        return true
    }
}
