/// Cuts texts into the ids of a model's vocabulary.
protocol TextTokenizer: Sendable {
    /// Names everything that decides the ids, for fingerprints.
    var identity: String { get }
    var vocabularyCount: Int { get }
    /// What stands for text that the vocabulary lacks; nil where nothing does.
    var unknownToken: Int32? { get }
    /// Half the pieces of the vocabulary have at most so many characters.
    var pieceLengthMedian: Int { get }

    /// The ids of `text`, without the special tokens of a sequence.
    func ids(of text: [UInt8]) -> [Int32]
    func id(of piece: String) -> Int32?
}

extension WordPieceTokenizer: TextTokenizer {
    var unknownToken: Int32? { self.unknownID }
    func ids(of text: [UInt8]) -> [Int32] { self.encode(text).ids }
}

/// The special tokens that a model wants around a sequence.
struct SequenceTemplate: Hashable, Sendable {
    var before: [Int32]
    var after: [Int32]

    var count: Int { self.before.count + self.after.count }
}
