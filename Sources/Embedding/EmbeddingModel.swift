/// What a text is embedded for; models trained with prefixes treat the two differently.
package enum EmbeddingRole: String, Sendable, Codable, CaseIterable {
    case query
    case passage
}

/// One text to embed.
package struct EmbeddingInput: Sendable {
    package enum Content: Sendable {
        /// Ids by the model's own tokeniser, without special tokens.
        case tokens(ArraySlice<Int32>)
        /// UTF-8.
        case text([UInt8])
    }

    package var content: Content
    package var role: EmbeddingRole

    package init(tokens: ArraySlice<Int32>, role: EmbeddingRole = .passage) {
        self.content = .tokens(tokens)
        self.role = role
    }

    package init(text: [UInt8], role: EmbeddingRole = .passage) {
        self.content = .text(text)
        self.role = role
    }

    package init(text: String, role: EmbeddingRole = .passage) {
        self.init(text: Array(text.utf8), role: role)
    }
}

/// The vector of one input.
package struct EmbeddingOutput: Equatable, Sendable {
    /// Of length 1, or all zeros when the model found nothing to read (see ``isZero``).
    package var vector: [Float]
    /// Tokens the model read: special tokens not counted, tokens past its limit neither.
    package var tokenCount: Int
    /// Whether part of the input was past the model's limit and left unread.
    package var isTruncated: Bool

    package init(vector: [Float], tokenCount: Int, isTruncated: Bool) {
        self.vector = vector
        self.tokenCount = tokenCount
        self.isTruncated = isTruncated
    }

    /// Whether the vector has no direction; it must not be indexed.
    package var isZero: Bool { self.vector.allSatisfy { $0 == 0 } }
}

/// A model that turns texts into vectors.
///
/// - Invariant: an input's vector has the same bits whatever it was batched with, and on
///   whatever thread.
package protocol EmbeddingModel: Sendable {
    var identity: ModelIdentity { get }

    /// What cuts texts into this model's tokens; nil for models that take text only.
    var tokenizer: WordPieceTokenizer? { get }

    /// Whether making a vector costs less than keeping and reading it, so that none is kept.
    ///
    /// Only of a model whose vectors have the same bits on every machine.
    var isCheap: Bool { get }

    /// Embeds `batch`.
    ///
    /// - Output: one result an input, in the same order.
    /// - Throws: ``EmbeddingError`` `.invalidInput` or `.notFinite`; no result is partial.
    func embed(_ batch: [EmbeddingInput]) throws -> [EmbeddingOutput]
}

extension EmbeddingModel {
    package var isCheap: Bool { false }

    /// Embeds one input.
    package func embed(_ input: EmbeddingInput) throws -> EmbeddingOutput {
        let outputs = try self.embed([input])
        guard let output = outputs.first else {
            throw EmbeddingError(.invalidInput, "the model gave no vector")
        }
        return output
    }
}

extension ModelIdentity {
    /// UTF-8 of what is put before a text of `role`.
    func prefix(_ role: EmbeddingRole) -> [UInt8] {
        switch role {
        case .query: Array(self.queryPrefix.utf8)
        case .passage: Array(self.passagePrefix.utf8)
        }
    }
}
