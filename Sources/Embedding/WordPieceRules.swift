/// What one byte of text means to the encoder's main loop.
enum ByteAction {
    static let space: UInt8 = 0
    static let punctuation: UInt8 = 1
    /// Needs a look at the whole code point: beyond ASCII, a control character, or a bracket that
    /// may open a special token.
    static let general: UInt8 = 2
    /// From here on the action is itself the lowercased byte of a word.
    static let firstWordByte: UInt8 = 0x20
}

/// The unchanging tables an encoder reads: vocabulary, character classes, special tokens.
struct WordPieceRules: Sendable {
    /// A longer word becomes one unknown token (BERT, `max_input_chars_per_word`).
    static let wordCharactersMaximum = 100

    struct Special: Sendable {
        let bytes: [UInt8]
        let id: Int32
        var byteCount: Int { self.bytes.count }
    }

    let vocabulary: WordPieceVocabulary
    let characters: CharacterTable
    let unknownID: Int32
    /// Tokens that stand for themselves wherever their text occurs; all start with `[`.
    let specials: [Special]
    let actions: [UInt8]
    /// Ids of one-byte punctuation, by byte.
    let punctuationIDs: [Int32]

    init(
        vocabulary: WordPieceVocabulary,
        unknownID: Int32,
        matchesSpecials: Bool,
        casing: WordPieceCasing
    ) {
        let characters =
            casing == .uncased ? CharacterTable.shared : CharacterTable(casing: casing)
        self.characters = characters
        self.vocabulary = vocabulary
        self.unknownID = unknownID
        let names = matchesSpecials ? ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] : []
        self.specials = names.compactMap { name in
            vocabulary.id(of: name).map { Special(bytes: Array(name.utf8), id: $0) }
        }
        self.actions = (0..<256).map {
            Self.action(UInt8($0), characters, matchesSpecials: matchesSpecials)
        }
        self.punctuationIDs = (0..<128).map { byte in
            vocabulary.id(of: String(UnicodeScalar(UInt8(byte)))) ?? unknownID
        }
    }

    /// The special token that starts at `start`, if any; none is a prefix of another.
    func special(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Special? {
        guard text[start] == UInt8(ascii: "[") else { return nil }
        return self.specials.first { text[start...].starts(with: $0.bytes) }
    }

    private static func action(
        _ byte: UInt8,
        _ characters: CharacterTable,
        matchesSpecials: Bool
    ) -> UInt8 {
        guard byte < 0x80 else { return ByteAction.general }
        if matchesSpecials, byte == UInt8(ascii: "[") { return ByteAction.general }
        let entry = characters.entry(UInt32(byte))
        switch entry.kind {
        case .space: return ByteAction.space
        case .isolated: return ByteAction.punctuation
        case .removed, .mark: return ByteAction.general
        case .word: return entry.isSame ? byte : UInt8(entry.payload)
        }
    }
}
