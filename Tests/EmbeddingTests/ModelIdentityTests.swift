import Foundation
import Testing

@testable import Embedding

@Suite("Model identity")
struct ModelIdentityTests {
    private static let identity = ModelIdentity(
        name: "m",
        sha256: "ab",
        tokenizer: "wordpiece:cd",
        dimensions: 2,
        queryPrefix: "q: ",
        maximumTokens: 256,
        revision: 1
    )

    @Test func fingerprintTextIsFixed() {
        #expect(
            Self.identity.fingerprintText == """
                name=1:m
                sha256=2:ab
                tokenizer=12:wordpiece:cd
                dimensions=1:2
                query-prefix=3:q:\u{20}
                passage-prefix=0:
                precision=3:f32
                maximum-tokens=3:256
                revision=1:1

                """
        )
    }

    @Test(
        arguments: [
            { $0.name = "n" }, { $0.sha256 = "ac" }, { $0.tokenizer = "t" }, { $0.dimensions = 3 },
            { $0.queryPrefix = "" }, { $0.passagePrefix = "p" }, { $0.precision = "bf16" },
            { $0.maximumTokens = 128 }, { $0.revision = 2 },
            { $0.queryPrefix = "q: \npassage-prefix=0:" },
        ] as [@Sendable (inout ModelIdentity) -> Void]
    )
    func eachFieldDecidesTheFingerprint(change: @Sendable (inout ModelIdentity) -> Void) {
        var other = Self.identity
        change(&other)
        #expect(other.fingerprintText != Self.identity.fingerprintText)
    }

    @Test func survivesCoding() throws {
        let data = try JSONEncoder().encode(Self.identity)
        #expect(try JSONDecoder().decode(ModelIdentity.self, from: data) == Self.identity)
    }
}
