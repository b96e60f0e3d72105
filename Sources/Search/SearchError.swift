/// Why a query cannot be answered.
package struct SearchError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case noSuchIndex = "no_such_index"
        /// A vector is needed, or has other dimensions than the index.
        case badVector = "bad_vector"
        case badFilter = "bad_filter"
        case badQuery = "bad_query"
        /// The index was analysed by another revision than this program's.
        case otherAnalysis = "other_analysis"
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { self.message }
}
