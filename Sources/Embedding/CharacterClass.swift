/// What BERT's normaliser and pre-tokeniser ask about a character.
///
/// The trained vocabularies were made with categories of Unicode 8.0; a character assigned later
/// counts as an unassigned one, that is, as a letter. This also keeps token ids the same when the
/// Swift standard library learns a newer Unicode version.
struct CharacterClass {
    let scalar: Unicode.Scalar
    /// As of Unicode 8.0.
    let category: Unicode.GeneralCategory

    init(_ scalar: Unicode.Scalar) {
        self.scalar = scalar
        self.category = Self.category(scalar)
    }

    /// Control, format and private use characters, NUL and the replacement character.
    var isRemoved: Bool {
        switch self.category {
        case .control: return self.scalar != "\t" && self.scalar != "\n" && self.scalar != "\r"
        case .format, .privateUse: return true
        default: return self.scalar == "\u{FFFD}"
        }
    }

    /// White_Space, asked of what is not removed.
    var isSpace: Bool {
        switch self.category {
        case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator:
            return self.scalar.properties.isWhitespace
        default:
            return false
        }
    }

    var isNonspacingMark: Bool { self.category == .nonspacingMark }

    /// Every ASCII symbol counts as punctuation, beyond ASCII only the categories P.
    var isPunctuation: Bool {
        if self.scalar.isASCII {
            switch self.scalar {
            case "!"..."/", ":"..."@", "["..."`", "{"..."~": return true
            default: return false
            }
        }
        switch self.category {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return true
        default:
            return false
        }
    }

    /// Whether Unicode 8.0 knows the character.
    var isAssigned: Bool { self.category != .unassigned }

    var lowercased: [Unicode.Scalar] {
        // Other letters have no case, and are most of all characters.
        guard self.category != .otherLetter, self.scalar.properties.changesWhenLowercased
        else { return [self.scalar] }
        return Array(self.scalar.properties.lowercaseMapping.unicodeScalars)
    }

    /// The ideographs BERT sets apart; 2B820 to 2B91F are missing in the original, so here too.
    static func isSpacedIdeograph(_ codePoint: UInt32) -> Bool {
        switch codePoint {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            return true
        default:
            return false
        }
    }

    /// The class of large ranges that need no look-up, nil elsewhere.
    static func whollyKnown(_ codePoint: UInt32) -> CharacterTable.Entry.Class? {
        switch codePoint {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
            0x2B920...0x2CEAF:
            return .isolated
        case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD:
            return .removed
        case 0x20000...0x2F7FF, 0x2FA20...0xDFFFF, 0xE0200...0x10FFFF:
            return .word
        default:
            return nil
        }
    }

    private static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        // Put into another category since.
        switch scalar.value {
        case 0x166D, 0x111C9: return .otherPunctuation
        case 0x1734, 0x1171E: return .nonspacingMark
        case 0x1885, 0x1886: return .otherLetter
        case 0xA9BD: return .spacingMark
        default: break
        }
        let properties = scalar.properties
        guard let age = properties.age, age.major < 8 || age.major == 8 && age.minor == 0
        else { return .unassigned }
        return properties.generalCategory
    }
}
