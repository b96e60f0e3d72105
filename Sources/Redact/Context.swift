internal import CKernels

/// What a word near a candidate speaks of.
enum ContextTopic: UInt8, CaseIterable {
    case phone
    case card
    case identity
    /// `id`, which most things have.
    case identifier
    case socialSecurity
    case network
    case version
    case birth
    case passport
    /// Numbers that are none of the kinds: orders, pages, products, laws.
    case otherNumber
    case routing
    case account
    case licence
    case vehicle
    case device
    case health
    case tax
    case place
    /// The native name of a national number or of another number that is given to people.
    case label
}

/// How near the last word of each topic is; the words of a placeholder do not count.
struct Context {
    /// A byte for each topic, 255 for none: the reach is shorter than that.
    private var distances = SIMD32<UInt8>(repeating: .max)
    /// The schemes whose labels are in reach.
    private(set) var schemes = SchemeSet()
    /// Those whose labels are so near that nothing but `number`, `no.` or a colon fits between.
    private(set) var nearSchemes = SchemeSet()

    /// Bytes from a label to a value without a check digit.
    static let labelReach = 24

    /// Bytes from the end of the nearest word of `topic` to the candidate.
    subscript(topic: ContextTopic) -> Int {
        Int(self.distances[Int(topic.rawValue)])
    }

    mutating func note(_ topic: ContextTopic, distance: Int) {
        let old = self.distances[Int(topic.rawValue)]
        self.distances[Int(topic.rawValue)] = min(old, UInt8(clamping: distance))
    }

    mutating func note(_ schemes: SchemeSet, distance: Int) {
        self.schemes.formUnion(schemes)
        if distance <= Self.labelReach { self.nearSchemes.formUnion(schemes) }
    }

    /// Takes over what the head of a column says: it is as near as a label can be.
    mutating func note(_ head: Context) {
        for topic in ContextTopic.allCases where head.isNear(topic) {
            self.note(topic, distance: 1)
        }
        self.note(head.schemes, distance: 1)
    }

    /// Whether any word was found.
    var isEmpty: Bool {
        self.distances == SIMD32<UInt8>(repeating: .max)
    }

    func isNear(_ topic: ContextTopic) -> Bool { self.distances[Int(topic.rawValue)] != .max }

    func isNearer(_ topic: ContextTopic, than other: ContextTopic) -> Bool {
        self[topic] < self[other]
    }
}

/// A set of places in ``IdentityScheme/all``.
struct SchemeSet: Hashable, Sendable {
    private var bits = SIMD4<UInt64>(repeating: 0)

    static let capacity = 256

    var isEmpty: Bool { self.bits == SIMD4<UInt64>(repeating: 0) }

    mutating func insert(_ index: Int) { self.bits[index / 64] |= 1 << UInt64(index % 64) }

    func contains(_ index: Int) -> Bool { self.bits[index / 64] >> UInt64(index % 64) & 1 == 1 }

    mutating func formUnion(_ other: SchemeSet) { self.bits |= other.bits }

    /// The members, ascending.
    func forEachWhile(_ body: (Int) -> Bool) {
        for word in 0..<4 {
            var rest = self.bits[word]
            while rest != 0 {
                if !body(word * 64 + rest.trailingZeroBitCount) { return }
                rest &= rest - 1
            }
        }
    }
}

extension ScanPass {
    /// Bytes before a candidate in which words count.
    static let contextReach = 56
}

extension Context {
    /// The topics of the words that start in `range`, at most 64 bytes, and end in it.
    init(
        _ text: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        candidate: Int,
        words: borrowing ContextWord.Table = ContextWord.table
    ) {
        guard let base = text.baseAddress, range.count > 1 else { return }
        var starts = ck_word_starts(base, range.lowerBound, range.count - 1)
        while starts != 0 {
            let index = range.lowerBound + starts.trailingZeroBitCount
            starts &= starts - 1
            self.note(text, wordAt: index, limit: range.upperBound, candidate, words)
            // `\tDOB` in a string
            if index > 0, text[index - 1] == 0x5C, [0x6E, 0x72, 0x74].contains(text[index]),
                index + 2 < range.upperBound
            {
                self.note(text, wordAt: index + 1, limit: range.upperBound, candidate, words)
            }
        }
    }

    /// Notes the words of the table that start at `index`.
    @inline(__always)
    private mutating func note(
        _ text: UnsafeBufferPointer<UInt8>,
        wordAt index: Int,
        limit: Int,
        _ candidate: Int,
        _ words: borrowing ContextWord.Table
    ) {
        let third = index + 2 < limit ? text[index + 2] : 0
        guard words.mayStart(text[index], text[index + 1], third) else { return }
        let pair = Int(lowered(text[index])) << 8 | Int(lowered(text[index + 1]))
        let bucket = words.buckets[pair]
        guard bucket != 0 else { return }
        for place in words.bounds[Int(bucket) - 1]..<words.bounds[Int(bucket)] {
            let word = words.words[Int(place)]
            guard let end = words.end(of: word, at: index, limit: limit, in: text) else {
                continue
            }
            let distance = abs(candidate - end)
            // `ID` in capitals is a person's more often than not.
            let isPersonal = word.topic == .identifier && text[index + 1] != 0x64
            self.note(isPersonal ? .identity : word.topic, distance: distance)
            if word.topic == .identifier { self.note(.identity, distance: distance) }
            if word.topic == .label {
                self.note(words.schemes[Int(word.schemes)], distance: distance)
            }
        }
    }
}

@inline(__always)
private func lowered(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}
