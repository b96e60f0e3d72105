internal import Bytes

/// What word rules need to know of each Unicode scalar, in pages of 256 built when first met.
///
/// A process that sees only Latin text builds two or three pages; the whole table would take longer
/// than a small document. The data is that of the standard library's Unicode version.
struct WordScalars {
    /// The facts of one scalar: its lower-case form in the low 21 bits, flags above.
    struct Entry {
        static let none = Entry(bits: 0)
        let bits: UInt32

        /// The lower-case form of a scalar whose mapping is one scalar; itself otherwise.
        var lowercase: UInt32 { self.bits & 0x1F_FFFF }
        /// A letter, a number of any kind or `_`: what Python calls `\w`.
        var isWord: Bool { self.bits & Self.word != 0 }
        /// A combining mark; `\w` leaves these out.
        var isMark: Bool { self.bits & Self.mark != 0 }
        /// Of a script written without spaces, which is searched by pairs of scalars.
        var isUnspaced: Bool { self.bits & Self.unspaced != 0 }
        var isCased: Bool { self.bits & Self.cased != 0 }
        var isCaseIgnorable: Bool { self.bits & Self.caseIgnorable != 0 }
        /// It stands for a number, as a digit or as a letter such as 五.
        var isNumber: Bool { self.bits & Self.number != 0 }
        /// A mathematical, currency or other sign, emoji among them; frames and fillers are none.
        var isSign: Bool { self.bits & Self.sign != 0 }

        static let word: UInt32 = 1 << 21
        static let mark: UInt32 = 1 << 22
        static let unspaced: UInt32 = 1 << 23
        static let cased: UInt32 = 1 << 24
        static let caseIgnorable: UInt32 = 1 << 25
        static let number: UInt32 = 1 << 26
        static let sign: UInt32 = 1 << 27
    }

    /// For each page, where its entries start plus one; 0 for a page not built yet.
    private var pages: [Int32]
    private var entries: [UInt32]

    init() {
        self.pages = Array(repeating: 0, count: 0x11_0000 >> 8)
        self.entries = []
    }

    /// The facts of a decoded code point; of nil, ill-formed bytes, there are none.
    @inline(__always)
    mutating func entry(of codePoint: UInt32?) -> Entry {
        guard let scalar = codePoint, scalar < 0x11_0000 else { return .none }
        let page = Int(self.pages[Int(scalar >> 8)])
        let start = page == 0 ? self.build(page: scalar >> 8) : page &- 1
        return Entry(bits: self.entries[start &+ Int(scalar & 0xFF)])
    }

    @inline(never)
    private mutating func build(page: UInt32) -> Int {
        let start = self.entries.count
        for low in 0..<UInt32(256) {
            self.entries.append(Self.bits(of: page << 8 | low))
        }
        self.pages[Int(page)] = Int32(start + 1)
        return start
    }

    private static func bits(of value: UInt32) -> UInt32 {
        guard let scalar = Unicode.Scalar(value) else { return 0 }
        let properties = scalar.properties
        var bits = value
        let lowercase = properties.lowercaseMapping.unicodeScalars
        if lowercase.count == 1, let first = lowercase.first { bits = first.value }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            bits |= Entry.word
        case .nonspacingMark, .spacingMark, .enclosingMark:
            bits |= Entry.mark
        case let category where self.isSign(category, value) && properties.numericType == nil:
            bits |= Entry.sign
        default:
            if properties.numericType != nil || value == 0x5F { bits |= Entry.word }
        }
        if properties.numericType != nil { bits |= Entry.number }
        if self.isUnspaced(value) { bits |= Entry.unspaced }
        if properties.isCased { bits |= Entry.cased }
        if properties.isCaseIgnorable { bits |= Entry.caseIgnorable }
        return bits
    }

    /// A symbol that says something: frames and blocks, ¦, ©, ®, ™ and replacement characters do not.
    private static func isSign(_ category: Unicode.GeneralCategory, _ value: UInt32) -> Bool {
        switch value {
        case 0xA6, 0xA9, 0xAE, 0x2122, 0x2500...0x259F, 0xFFFC, 0xFFFD: false
        default: [.mathSymbol, .currencySymbol, .otherSymbol].contains(category)
        }
    }

    /// Han, Hiragana, Katakana, Bopomofo, Yi, Thai, Lao, Myanmar and Khmer blocks.
    private static func isUnspaced(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x19E0...0x19FF: true
        case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x312F: true
        case 0x31A0...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF: true
        case 0xA000...0xA4CF, 0xA9E0...0xA9FF, 0xAA60...0xAA7F, 0xF900...0xFAFF: true
        case 0xFF66...0xFF9F, 0x1_AFF0...0x1_B16F, 0x2_0000...0x3_FFFF: true
        default: false
        }
    }
}

extension WordScalars {
    /// Whether the capital sigma at `offset` ends its word and so becomes `ς`.
    ///
    /// - Source: Unicode Standard 3.13, Table 3-17, condition Final_Sigma.
    mutating func isFinalSigma(in text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        var before = offset
        var followsCased = false
        while before > 0 {
            before = scalarStart(text, before: before)
            let entry = self.entry(of: decodeUTF8(text, at: before).codePoint)
            if entry.isCaseIgnorable { continue }
            followsCased = entry.isCased
            break
        }
        guard followsCased else { return false }
        var after = offset + 2
        while after < text.count {
            let (codePoint, length) = decodeUTF8(text, at: after)
            let entry = self.entry(of: codePoint)
            if !entry.isCaseIgnorable { return !entry.isCased }
            after += length
        }
        return true
    }
}
