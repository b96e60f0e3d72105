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
        /// This machine's processor cannot compute as the model is to be run.
        case unsupportedProcessor = "unsupported_processor"
        /// The caller's input: a token id outside the vocabulary, a text over the limit.
        case invalidInput = "invalid_input"
        /// The model gave a vector with values that are not numbers.
        case notFinite = "not_finite"
        /// Keys of an embed stage that contradict each other.
        case invalidSettings = "invalid_settings"
        /// The key of a server is not where it should be.
        case missingKey = "missing_key"
        /// A server takes other texts and not this one: trying again cannot help.
        case refused
        /// A server cannot be asked like this at all, whatever the text: its key, address or model.
        case remote
        /// A server is out of order: the same request may succeed later.
        case outage
        /// A limit of tokens or money would be passed; nothing was sent.
        case budgetReached = "budget_reached"
    }

    package let code: Code
    /// What happened and what to do next; never document text.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { self.message }

    /// Whether what failed may succeed later as it is: the run stops, to be gone on with.
    package var isResumable: Bool { self.code == .outage || self.code == .budgetReached }
}
