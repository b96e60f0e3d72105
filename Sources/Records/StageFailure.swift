/// Why a stage set a document aside.
///
/// The codes are an interface: they appear in dead letters.
package struct StageFailure: Error, Hashable, Sendable {
    /// A plain enum so that a `switch` over it can be exhaustive.
    package enum Code: String, Sendable, CaseIterable {
        case missing
        case unreadable
        case empty
        case tooLarge = "too_large"
        case unsupportedType = "unsupported_type"
        case corrupt
        case encrypted
        case needsOCR = "needs_ocr"
        case lowTextQuality = "low_text_quality"
        case limitExceeded = "limit_exceeded"
        case crashed
        case timedOut = "timed_out"
        case outOfMemory = "out_of_memory"
        case excluded
        /// Set aside by a policy for someone to look at; nothing of it is served.
        case quarantined
        /// A server that is asked about every document takes others and not this one.
        case refused
        case internalError = "internal"
    }

    package var stage: String
    package var code: Code
    /// What happened and what to do next; never document text.
    package var message: String

    package init(stage: String, code: Code, message: String) {
        self.stage = stage
        self.code = code
        self.message = message
    }
}

/// Thrown by a stage: this document cannot go on; the run does.
package struct StageError: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: StageFailure.Code
    package let message: String

    package init(_ code: StageFailure.Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(self.code.rawValue): \(self.message)" }
}
