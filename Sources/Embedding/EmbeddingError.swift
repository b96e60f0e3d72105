/// What the embedding room ran into; the caller decides by ``code``.
package struct EmbeddingError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// A known model's files are not there; the message is the command that fetches them.
        case missingModel = "missing_model"
        /// Neither a known model nor a folder in the store.
        case unknownModel = "unknown_model"
        /// A file is not what was published, or breaks its format.
        case damagedModel = "damaged_model"
        /// A well-formed model of a shape this program does not run.
        case unsupportedModel = "unsupported_model"
        /// The caller's input: a token id outside the vocabulary, a text over the limit.
        case invalidInput = "invalid_input"
        /// The model gave a vector with values that are not numbers.
        case notFinite = "not_finite"
    }

    package let code: Code
    /// What happened and what to do next; never document text.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { self.message }
}
