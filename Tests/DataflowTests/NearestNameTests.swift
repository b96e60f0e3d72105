import Testing

@testable import Dataflow

@Suite struct NearestNameTests {
    static let names = ["maximum_tokens", "overlap_tokens", "tokenizer", "model", "extract-html"]

    static let cases: [(name: String, nearest: String?)] = [
        ("maximum_token", "maximum_tokens"),
        ("max_tokens", "maximum_tokens"),
        ("max_token", "maximum_tokens"),
        ("Maximum-Tokens", "maximum_tokens"),
        ("tokeniser", "tokenizer"),
        ("overlap", "overlap_tokens"),
        ("modle", "model"),
        ("m", nil),
        ("", nil),
        ("html", "extract-html"),
        ("priority", nil),
        (String(repeating: "maximum_tokens", count: 1000), nil),
    ]

    @Test(arguments: cases) func nearestNameIsFound(name: String, nearest: String?) {
        #expect(nearestName(to: name, in: Self.names) == nearest)
    }

    /// The definition, without the table: exponential, so for short names only.
    private func slowDistance(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        guard let a = left.last, let b = right.last else { return left.count + right.count }
        var best = min(
            self.slowDistance(left.dropLast(), right) + 1,
            self.slowDistance(left, right.dropLast()) + 1,
            self.slowDistance(left.dropLast(), right.dropLast()) + (a == b ? 0 : 1)
        )
        if left.count > 1, right.count > 1, a == right.dropLast().last, b == left.dropLast().last {
            best = min(best, self.slowDistance(left.dropLast(2), right.dropLast(2)) + 1)
        }
        return best
    }

    @Test func editDistanceAgreesWithItsDefinition() {
        let words = ["", "a", "ab", "ba", "abc", "acb", "bca", "abab", "baba", "cccc"]
        for left in words.map({ Array($0.utf8) }) {
            for right in words.map({ Array($0.utf8) }) {
                #expect(editDistance(left, right) == self.slowDistance(left[...], right[...]))
            }
        }
    }
}
