import Testing

@testable import Bytes

@Suite struct ByteRangesTests {
    @Test(arguments: [
        ("", "a"), ("a", ""), ("a", "a"), ("aab", "ab"), ("aaab", "aab"), ("abc", "abcd"),
        ("xxabxabc", "abc"), ("abab", "b"), ("ab", "ba"),
    ])
    func theFirstRangeIsThatOfAPlainScan(text: String, pattern: String) {
        let bytes = Array("--\(text)".utf8)[2...]
        let wanted = Array(pattern.utf8)
        let starts = bytes.indices.filter { !wanted.isEmpty && bytes[$0...].starts(with: wanted) }
        let expected = starts.first.map { $0..<$0 + wanted.count }
        #expect(bytes.firstRange(of: wanted) == expected)
        #expect(
            Array(bytes).firstRange(of: wanted)
                == expected.map { $0.lowerBound - 2..<$0.upperBound - 2 }
        )
    }
}
