import CICU

/// What the normaliser does with a code point.
enum CodePointAction: UInt8 {
    case keep = 0
    /// A Unicode space: becomes U+0020.
    case space
    /// Ends a line: becomes U+000A.
    case lineEnd
    case control
    case bidiControl
    case invisible
    /// Zero-width joiner or non-joiner: kept where its neighbours need it.
    case joiner
    case variationSelector
    /// Ideographic variation selector, U+E0100 to U+E01EF.
    case ideographicVariation
}

/// Properties of every code point, in two-stage tables built once from ICU.
///
/// - Invariant: a text made only of code points without `needsComposition` is in NFC.
// @unchecked: the memory is written once, before `shared` is seen, and lives as long as the process.
struct CodePointTable: @unchecked Sendable {
    static let shared = CodePointTable()

    /// The low four bits of an entry hold the ``CodePointAction``.
    static let actionMask: UInt8 = 0x0F
    static let needsComposition: UInt8 = 0x10
    static let pictographic: UInt8 = 0x20
    /// Letters and marks of scripts in which joiners change how words are written.
    static let joining: UInt8 = 0x40
    /// May carry a variation selector: ideographs and symbols.
    static let variable: UInt8 = 0x80

    private static let pageBits = 7
    private static let pageSize = 1 << Self.pageBits

    private let pageOfBlock: UnsafePointer<UInt16>
    private let entries: UnsafePointer<UInt8>

    private init() {
        var pages: [[UInt8]: UInt16] = [:]
        var pageOfBlock: [UInt16] = []
        var entries: [UInt8] = []
        for block in 0..<(0x110000 / Self.pageSize) {
            let first = UInt32(block * Self.pageSize)
            let page = (0..<UInt32(Self.pageSize)).map { Self.entry(of: first + $0) }
            if let known = pages[page] {
                pageOfBlock.append(known)
            } else {
                let index = UInt16(pages.count)
                pages[page] = index
                pageOfBlock.append(index)
                entries.append(contentsOf: page)
            }
        }
        self.pageOfBlock = immortal(pageOfBlock)
        self.entries = immortal(entries)
    }

    /// - Precondition: `codePoint` is at most U+10FFFF.
    @inline(__always)
    subscript(codePoint: UInt32) -> UInt8 {
        let page = Int(self.pageOfBlock[Int(codePoint) >> Self.pageBits])
        return self.entries[page << Self.pageBits | Int(codePoint) & (Self.pageSize - 1)]
    }

    private static func entry(of codePoint: UInt32) -> UInt8 {
        // Nothing is assigned or allocated in these planes but private use and U+E0xxx.
        if codePoint >= 0x32000, !(0xE0000...0xE01FF).contains(codePoint) {
            return codePoint & 0xFFFE == 0xFFFE ? CodePointAction.invisible.rawValue : 0
        }
        var entry = Self.action(of: codePoint).rawValue
        if cicu_is_nfc_plain(codePoint) == 0 { entry |= Self.needsComposition }
        if codePoint >= 0xA0, cicu_is_pictographic(codePoint) != 0 { entry |= Self.pictographic }
        if Self.isJoining(codePoint) { entry |= Self.joining }
        if Self.isVariable(codePoint) { entry |= Self.variable }
        return entry
    }

    private static func action(of codePoint: UInt32) -> CodePointAction {
        switch codePoint {
        case 0x09: .keep
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: .lineEnd
        case 0..<0x20, 0x7F..<0xA0: .control
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .space
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: .bidiControl
        case 0x200C, 0x200D: .joiner
        case 0xFE00...0xFE0F: .variationSelector
        case 0xE0100...0xE01EF: .ideographicVariation
        // Soft hyphen, grapheme joiner, Hangul fillers, zero-width space, word joiner and invisible
        // operators, deprecated format characters, byte order mark, annotation and object marks,
        // format controls of shorthand and music, tags, noncharacters.
        case 0xAD, 0x034F, 0x3164, 0xFFA0, 0x200B, 0x2060...0x2065, 0x206A...0x206F, 0xFEFF,
            0xFFF0...0xFFFC, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE00FF,
            0xFDD0...0xFDEF:
            .invisible
        default:
            codePoint & 0xFFFE == 0xFFFE ? .invisible : .keep
        }
    }

    /// Blocks of Arabic, Syriac, N'Ko, the Indic scripts, Tibetan, Myanmar, Khmer and Mongolian.
    private static func isJoining(_ codePoint: UInt32) -> Bool {
        switch codePoint {
        case 0x0620...0x07FF, 0x0840...0x0DFF, 0x0F00...0x109F, 0x1780...0x18AF, 0x1900...0x1AAF,
            0x1B00...0x1C4F, 0xA800...0xA82F, 0xA840...0xA8FF, 0xA930...0xAADF, 0xABC0...0xABFF,
            0xFB50...0xFDCF, 0xFDF0...0xFDFF, 0xFE70...0xFEFC, 0x10A00...0x10A5F, 0x11000...0x11FFF:
            true
        default: false
        }
    }

    private static func isVariable(_ codePoint: UInt32) -> Bool {
        switch codePoint {
        case 0x23, 0x2A, 0x30...0x39, 0x1000...0x109F, 0x2190...0x2BFF, 0x2E80...0x9FFF,
            0xA840...0xA87F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x323AF:
            true
        default: codePoint >= 0xA0 && cicu_is_pictographic(codePoint) != 0
        }
    }
}

/// A copy that is never freed: reading it in an inner loop costs neither a check nor a count.
private func immortal<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: values.count)
    for (index, value) in values.enumerated() { (memory + index).initialize(to: value) }
    return UnsafePointer(memory)
}
