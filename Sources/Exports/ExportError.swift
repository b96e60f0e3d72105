/// Why an export could not be made; the target is as it was, or the same command goes on.
package struct ExportError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case noSuchIndex = "no_such_index"
        /// A name, an address or a credential that cannot be used.
        case badTarget = "bad_target"
        /// The target did not do what was asked.
        case refused
        /// What is there in the end is not what was sent.
        case mismatch
        /// Somebody asked it to stop.
        case stopped
    }

    package let code: Code
    /// What happened and what to type next; never a credential or a text.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { self.message }
}
