internal import Hashing
internal import Records
internal import Storage

/// A `tokenizer.json`, read and checked as far as its parts are asked for.
struct TokenizerJSON {
    /// The largest in use, of 250,000 pieces, has 17 MB.
    private static let bytesMaximum = 128 << 20

    enum Kind {
        case wordPiece
        case unigram
        case bytePair
        case other
    }

    struct AddedToken {
        let id: Int32
        let content: [UInt8]
        let isNormalized: Bool
        let stripsLeft: Bool
        let stripsRight: Bool
        let isSingleWord: Bool
        /// Marks a place in a sequence; stands for no text.
        let isSpecial: Bool
    }

    let path: String
    let sha256: String
    let json: JSONTree

    /// - Throws: ``EmbeddingError`` `.damagedModel`; `StorageError`.
    init(path: String) throws {
        let bytes = try readFile(path, maximumBytes: Self.bytesMaximum)
        guard let json = JSONTree(bytes), json["model"] != nil else {
            throw EmbeddingError(.damagedModel, "\(path): not a tokeniser")
        }
        self.path = path
        self.sha256 = bytes.withUnsafeBytes { Hashing.sha256($0).hex }
        self.json = json
    }

    private var model: JSONTree? { self.json["model"] }

    var kindName: String { self.model?["type"]?.text ?? (self.hasScores ? "Unigram" : "BPE") }

    private var hasScores: Bool { self.model?["vocab"]?.elements != nil }

    var kind: Kind {
        switch self.kindName {
        case "WordPiece": .wordPiece
        case "Unigram": .unigram
        case "BPE": .bytePair
        default: .other
        }
    }

    /// The pieces by id, those added to the vocabulary among them.
    func pieces() throws(EmbeddingError) -> [[UInt8]] {
        var pieces: [Int: [UInt8]] = [:]
        if let list = self.model?["vocab"]?.elements {
            for (id, entry) in list.enumerated() {
                guard case .string(let piece)? = entry.elements?.first else { throw self.damaged }
                pieces[id] = piece
            }
        } else if case .object(let members)? = self.model?["vocab"] {
            pieces.reserveCapacity(members.count)
            for (piece, id) in members {
                guard let id = id.integer, id >= 0, id < 1 << 24 else { throw self.damaged }
                pieces[id] = piece
            }
        } else {
            throw self.damaged
        }
        for token in try self.addedTokens() { pieces[Int(token.id)] = token.content }
        guard let last = pieces.keys.max() else { throw self.damaged }
        return (0...last).map { pieces[$0] ?? [] }
    }

    func addedTokens() throws(EmbeddingError) -> [AddedToken] {
        var tokens: [AddedToken] = []
        for entry in self.json["added_tokens"]?.elements ?? [] {
            guard let id = entry["id"]?.integer, id >= 0, id < 1 << 24,
                case .string(let content)? = entry["content"]
            else { throw self.damaged }
            tokens.append(
                AddedToken(
                    id: Int32(id),
                    content: content,
                    isNormalized: entry["normalized"]?.flag ?? false,
                    stripsLeft: entry["lstrip"]?.flag ?? false,
                    stripsRight: entry["rstrip"]?.flag ?? false,
                    isSingleWord: entry["single_word"]?.flag ?? false,
                    isSpecial: entry["special"]?.flag ?? false
                )
            )
        }
        return tokens
    }

    func unigram() throws(EmbeddingError) -> UnigramModel {
        guard let list = self.model?["vocab"]?.elements else { throw self.damaged }
        var pieces: [[UInt8]] = []
        var scores: [Double] = []
        for entry in list {
            guard let parts = entry.elements, parts.count == 2, case .string(let piece) = parts[0],
                case .number(let score) = parts[1]
            else { throw self.damaged }
            pieces.append(piece)
            scores.append(score)
        }
        let unknown = self.model?["unk_id"]?.integer
        if let unknown, !pieces.indices.contains(unknown) { throw self.damaged }
        return UnigramModel(
            pieces: pieces,
            scores: scores,
            unknownID: unknown.map { Int32($0) },
            fallsBackToBytes: self.model?["byte_fallback"]?.flag ?? false
        )
    }

    func bytePair(_ pieces: [[UInt8]]) throws(EmbeddingError) -> BytePairModel {
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if case .string(let text)? = self.model?[member: key], !text.isEmpty {
                throw EmbeddingError(.unsupportedModel, "\(self.path): '\(key)' is not run")
            }
        }
        var merges: [(left: [UInt8], right: [UInt8])] = []
        for entry in self.model?["merges"]?.elements ?? [] {
            if case .string(let text) = entry, let blank = text.firstIndex(of: 0x20) {
                merges.append((Array(text[..<blank]), Array(text[(blank + 1)...])))
            } else if let parts = entry.elements, parts.count == 2,
                case .string(let left) = parts[0],
                case .string(let right) = parts[1]
            {
                merges.append((left, right))
            } else {
                throw self.damaged
            }
        }
        let unknown = self.model?["unk_token"]?.text
        let model = BytePairModel(
            pieces: pieces,
            merges: merges,
            unknownID: unknown.flatMap { name in
                pieces.firstIndex(of: Array(name.utf8)).map { Int32($0) }
            },
            fusesUnknown: self.model?["fuse_unk"]?.flag ?? false,
            ignoresMerges: self.model?["ignore_merges"]?.flag ?? false,
            fallsBackToBytes: self.model?["byte_fallback"]?.flag ?? false
        )
        guard let model else { throw self.damaged }
        return model
    }

    private var damaged: EmbeddingError {
        EmbeddingError(.damagedModel, "\(self.path): its vocabulary is damaged")
    }
}

extension JSONTree {
    var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    var flag: Bool? { if case .bool(let value) = self { value } else { nil } }

    subscript(member name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.elementsEqual(name.utf8) }?.value
    }
}
