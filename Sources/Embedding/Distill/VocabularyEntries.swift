internal import Storage

/// The entries of a vocabulary that stand for text, in its order, which is that of how often they come.
struct VocabularyEntries: Sendable {
    /// Ascending.
    let ids: [Int32]

    /// - Throws: ``EmbeddingError``; `StorageError`.
    init(
        of folder: ModelFolder,
        _ tokenizer: any TextTokenizer,
        _ template: SequenceTemplate
    ) throws {
        let (pieces, marked) = try Self.pieces(of: folder)
        let marks = Set(template.before + template.after + marked)
        self.ids = pieces.prefix(tokenizer.vocabularyCount).enumerated().compactMap {
            place,
            piece in
            let id = Int32(place)
            guard !piece.isEmpty, id != tokenizer.unknownToken, !marks.contains(id),
                !Self.isReserved(piece)
            else { return nil }
            return id
        }
    }

    /// The weight of each entry: the more often it comes, the less it says.
    ///
    /// The frequency is taken for Zipf's, 1 / (rank + 1), as nobody counted it.
    /// - Source: Arora, Liang and Ma, A simple but tough-to-beat baseline for sentence embeddings (2017);
    ///   MinishLab, Model2Vec (2024).
    var weights: [Double] {
        let shares = self.ids.indices.map { 1 / Double($0 + 2) }
        let total = shares.reduce(0, +)
        return shares.map { Self.smoothing / (Self.smoothing + $0 / total) }
    }

    /// The coefficient of that weighting.
    static let smoothing = 1e-4

    private static func pieces(of folder: ModelFolder) throws -> ([[UInt8]], marked: [Int32]) {
        let path = folder.path + "/tokenizer.json"
        guard fileExists(path) else {
            let pieces = try folder.wordPieces()
            let names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map { Array($0.utf8) }
            return (pieces, pieces.indices.filter { names.contains(pieces[$0]) }.map { Int32($0) })
        }
        let json = try TokenizerJSON(path: path)
        let pieces = json.kind == .wordPiece ? try folder.wordPieces() : try json.pieces()
        return (pieces, try json.addedTokens().filter(\.isSpecial).map(\.id))
    }

    /// `[unused12]` or `<unused12>`: a place that was kept free.
    private static func isReserved(_ piece: [UInt8]) -> Bool {
        let name = Array("unused".utf8)
        guard piece.count > name.count + 2, piece.dropFirst().starts(with: name) else {
            return false
        }
        let isBracketed =
            (piece.first == UInt8(ascii: "[") && piece.last == UInt8(ascii: "]"))
            || (piece.first == UInt8(ascii: "<") && piece.last == UInt8(ascii: ">"))
        return isBracketed
            && piece.dropFirst(name.count + 1).dropLast().allSatisfy { (0x30...0x39).contains($0) }
    }
}
