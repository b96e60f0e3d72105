import Foundation
import Testing

@testable import Redact

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
        "password=\"", "1@1.", "-----BEGIN", "1/", "ghp_a", "[at]", "a[at]", " (dot) ", "&#64;",
        "&#",
        "a<b>", "a**", "%40", "\u{AD}", "，1", "4111 1111\n", "DE89\n3704", "aa-", "key:",
        "svmatlasv1.", "Cookie: a=b; ", "authorization=", "Bearer a", "curl -u a:b ", " -pA1b2c3",
        "=40",
        "\\u0040", " dot ", " AT ", "a1", "a1b2c3d4+/", "YWJj1", "<password>", "glpat-", "{SSHA}",
        "$2b$",
        "eyJrIjoi1", "hooks.slack.com/services/T", "пароль:", "é@", "张@", "\"a\"@", "=\na",
        "Private-Lines: 1\n", "_at_a.", "a (a) ", "login: a:b1",
    ])
    func growsWithTheInput(_ unit: String) {
        let small = steps(unit, byteCount: Self.byteCount)
        let large = steps(unit, byteCount: Self.byteCount * 4)
        #expect(large <= small * 4 + small / 2 + 4_096)
        #expect(large <= Self.byteCount * 4 * 100)
    }

    /// Base64 is one word of letters and digits, or lines of them.
    @Test(arguments: [0, 76])
    func base64CostsAFewStepsAByte(lineLength: Int) {
        for byteCount in [Self.byteCount, Self.byteCount * 4] {
            let steps = steps(in: base64(byteCount, lineLength: lineLength))
            #expect(steps <= byteCount * 8)
        }
    }

    /// One line of everything: values, their halves, and text; 100 MB with `MILLRACE_SLOW`.
    @Test func oneLongLineCostsAFewStepsAByte() {
        let isSlow = ProcessInfo.processInfo.environment["MILLRACE_SLOW"] != nil
        let byteCount = isSlow ? 100_000_000 : Self.byteCount * 4
        let unit = Array(
            ("text of a line, ann@mail.example +44 20 7946 0958 4111 1111 1111 111 a [at] b "
                + "password: x8&kl2mN 10.0.0.1 12-34-ab- GB33BUKB2020 2026-11-21 key=").utf8
        )
        var text: [UInt8] = []
        text.reserveCapacity(byteCount + unit.count)
        while text.count < byteCount { text += unit }
        var steps = 0
        let found = text.withUnsafeBufferPointer { TestScanner().scan($0, steps: &steps) }
        #expect(found.count >= text.count / unit.count)
        #expect(steps <= text.count * 40)
    }

    private func base64(_ byteCount: Int, lineLength: Int) -> [UInt8] {
        let symbols = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
        )
        var random = SplitMix(seed: 21)
        return (0..<byteCount).map { index in
            lineLength > 0 && index % (lineLength + 1) == lineLength
                ? 0x0A : symbols[Int(random.next() % 64)]
        }
    }

    private func steps(_ unit: String, byteCount: Int) -> Int {
        let bytes = Array(unit.utf8)
        var text: [UInt8] = []
        text.reserveCapacity(byteCount + bytes.count)
        while text.count < byteCount { text += bytes }
        return steps(in: text)
    }

    private func steps(in text: [UInt8]) -> Int {
        var steps = 0
        _ = text.withUnsafeBufferPointer { TestScanner().scan($0, steps: &steps) }
        return steps
    }
}
