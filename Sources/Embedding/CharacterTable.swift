internal import CICU

/// What BERT's normaliser makes of each code point, computed when one of its kind is first met.
///
/// One look-up answers four steps of the normaliser (clean text, space out CJK, strip accents after
/// canonical decomposition, lowercase) and the split of the pre-tokeniser that follows it.
///
/// - Source: google-research/bert `tokenization.py`, as the Hugging Face tokenizers 0.23 implement
///   it: general categories and decompositions as of Unicode 8.0, lower case current.
struct CharacterTable: Sendable {
    /// A code point's entry: class in the low bits, then what it becomes.
    struct Entry: Equatable {
        enum Class: UInt32 {
            /// Dropped, as if it had not been there.
            case removed
            /// A dropped accent: its bytes belong to the character before.
            case mark
            case space
            /// A word on its own.
            case isolated
            case word
        }

        var rawValue: UInt32

        static let classMask: UInt32 = 7
        /// The output is the code point itself.
        static let same: UInt32 = 8
        /// The payload is an index into `expansions`, not a scalar.
        static let expands: UInt32 = 16
        static let payloadShift: UInt32 = 8

        var kind: Class { Class(rawValue: self.rawValue & Self.classMask) ?? .removed }
        var isSame: Bool { self.rawValue & Self.same != 0 }
        var isExpanded: Bool { self.rawValue & Self.expands != 0 }
        var payload: UInt32 { self.rawValue >> Self.payloadShift }
    }

    static let shared = CharacterTable(casing: .uncased)

    /// Nil where the shared tiers serve, which are computed when first met.
    private let own: (alphabets: CharacterTier, rest: CharacterTier)?

    /// Most queries have no other: the rest would take longer to compute than to search.
    private let latin: CharacterTier

    init(casing: WordPieceCasing) {
        self.latin = CharacterTier(0..<0x280, casing)
        self.own =
            casing == .uncased
            ? nil
            : (CharacterTier(0x280..<0x3000, casing), CharacterTier(0x3000..<0x110000, casing))
    }

    /// The entry of `codePoint`, which is at most 0x10FFFF.
    @inline(__always)
    func entry(_ codePoint: UInt32) -> Entry {
        if codePoint < 0x280 { return self.latin.entry(codePoint) }
        return self.tier(of: codePoint).entry(codePoint)
    }

    /// The scalars that a code point with an expanded entry becomes.
    func expansion(of codePoint: UInt32, _ entry: Entry) -> ArraySlice<UInt32> {
        if codePoint < 0x280 { return self.latin.expansion(of: entry) }
        return self.tier(of: codePoint).expansion(of: entry)
    }

    /// Of code points beyond the first tier.
    private func tier(of codePoint: UInt32) -> CharacterTier {
        if codePoint < 0x3000 { return self.own?.alphabets ?? CharacterTier.alphabets }
        return self.own?.rest ?? CharacterTier.rest
    }

    /// What `codePoint` becomes; empty for characters that are dropped and for white space.
    func output(_ codePoint: UInt32) -> [UInt32] {
        let entry = self.entry(codePoint)
        guard entry.kind == .isolated || entry.kind == .word else { return [] }
        if entry.isSame { return [codePoint] }
        guard entry.isExpanded else { return [entry.payload] }
        return Array(self.expansion(of: codePoint, entry))
    }
}

/// The entries of a range of code points.
struct CharacterTier: Sendable {
    typealias Entry = CharacterTable.Entry

    static let alphabets = CharacterTier(0x280..<0x3000, .uncased)
    static let rest = CharacterTier(0x3000..<0x110000, .uncased)

    private static let pageBits: UInt32 = 7
    private static let pageSize = 1 << Int(Self.pageBits)

    private let first: UInt32
    private let casing: WordPieceCasing
    /// Page number of each run of 128 code points; pages of one class are stored once.
    private var pageOfBlock: [UInt16] = []
    private var entries: [UInt32] = []
    /// Outputs of more than one scalar: a count, then the scalars.
    private var expansions: [UInt32] = []

