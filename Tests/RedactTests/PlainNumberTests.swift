import Testing

@testable import Redact

/// Numbers that are passed over at once, and those beside them that are not.
@Suite struct PlainNumberTests {
    /// The text that is passed over at the first digit; nil where a value may start.
    private func passed(
        _ text: String,
        by rule: (UnsafeBufferPointer<UInt8>, Int) -> Int?
    ) -> String? {
        let padded = Array("some words before, \(text) and words that follow it here".utf8)
        return padded.withUnsafeBufferPointer { bytes in
            let start = bytes.firstIndex { $0 &- 0x30 < 10 } ?? 0
            return rule(bytes, start).map { String(decoding: bytes[start..<$0], as: UTF8.self) }
        }
    }

    @Test(arguments: [
        ("42", "42"), ("3.11", "3.11"), ("3.11.2", "3.11.2"), ("UTF-8", "8"), ("(7)", "7"),
        ("3.4.1990", nil), ("10.0.0.1", nil), ("48.8584", nil), ("4111 1111", nil), ("12-34", nil),
        ("4111:1111", nil), ("123456", nil), ("12b", nil), ("B-123", nil), ("01.23.45", nil),
    ])
    func aNumberOfNoKindEndsAtOnce(text: String, expected: String?) {
        #expect(self.passed(text, by: { plainNumberEnd($0, at: $1) }) == expected)
    }

    @Test(arguments: [
        ("int32_t", "32"), ("html5 page", "5"), ("utf8x", nil), ("nl91abna0417164300", nil),
        ("abcxyz85t10a562s", nil),
        ("mz1qabcdefghijkmnpqrstu", nil), ("abcf1x", nil), ("xyz123", nil),
    ])
    func digitsOfANameEndAtOnce(text: String, expected: String?) {
        #expect(self.passed(text, by: { nameDigitsEnd($0, at: $1) }) == expected)
    }

    @Test(arguments: [
        ("2014-06-21", "2014-06-21"), ("2014-06-21-555", nil), ("2014-06-215", nil),
        ("2014/06/21", nil),
    ])
    func aDateThatIsNoValueEndsAsAWhole(text: String, expected: String?) {
        #expect(self.passed(text, by: { isoDateEnd($0, at: $1) }) == expected)
    }
}
