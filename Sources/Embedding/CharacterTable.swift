internal import CICU

/// What BERT's normaliser makes of each code point, computed once.
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

    static let shared = CharacterTable()

    private static let pageBits: UInt32 = 7
    private static let pageSize = 1 << Int(pageBits)

    /// Page number of each run of 128 code points; equal pages are stored once.
    private var pageOfBlock: [UInt16] = []
    private var entries: [UInt32] = []
    /// Outputs of more than one scalar: a count, then the scalars.
    private(set) var expansions: [UInt32] = []

    /// The entry of `codePoint`, which is at most 0x10FFFF.
    @inline(__always)
    func entry(_ codePoint: UInt32) -> Entry {
        let page = Int(self.pageOfBlock[Int(codePoint >> Self.pageBits)])
        let offset = Int(codePoint) & (Self.pageSize - 1)
        return Entry(rawValue: self.entries[page << Int(Self.pageBits) | offset])
    }

    /// What `codePoint` becomes; empty for characters that are dropped and for white space.
    func output(_ codePoint: UInt32) -> [UInt32] {
        let entry = self.entry(codePoint)
        guard entry.kind == .isolated || entry.kind == .word else { return [] }
        if entry.isSame { return [codePoint] }
        guard entry.isExpanded else { return [entry.payload] }
        let start = Int(entry.payload)
        return Array(self.expansions[start + 1..<start + 1 + Int(self.expansions[start])])
    }

    private init() {
        var pageNumbers: [[UInt32]: UInt16] = [:]
        for block in 0..<0x110000 >> Self.pageSize.trailingZeroBitCount {
            let first = UInt32(block * Self.pageSize)
            let page = (first..<first + UInt32(Self.pageSize)).map { self.makeEntry($0).rawValue }
            if let number = pageNumbers[page] {
                self.pageOfBlock.append(number)
            } else {
                let number = UInt16(pageNumbers.count)
                pageNumbers[page] = number
                self.pageOfBlock.append(number)
                self.entries.append(contentsOf: page)
            }
        }
    }

    private mutating func makeEntry(_ codePoint: UInt32) -> Entry {
        if let kind = CharacterClass.whollyKnown(codePoint) {
            return Entry(rawValue: kind.rawValue | Entry.same)
        }
        guard let scalar = Unicode.Scalar(codePoint) else {
            return Entry(rawValue: Entry.Class.removed.rawValue)
        }
        if CharacterClass.isRemoved(scalar) { return Entry(rawValue: Entry.Class.removed.rawValue) }
        if CharacterClass.isSpace(scalar) { return Entry(rawValue: Entry.Class.space.rawValue) }

        let output = strippedAndLowercased(scalar)
        guard let first = output.first else { return Entry(rawValue: Entry.Class.mark.rawValue) }
        let isAlone =
            CharacterClass.isSpacedIdeograph(codePoint)
            || output.count == 1 && CharacterClass.isPunctuation(first)
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

private func strippedAndLowercased(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    var parts = [UInt32](repeating: 0, count: Int(CICU_DECOMPOSITION_LIMIT))
    let isAssigned = CharacterClass.isAssigned(scalar)
    let count = isAssigned ? Int(cicu_decompose(scalar.value, &parts)) : 0
    let decomposed = count > 0 ? parts[..<count].compactMap(Unicode.Scalar.init) : [scalar]
    return decomposed.filter { !CharacterClass.isNonspacingMark($0) }.flatMap(lowercased)
}

private func lowercased(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    guard scalar.properties.changesWhenLowercased else { return [scalar] }
    return Array(scalar.properties.lowercaseMapping.unicodeScalars)
}
