internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// A tokeniser as its `tokenizer.json` (Hugging Face) describes it: Unigram, byte-pair or WordPiece.
///
/// Same ids as Hugging Face tokenizers 0.23 without special tokens around the text, for the steps that
/// encoders of the BERT family use; a file with another step is refused by its name.
final class FileTokenizer: TextTokenizer {
    private enum Model: Sendable {
        case unigram(UnigramModel)
        case bytePair(BytePairModel)
    }

    let identity: String
    let vocabularyCount: Int
    let pieceLengthMedian: Int
    let template: SequenceTemplate
    private let model: Model
    private let normalizer: [NormalizerStep]
    private let preTokenizer: [PreTokenizerStep]
    /// Found in the text as it is, and in what normalisation made of it.
    private let added: AddedTokens
    private let addedNormalized: AddedTokens
    private let mapsBytes: Bool

    var unknownToken: Int32? {
        switch self.model {
        case .unigram(let model): model.unknownID
        case .bytePair(let model): model.unknownID
        }
    }

    /// - Throws: ``EmbeddingError`` `.damagedModel`, `.unsupportedModel` naming what is not run.
    init(_ file: TokenizerJSON) throws(EmbeddingError) {
        self.identity = "tokenizer:" + file.sha256
        let json = file.json
        self.normalizer = try normalizerSteps(json["normalizer"])
        let preTokenizer = try preTokenizerSteps(json["pre_tokenizer"])
        self.preTokenizer = preTokenizer
        self.mapsBytes = preTokenizer.contains {
            if case .byteLevel = $0 { true } else { false }
        }
        let pieces = try file.pieces()
        self.vocabularyCount = pieces.count
        self.pieceLengthMedian = medianLength(pieces)
        self.template = try sequenceTemplate(json["post_processor"])
        switch file.kind {
        case .unigram: self.model = .unigram(try file.unigram())
        case .bytePair: self.model = .bytePair(try file.bytePair(pieces))
        case .wordPiece, .other:
            throw EmbeddingError(
                .unsupportedModel,
                "\(file.path): a tokeniser of type '\(file.kindName)' with these steps is not run"
            )
        }
        let tokens = try file.addedTokens()
        self.added = AddedTokens(tokens.filter { !$0.isNormalized })
        self.addedNormalized = AddedTokens(tokens.filter(\.isNormalized))
    }

    func id(of piece: String) -> Int32? {
        let bytes = Array(piece.utf8)
        if let id = self.added.id(of: bytes) ?? self.addedNormalized.id(of: bytes) { return id }
        switch self.model {
        case .unigram(let model): return model.id(of: bytes)
        case .bytePair(let model): return model.id(of: bytes)
        }
    }

    func ids(of text: [UInt8]) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(text.count / 3)
        // Ill-formed bytes become U+FFFD, as they do for whoever reads the text.
        let sound = Array(String(decoding: text, as: UTF8.self).utf8)
        var isFirst = true
        for part in self.added.parts(of: sound) {
            switch part {
            case .token(let id): ids.append(id)
            case .text(let bytes):
                var piece = String(decoding: bytes, as: UTF8.self)
                for step in self.normalizer { piece = step.apply(piece) }
                for part in self.addedNormalized.parts(of: Array(piece.utf8)) {
                    switch part {
                    case .token(let id): ids.append(id)
                    case .text(let bytes):
                        self.append(
                            String(decoding: bytes, as: UTF8.self),
                            isFirst: isFirst,
                            to: &ids
                        )
                    }
                    isFirst = false
                }
            }
            isFirst = false
        }
        return ids
    }

    private func append(_ text: String, isFirst: Bool, to ids: inout [Int32]) {
        var pieces = [text]
        for step in self.preTokenizer {
            pieces = pieces.enumerated().flatMap { place, piece in
                step.apply(piece, isFirst: isFirst && place == 0)
            }
        }
        for piece in pieces where !piece.isEmpty {
            let bytes =
                self.mapsBytes
                ? piece.utf8.flatMap { byteCharacters[Int($0)] } : Array(piece.utf8)
            switch self.model {
            case .unigram(let model): model.append(bytes, to: &ids)
            case .bytePair(let model): model.append(bytes, to: &ids)
            }
        }
    }
}

/// Half the pieces have at most so many characters.
private func medianLength(_ pieces: [[UInt8]]) -> Int {
    let lengths = pieces.map { piece in piece.count { $0 & 0xC0 != 0x80 } }.sorted()
    guard !lengths.isEmpty else { return 1 }
    let middle = lengths.count / 2
    return lengths.count.isMultiple(of: 2)
        ? (lengths[middle - 1] + lengths[middle]) / 2 : lengths[middle]
}
