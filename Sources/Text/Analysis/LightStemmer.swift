internal import Bytes

/// Takes the inflections off the words of one language, so that a word is found in whatever number, gender or
/// case it stands.
///
/// What is left is a key, not a word. Derived words stay apart from those that they come from: in a
/// ranking that costs little and does no harm.
///
/// - Source: the idea and the reach of the rules are those of Savoy, Light stemming approaches for
///   the French, Portuguese, German and Hungarian languages (SAC 2006); the endings are ours, in
///   `LightStemmer+Languages.swift`.
package struct LightStemmer: Sendable {
    /// The language by ISO 639-1.
    package let language: String
    /// What stands before each of its stems, so that words of two languages never meet: `de:`.
    package let prefix: [UInt8]
    private let passes: [Pass]

    init(language: String, rules: String) {
        self.language = language
        self.prefix = Array("\(language):".utf8)
        // By bytes: a vowel sign after a blank is one character with it.
        self.passes = rules.utf8.split(separator: UInt8(ascii: "\n")).map { Pass(Array($0)) }
    }

    /// Replaces a word by its prefix and stem; gives their byte count.
    ///
    /// - Parameter bytes: A word as ``TermAnalyzer`` has it before stems, lower-cased and folded, with room for
    ///   the prefix behind it.
    func name(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        var range = 0..<count
        for pass in self.passes { pass.apply(bytes, &range) }
        let target = bytes + self.prefix.count
        target.update(from: bytes + range.lowerBound, count: range.count)
        bytes.update(from: self.prefix, count: self.prefix.count)
        return self.prefix.count + range.count
    }
}

/// Rules of which a word meets one at most: the longest that leaves enough letters.
private struct Pass: Sendable {
    struct Rule: Sendable {
        let part: [UInt8]
        /// Not longer than the part.
        let replacement: [UInt8]
        let lettersLeft: Int
    }

    /// By the last byte, longest first.
    private var endings = [[Rule]](repeating: [], count: 256)
    /// Longest first.
    private var beginnings: [Rule] = []

    /// - Parameter text: Groups that `;` parts: how many letters are left at least, a colon, and the endings, each with `>` and
    ///   what it becomes where that is something. `^` marks what is taken off the front.
    init(_ text: [UInt8]) {
        for group in text.split(separator: UInt8(ascii: ";")) {
            let words = group.split(separator: UInt8(ascii: " "))
            guard let least = words.first?.first?.asciiDigitValue else {
                preconditionFailure("a group of endings begins with a number of letters")
            }
            for word in words.dropFirst() { self.add(word, leaving: least) }
        }
        for index in self.endings.indices { self.endings[index].sort(by: Self.isLonger) }
        self.beginnings.sort(by: Self.isLonger)
    }

    private static func isLonger(_ left: Rule, _ right: Rule) -> Bool {
        left.part.count > right.part.count
    }

    private mutating func add(_ word: ArraySlice<UInt8>, leaving letters: Int) {
        let isBeginning = word.first == UInt8(ascii: "^")
        let sides = word.dropFirst(isBeginning ? 1 : 0).split(separator: UInt8(ascii: ">"))
        let rule = Rule(
            part: Array(sides[0]),
            replacement: sides.count > 1 ? Array(sides[1]) : [],
            lettersLeft: letters
        )
        guard let last = rule.part.last, rule.replacement.count <= rule.part.count else {
            preconditionFailure("an ending is replaced by what is longer")
        }
        if isBeginning {
            self.beginnings.append(rule)
        } else {
            self.endings[Int(last)].append(rule)
        }
    }

    func apply(_ bytes: UnsafeMutablePointer<UInt8>, _ range: inout Range<Int>) {
        let word = UnsafeBufferPointer(start: bytes, count: range.upperBound)[range]
        guard let last = word.last else { return }
        for rule in self.endings[Int(last)]
        where word.suffix(rule.part.count).elementsEqual(rule.part) {
            let stem = word.dropLast(rule.part.count)
            guard letterCount(stem) >= rule.lettersLeft else { continue }
            let end = stem.endIndex
            for (index, byte) in rule.replacement.enumerated() { bytes[end + index] = byte }
            range = range.lowerBound..<end + rule.replacement.count
            return
        }
        for rule in self.beginnings where word.starts(with: rule.part) {
            let stem = word.dropFirst(rule.part.count)
            guard letterCount(stem) >= rule.lettersLeft else { continue }
            range = stem.startIndex..<range.upperBound
            return
        }
    }
}

/// How many scalars a piece of UTF-8 has.
private func letterCount(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    bytes.count { $0 & 0xC0 != 0x80 }
}
