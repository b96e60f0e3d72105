/// Why a segment cannot be written or read.
package struct SegmentError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The bytes are not those that were written.
        case corrupt
        /// Written by a format version this program no longer reads.
        case tooOld = "too_old"
        /// Written by a newer version of this program.
        case tooNew = "too_new"
        /// The writer was handed rows that no segment may hold.
        case invalidInput = "invalid_input"
    }

    package let code: Code
    package let path: String
    /// What was expected, what was found and what to do next; never document text.
    package let message: String

    package init(_ code: Code, path: String, _ message: String) {
        self.code = code
        self.path = path
        let next =
            switch code {
            case .corrupt: "; run 'millrace verify' and rebuild the segment from its manifest"
            case .tooOld: "; 'millrace sync PIPELINE' writes it anew from its manifest"
            case .tooNew: "; use the program version that wrote it, or a later one"
            case .invalidInput: ""
            }
        self.message = "\(path): \(message)\(next)"
    }

    package var description: String { self.message }
}
