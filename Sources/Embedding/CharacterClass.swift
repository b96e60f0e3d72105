/// The character classes BERT's normaliser and pre-tokeniser ask about.
///
/// The trained vocabularies were made with categories of Unicode 8.0; a character assigned later
/// counts as an unassigned one, that is, as a letter. This also keeps token ids the same when the
/// Swift standard library learns a newer Unicode version.
enum CharacterClass {
    /// Control, format and private use characters, NUL and the replacement character.
    static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": return false
        case "\u{FFFD}": return true
        default: break
        }
        switch self.category(scalar) {
        case .control, .format, .privateUse: return true
        default: return false
        }
    }

    /// White_Space; its control characters are removed before this is asked, except tab and newlines.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

    static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
        self.category(scalar) == .nonspacingMark
    }

    /// Every ASCII symbol counts as punctuation, beyond ASCII only the categories P.
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            switch scalar {
            case "!"..."/", ":"..."@", "["..."`", "{"..."~": return true
            default: return false
            }
        }
        switch self.category(scalar) {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return true
        default:
            return false
        }
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

    /// Whether Unicode 8.0 knows the character.
    static func isAssigned(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major < 8 || age.major == 8 && age.minor == 0
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
        return self.isAssigned(scalar) ? scalar.properties.generalCategory : .unassigned
    }
}
