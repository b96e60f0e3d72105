internal import Glibc
package import Records

/// Why a source could not be listed, or a document not be read.
package struct ConnectorError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The root is not there or cannot be opened: never the same as an empty source.
        case rootMissing = "root_missing"
        /// A key of the source's configuration cannot be used.
        case configuration
        /// The visitor threw; `cause` is its error.
        case stopped
        case missing
        case unreadable
        case tooLarge = "too_large"
        /// The document changed while it was read, twice.
        case changed
    }

    package let code: Code
    /// What happened and what to do next; never document text.
    package let message: String
    /// The URI or the path concerned.
    package let path: String
    /// The system's error number, or 0.
    package let systemCode: Int32
    package let cause: (any Error)?

    package init(
        _ code: Code,
        path: String,
        _ message: String,
        systemCode: Int32 = 0,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.path = path
        self.message = message
        self.systemCode = systemCode
        self.cause = cause
    }

    package var description: String { "\(self.path): \(self.message)" }

    /// What the document becomes a dead letter with; nil for errors of the source as a whole.
    package var failureCode: StageFailure.Code? {
        switch self.code {
        case .missing: .missing
        case .unreadable, .changed: .unreadable
        case .tooLarge: .tooLarge
        case .rootMissing, .configuration, .stopped: nil
        }
    }
}

func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
