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

    /// A token that is found in the text before anything else is done with it.
    private struct Added: Sendable {
        let bytes: [UInt8]
        let id: Int32
        let stripsLeft: Bool
        let stripsRight: Bool
        let isSingleWord: Bool
    }

    let identity: String
    let vocabularyCount: Int
    let pieceLengthMedian: Int
    let template: SequenceTemplate
    private let model: Model
    private let normalizer: [NormalizerStep]
    private let preTokenizer: [PreTokenizerStep]
    /// Found in the text as it is, and in what normalisation made of it.
    private let added: [Added]
    private let addedNormalized: [Added]
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
        func added(_ isNormalized: Bool) -> [Added] {
            tokens.filter { $0.isNormalized == isNormalized && !$0.content.isEmpty }.map {
                Added(
                    bytes: $0.content,
                    id: $0.id,
                    stripsLeft: $0.stripsLeft,
                    stripsRight: $0.stripsRight,
                    isSingleWord: $0.isSingleWord
                )
            }
        }
        self.added = added(false)
        self.addedNormalized = added(true)
    }

    func id(of piece: String) -> Int32? {
        let bytes = Array(piece.utf8)
        if let token = (self.added + self.addedNormalized).first(where: { $0.bytes == bytes }) {
            return token.id
        }
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
        for part in parts(of: sound, self.added) {
            switch part {
            case .token(let id): ids.append(id)
            case .text(let bytes):
                var piece = String(decoding: bytes, as: UTF8.self)
                for step in self.normalizer { piece = step.apply(piece) }
                for part in parts(of: Array(piece.utf8), self.addedNormalized) {
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

    // MARK: Added tokens

    private enum Part {
        case text(ArraySlice<UInt8>)
        case token(Int32)
    }

    /// The text between added tokens, and those: the leftmost, of several there the longest.
    private func parts(of text: [UInt8], _ tokens: [Added]) -> [Part] {
        guard !tokens.isEmpty, !text.isEmpty else { return text.isEmpty ? [] : [.text(text[...])] }
        let firsts = Set(tokens.map { $0.bytes[0] })
        var parts: [Part] = []
        var start = 0
        var place = 0
        while place < text.count {
            guard firsts.contains(text[place]),
                let token = tokens.filter({ text[place...].starts(with: $0.bytes) })
                    .max(by: { $0.bytes.count < $1.bytes.count })
            else {
                place += 1
                continue
            }
            var first = place
            var end = place + token.bytes.count
            if token.isSingleWord, isInWord(text, first, end) {
                place = end
                continue
            }
            if token.stripsLeft {
                while first > start, isSpace(before: first, in: text) {
                    first = characterStart(before: first, in: text)
                }
            }
            if token.stripsRight {
                while end < text.count, isSpace(at: end, in: text) {
                    end = min(text.count, end + utf8Length(text[end]))
                }
            }
            if first > start { parts.append(.text(text[start..<first])) }
            parts.append(.token(token.id))
            start = end
            place = end
        }
        if start < text.count { parts.append(.text(text[start...])) }
        return parts
    }
}

private func characterStart(before place: Int, in text: [UInt8]) -> Int {
    var start = place - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start
}

private func scalar(at place: Int, in text: [UInt8]) -> Unicode.Scalar? {
    guard place < text.count else { return nil }
    let end = min(text.count, place + utf8Length(text[place]))
    return String(decoding: text[place..<end], as: UTF8.self).unicodeScalars.first
}

private func isSpace(at place: Int, in text: [UInt8]) -> Bool {
    scalar(at: place, in: text)?.properties.isWhitespace == true
}

private func isSpace(before place: Int, in text: [UInt8]) -> Bool {
    place > 0 && isSpace(at: characterStart(before: place, in: text), in: text)
}

/// Whether a letter, digit or underscore touches the range.
private func isInWord(_ text: [UInt8], _ start: Int, _ end: Int) -> Bool {
    func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return scalar == "_" || scalar.properties.isAlphabetic
            || scalar.properties.numericType != nil
    }
    let before = start > 0 ? scalar(at: characterStart(before: start, in: text), in: text) : nil
    return isWord(before) || isWord(scalar(at: end, in: text))
}

/// Half the pieces have at most so many characters.
private func medianLength(_ pieces: [[UInt8]]) -> Int {
    let lengths = pieces.map { piece in piece.count { $0 & 0xC0 != 0x80 } }.sorted()
    guard !lengths.isEmpty else { return 1 }
    let middle = lengths.count / 2
    return lengths.count.isMultiple(of: 2)
        ? (lengths[middle - 1] + lengths[middle]) / 2 : lengths[middle]
}
