import Testing

@testable import Text

/// Steps are bytes that candidates look at: four times the input may take about four times as many.
@Suite struct LinearTimeTests {
    @Test(arguments: [
        "1", "@", "a.", "a@", "1 ", "1.", "1-", ":", "a:", "1:", "-----BEGIN PRIVATE KEY-----",
        "sk-", "eyJ.",
        "password=", "password ", "xoxb-", "a", "://a:", "+1", "(1)", "bc1", "0x", "=", "--",
        "AA11", "日1", "\"",
        "password=\"", "1@1.", "-----BEGIN", "1/", "ghp_a",
    ])
    func growsWithTheInput(_ unit: String) {
        let small = steps(unit, byteCount: 1 << 15)
        let large = steps(unit, byteCount: 1 << 17)
        #expect(large <= small * 4 + small / 2 + 4_096)
        #expect(large <= 600 << 17)
    }

    private func steps(_ unit: String, byteCount: Int) -> Int {
        let bytes = Array(unit.utf8)
        var text: [UInt8] = []
        text.reserveCapacity(byteCount + bytes.count)
        while text.count < byteCount { text += bytes }
        var steps = 0
        _ = text.withUnsafeBufferPointer { PIIScanner().scan($0, steps: &steps) }
        return steps
    }
}