    @inline(__always)
    func entry(_ codePoint: UInt32) -> Entry {
        let page = Int(self.pageOfBlock[Int((codePoint - self.first) >> Self.pageBits)])
        let offset = Int(codePoint) & (Self.pageSize - 1)
        return Entry(rawValue: self.entries[page << Int(Self.pageBits) | offset])
    }

    func expansion(of entry: Entry) -> ArraySlice<UInt32> {
        let start = Int(entry.payload)
        return self.expansions[start + 1..<start + 1 + Int(self.expansions[start])]
    }

    /// - Precondition: `range` starts and ends with a page.
    init(_ range: Range<UInt32>, _ casing: WordPieceCasing) {
        self.first = range.lowerBound
        self.casing = casing
        var pageOfClass: [Entry.Class: UInt16] = [:]
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.pageSize) {
            let page = UInt16(self.entries.count / Self.pageSize)
            if let kind = Self.onlyClass(first) {
                self.pageOfBlock.append(pageOfClass[kind, default: page])
                if pageOfClass[kind] != nil { continue }
                pageOfClass[kind] = page
            } else {
                self.pageOfBlock.append(page)
            }
            for codePoint in first..<first + UInt32(Self.pageSize) {
                self.entries.append(self.makeEntry(codePoint).rawValue)
            }
        }
    }

    /// The class of all characters of the page at `first`, if it lies in a range of one class.
    private static func onlyClass(_ first: UInt32) -> Entry.Class? {
        // No range of one class is shorter than a page, so its two ends stand for all.
        let kind = CharacterClass.whollyKnown(first)
        return kind == CharacterClass.whollyKnown(first + UInt32(self.pageSize) - 1) ? kind : nil
    }

    private mutating func makeEntry(_ codePoint: UInt32) -> Entry {
        if let kind = CharacterClass.whollyKnown(codePoint) {
            return Entry(rawValue: kind.rawValue | Entry.same)
        }
        guard let scalar = Unicode.Scalar(codePoint) else {
            return Entry(rawValue: Entry.Class.removed.rawValue)
        }
        let character = CharacterClass(scalar)
        if character.isRemoved { return Entry(rawValue: Entry.Class.removed.rawValue) }
        if character.isSpace { return Entry(rawValue: Entry.Class.space.rawValue) }

        let output = self.casing.output(of: character)
        guard let first = output.first else { return Entry(rawValue: Entry.Class.mark.rawValue) }
        let isAlone =
            CharacterClass.isSpacedIdeograph(codePoint)
            || output.count == 1 && CharacterClass(first).isPunctuation
        let kind = isAlone ? Entry.Class.isolated : .word
        if output.count == 1 {
            if first == scalar { return Entry(rawValue: kind.rawValue | Entry.same) }
            return Entry(rawValue: kind.rawValue | first.value << Entry.payloadShift)
        }
        let start = UInt32(self.expansions.count)
        self.expansions.append(UInt32(output.count))
        self.expansions.append(contentsOf: output.map(\.value))
        return Entry(rawValue: kind.rawValue | Entry.expands | start << Entry.payloadShift)
    }
}

extension WordPieceCasing {
    fileprivate func output(of character: CharacterClass) -> [Unicode.Scalar] {
        guard self.stripsAccents else { return self.cased(character) }
        let parts = decomposed(character)
        if parts.isEmpty { return character.isNonspacingMark ? [] : self.cased(character) }
        return parts.map(CharacterClass.init).filter { !$0.isNonspacingMark }.flatMap(self.cased)
    }

    private func cased(_ character: CharacterClass) -> [Unicode.Scalar] {
        self.lowercases ? character.lowercased : [character.scalar]
    }
}

/// The canonical decomposition, empty when there is none.
private func decomposed(_ character: CharacterClass) -> [Unicode.Scalar] {
    guard character.isAssigned else { return [] }
    return withUnsafeTemporaryAllocation(
        of: UInt32.self,
        capacity: Int(CICU_DECOMPOSITION_LIMIT)
    ) { parts in
        let count = Int(cicu_decompose(character.scalar.value, parts.baseAddress))
        return count > 0 ? parts[..<count].compactMap(Unicode.Scalar.init) : []
    }
}
