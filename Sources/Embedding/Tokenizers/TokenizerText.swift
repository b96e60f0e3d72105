internal import CICU
internal import Foundation

/// Steps of normalisation that a `tokenizer.json` may name, each as Hugging Face tokenizers does it.
enum NormalizerStep: Sendable {
    /// A table of replacements by the model's maker (SentencePiece).
    case precompiled(PrecompiledCharacters)
    case lowercase
    case nfc
    case nfd
    case nfkc
    case nfkd
    /// Drops marks.
    case stripAccents
    /// Cuts white space off the ends.
    case strip(left: Bool, right: Bool)
    case prepend(String)
    case replace(String, with: String)
    /// Runs of two or more blanks.
    case replaceBlanks(with: String)

    func apply(_ text: String) -> String {
        switch self {
        case .precompiled(let table): return table.normalized(text)
        case .lowercase:
            return Self.mapScalars(text) { $0.properties.lowercaseMapping.unicodeScalars }
        case .nfc: return text.precomposedStringWithCanonicalMapping
        case .nfd: return text.decomposedStringWithCanonicalMapping
        case .nfkc: return text.precomposedStringWithCompatibilityMapping
        case .nfkd: return text.decomposedStringWithCompatibilityMapping
        case .stripAccents:
            var kept = String.UnicodeScalarView()
            kept.append(contentsOf: text.unicodeScalars.filter { !$0.isMark })
            return String(kept)
        case .strip(let left, let right):
            var scalars = text.unicodeScalars[...]
            if left { scalars = scalars.drop { $0.properties.isWhitespace } }
            while right, scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
            return String(scalars)
        case .prepend(let prefix): return text.isEmpty ? text : prefix + text
        case .replace(let pattern, let content):
            return pattern.isEmpty ? text : text.replacingScalars(pattern, with: content)
        case .replaceBlanks(let content): return Self.joiningBlanks(text, with: content)
        }
    }

    private static func mapScalars(
        _ text: String,
        _ map: (Unicode.Scalar) -> String.UnicodeScalarView
    ) -> String {
        var mapped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { mapped.append(contentsOf: map(scalar)) }
        return String(mapped)
    }

    private static func joiningBlanks(_ text: String, with content: String) -> String {
        var bytes: [UInt8] = []
        var blanks = 0
        for byte in text.utf8 {
            if byte == 0x20 {
                blanks += 1
                continue
            }
            if blanks == 1 { bytes.append(0x20) } else if blanks > 1 { bytes += content.utf8 }
            blanks = 0
            bytes.append(byte)
        }
        if blanks == 1 { bytes.append(0x20) } else if blanks > 1 { bytes += content.utf8 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// Replaces by code points: what belongs to one character for the reader may be cut.
    fileprivate func replacingScalars(_ pattern: String, with content: String) -> String {
        let bytes = Array(self.utf8)
        let wanted = Array(pattern.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            if bytes[place] == wanted[0], bytes[place...].starts(with: wanted) {
                result += content.utf8
                place += wanted.count
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool {
        switch self.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}

/// The character map of a SentencePiece model: a double-array trie from byte strings to replacements.
///
/// - Source: google/sentencepiece `normalizer.cc` for the coding; Hugging Face tokenizers
///   `normalizers/precompiled.rs` for what is looked up: a character of fewer than six bytes whole, else
///   each of its code points, and the shortest entry that matches the beginning.
struct PrecompiledCharacters: Sendable {
    private let units: [UInt32]
    /// Replacements, each ended by a zero byte.
    private let replacements: [UInt8]
    /// What becomes of each ASCII character alone.
    private let ascii: [String?]

    /// - Parameter coded: the byte count of the trie, the trie, the replacements; nil for what is none.
    init?(_ coded: [UInt8]) {
        guard coded.count >= 4 else { return nil }
        let size = coded[..<4].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        guard size > 0, size.isMultiple(of: 4), size <= coded.count - 4 else { return nil }
        let units = stride(from: 4, to: 4 + size, by: 4).map { place in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(coded[place + $1]) << UInt32(8 * $1) }
        }
        let replacements = Array(coded[(4 + size)...])
        self.units = units
        self.replacements = replacements
        self.ascii = (0..<128).map { byte in
            Self.replacement([UInt8(byte)][...], units, replacements)
        }
    }

    func normalized(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for character in text {
            if let byte = character.utf8.first, byte < 0x80, character.utf8.count == 1 {
                if let mapped = self.ascii[Int(byte)] {
                    result += mapped
                } else {
                    result.append(character)
                }
                continue
            }
            if character.utf8.count < 6,
                let mapped = Self.replacement(
                    Array(character.utf8)[...],
                    self.units,
                    self.replacements
                )
            {
                result += mapped
                continue
            }
            for scalar in character.unicodeScalars {
                let bytes = Array(String(scalar).utf8)
                if let mapped = Self.replacement(bytes[...], self.units, self.replacements) {
                    result += mapped
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    /// What the shortest entry at the beginning of `key` becomes; nil without one.
    ///
    /// Units as darts-clone has them: offset in the bits above 10, scaled by bit 9; label in bit 31 and
    /// the low byte; bit 8 says that a value follows.
    private static func replacement(
        _ key: ArraySlice<UInt8>,
        _ units: [UInt32],
        _ replacements: [UInt8]
    ) -> String? {
        func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & (1 << 9)) >> 6)) }
        guard let root = units.first else { return nil }
        var place = offset(root)
        for byte in key {
            guard byte != 0 else { return nil }
            place ^= Int(byte)
            guard place < units.count else { return nil }
            let unit = units[place]
            guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
            place ^= offset(unit)
            guard unit >> 8 & 1 == 1 else { continue }
            guard place < units.count else { return nil }
            let start = Int(units[place] & (1 << 31 - 1))
            guard start <= replacements.count else { return nil }
            return String(decoding: replacements[start...].prefix { $0 != 0 }, as: UTF8.self)
        }
        return nil
    }
}
