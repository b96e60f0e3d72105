import Testing

@testable import Text

/// Steps are bytes that candidates look at: four times the input may take about four times as many.
@Suite struct LinearTimeTests {
    #if DEBUG
        private static let byteCount = 1 << 14
    #else
        private static let byteCount = 1 << 20
    #endif

    @Test(arguments: [
        "1", "@", "a.", "a@", "1 ", "1.", "1-", ":", "a:", "1:", "-----BEGIN PRIVATE KEY-----",
        "sk-", "eyJ.",
        "password=", "password ", "xoxb-", "a", "://a:", "+1", "(1)", "bc1", "0x", "=", "--",
        "AA11", "日1", "\"",
        "password=\"", "1@1.", "-----BEGIN", "1/", "ghp_a",
    ])
    func growsWithTheInput(_ unit: String) {
        let small = steps(unit, byteCount: Self.byteCount)
        let large = steps(unit, byteCount: Self.byteCount * 4)
        #expect(large <= small * 4 + small / 2 + 4_096)
        #expect(large <= Self.byteCount * 4 * 100)
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
