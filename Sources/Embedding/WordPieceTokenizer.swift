internal import Hashing
internal import Records
internal import Storage
internal import Synchronization

/// What BERT's normaliser does to letters.
package struct WordPieceCasing: Hashable, Sendable {
    package var lowercases: Bool
    package var stripsAccents: Bool

    package init(lowercases: Bool, stripsAccents: Bool) {
        self.lowercases = lowercases
        self.stripsAccents = stripsAccents
    }

    package static let uncased = WordPieceCasing(lowercases: true, stripsAccents: true)

    var identitySuffix: String {
        self == .uncased
            ? "" : (self.lowercases ? ":lower" : ":cased") + (self.stripsAccents ? ":bare" : "")
    }
}

/// BERT's WordPiece tokeniser: text to ids, and ids to the bytes they came from.
///
/// Same ids as Hugging Face tokenizers with the `BertNormalizer` (clean text, CJK; accents
/// stripped and lowercase as ``WordPieceCasing`` says) and the `BertPreTokenizer`. Words are encoded one by one, so a text cut at
/// white space or beside punctuation gives the same tokens as its parts.
///
/// - Source: Devlin et al., BERT (2019); google-research/bert `tokenization.py`.
package final class WordPieceTokenizer: Sendable {
    package struct Options: Hashable, Sendable {
        /// Whether `[CLS]`, `[SEP]`, `[MASK]`, `[PAD]` and `[UNK]` in a text become the special
        /// tokens, as in Hugging Face tokenizers; else they are brackets and words.
        package var matchesSpecials = true
        package var casing = WordPieceCasing.uncased

        package init(matchesSpecials: Bool = true, casing: WordPieceCasing = .uncased) {
            self.matchesSpecials = matchesSpecials
            self.casing = casing
        }
    }

    /// Names everything that decides the ids, for fingerprints: `wordpiece:SHA-256 of vocabulary`.
    package let identity: String
    package let unknownID: Int32
    package let vocabularyCount: Int
    let pieceLengthMedian: Int
    private let vocabulary: WordPieceVocabulary
    private let matchesSpecials: Bool
    private let casing: WordPieceCasing
    /// Made at the first text: a run that has nothing to embed asks for the identity alone.
    private let rules = Mutex<WordPieceRules?>(nil)
    /// Idle encoders; each is lent to one call at a time.
    private let encoders = Mutex<[WordPieceEncoder]>([])

    /// - Parameter vocabulary: `vocab.txt`: one piece a line, the line number is the id.
    /// - Throws: `EmbeddingError` `.damagedModel` or `.unsupportedModel`.
    package init(vocabulary: [UInt8], options: Options = Options()) throws(EmbeddingError) {
        let digest = sha256(vocabulary).hex
        self.identity =
            "wordpiece:" + digest + (options.matchesSpecials ? "" : ":plain")
            + options.casing.identitySuffix
        self.casing = options.casing
        let parsed = try WordPieceVocabulary(text: vocabulary)
        self.vocabularyCount = parsed.pieceCount
        self.pieceLengthMedian = parsed.pieceLengthMedian
        guard let unknownID = parsed.id(of: "[UNK]") else {
            throw EmbeddingError(.unsupportedModel, "the vocabulary has no [UNK]")
        }
        self.unknownID = unknownID
        self.vocabulary = parsed
        self.matchesSpecials = options.matchesSpecials
    }

    /// Reads the vocabulary from a file.
    package convenience init(vocabularyPath: String, options: Options = Options()) throws {
        try self.init(
            vocabulary: readFile(vocabularyPath, maximumBytes: 1 << 24),
            options: options
        )
    }

    /// Appends the tokens of `text` to `output`: no special tokens added, nothing cut.
    ///
    /// Offsets count from the start of `text`. Ill-formed UTF-8 is dropped byte by byte.
    ///
    /// - Complexity: O(bytes), no allocation but `output`'s growth. Any number of threads.
    package func encode(_ text: UnsafeBufferPointer<UInt8>, into output: inout TokenizedText) {
        let idle = self.encoders.withLock { $0.popLast() }
        let encoder = idle ?? WordPieceEncoder(rules: self.madeRules())
        encoder.encode(text, into: &output)
        self.encoders.withLock { $0.append(encoder) }
    }

    private func madeRules() -> WordPieceRules {
        self.rules.withLock { rules in
            let made =
                rules
                ?? WordPieceRules(
                    vocabulary: self.vocabulary,
                    unknownID: self.unknownID,
                    matchesSpecials: self.matchesSpecials,
                    casing: self.casing
                )
            rules = made
            return made
        }
    }

    /// The tokens of `text`.
    package func encode(_ text: [UInt8]) -> TokenizedText {
        var output = TokenizedText()
        text.withUnsafeBufferPointer { self.encode($0, into: &output) }
        return output
    }

    /// The id of `piece` as it stands in the vocabulary file.
    package func id(of piece: String) -> Int32? { self.vocabulary.id(of: piece) }
}
