import Testing

@testable import Redact

@Suite struct DisguisedTextTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var kind: PIIKind
        var value: String
        var testDescription: String { self.text }
    }

    @Test(arguments: [
        Case(text: "card ４１１１ １１１１ １１１１ １１１１.", kind: .creditCard, value: "４１１１ １１１１ １１１１ １１１１"),
        Case(
            text: "mail ann.b [at] mail.example now",
            kind: .email,
            value: "ann.b [at] mail.example"
        ),
        Case(
            text: "mail ann (at) mail (dot) example now",
            kind: .email,
            value: "ann (at) mail (dot) example"
        ),
        Case(text: "ann&#64;mail.example", kind: .email, value: "ann&#64;mail.example"),
        Case(text: "ann&#x40;mail.example", kind: .email, value: "ann&#x40;mail.example"),
        Case(text: "?to=ann%40mail.example&x", kind: .email, value: "ann%40mail.example"),
        Case(text: "ann＠mail.example", kind: .email, value: "ann＠mail.example"),
        Case(
            text: "a\u{AD}nn@mail.ex\u{AD}ample",
            kind: .email,
            value: "a\u{AD}nn@mail.ex\u{AD}ample"
        ),
        Case(
            text: "4111\u{200B}1111\u{200B}1111\u{200B}1111",
            kind: .creditCard,
            value: "4111\u{200B}1111\u{200B}1111\u{200B}1111"
        ),
        Case(
            text: "IBAN DE89\u{A0}3704\u{A0}0044\u{A0}0532\u{A0}0130\u{A0}00&nbsp;x",
            kind: .iban,
            value: "DE89\u{A0}3704\u{A0}0044\u{A0}0532\u{A0}0130\u{A0}00"
        ),
        Case(
            text: "IBAN DE89\u{202F}3704\u{202F}0044\u{202F}0532\u{202F}0130\u{202F}00, x",
            kind: .iban,
            value: "DE89\u{202F}3704\u{202F}0044\u{202F}0532\u{202F}0130\u{202F}00"
        ),
        Case(
            text: "\"Dear all\\n4111 1111 1111 1111\\nbye\"",
            kind: .creditCard,
            value: "4111 1111 1111 1111"
        ),
        Case(text: "a\\t+49 30 901820\\r\\n", kind: .phone, value: "+49 30 901820"),
        Case(text: "a\\nDE89370400440532013000\\n", kind: .iban, value: "DE89370400440532013000"),
        Case(
            text: "?mac=40%3Af7%3A12%3Add%3Aa9%3A68&x",
            kind: .macAddress,
            value: "40%3Af7%3A12%3Add%3Aa9%3A68"
        ),
        Case(
            text: "40&#58;f7&#58;12&colon;dd&#58;a9&#x3a;68",
            kind: .macAddress,
            value: "40&#58;f7&#58;12&colon;dd&#58;a9&#x3a;68"
        ),
        Case(
            text:
                "2a02\\u003a8108\\u003a5e48\\u003a799\\u003ad7f3\\u003af2bc\\u003a757a\\u003aafd9",
            kind: .ipAddress,
            value:
                "2a02\\u003a8108\\u003a5e48\\u003a799\\u003ad7f3\\u003af2bc\\u003a757a\\u003aafd9"
        ),
        Case(
            text: "IBAN DE89 3704 0044\n0532 0130 00, paid",
            kind: .iban,
            value: "DE89 3704 0044\n0532 0130 00"
        ),
        Case(
            text: "> IBAN: GB33BUKB2020 \r\n> 1555555555\n",
            kind: .iban,
            value: "GB33BUKB2020 \r\n> 1555555555"
        ),
        Case(
            text: "card number 4111 1111\n1111 1111 and",
            kind: .creditCard,
            value: "4111 1111\n1111 1111"
        ),
        Case(
            text: "my card: 4111-1111-1111\r\n  1111.",
            kind: .creditCard,
            value: "4111-1111-1111\r\n  1111"
        ),
    ])
    func valuesAreSeenThroughTheirDisguise(_ testCase: Case) {
        let spans = scan(testCase.text)
        #expect(spans.map(\.kind) == [testCase.kind])
        #expect(spans.map { slice(testCase.text, $0.range) } == [testCase.value])
    }

    @Test(arguments: [
        "look (at) this", "a [at] b", "f(a) [dot] x", "100%25", "&#12;&#xZZ;", "（全角）１２３",
        "array[a] (b) {c}",
        "50% 40%4", "4111 1111\n1111 1111", "card 4111 1111\n1111 1112",
        "DE89 3704 0044\n0532 0130 01",
        "http%3A%2F%2Fhost%2Fpath%3Fx", "a\\nB, \\n12 and \\t(x)", "C:\\new\\Table\\2024",
        "x\\.y\\_z",
        "it&#39;s (a&#34;b&#39;c)", "在这里，我们，一二", "&commat", "(at", "[at]",
    ])
    func ordinaryTextStays(_ text: String) {
        #expect(scan(text).isEmpty)
    }

    @Test func offsetsMapBackWhateverTheBytes() {
        var random = SplitMix(seed: 9)
        let alphabet: [UInt8] =
            Array("a1 .@%4&#6;([at])".utf8) + [
                0xC2, 0xAD, 0xA0, 0xE2, 0x80, 0x8B, 0xEF, 0xBC, 0x91, 0xFF,
            ]
        for _ in 0..<3_000 {
            let bytes = (0..<Int(random.next() % 40)).map { _ in
                alphabet[Int(random.next() % UInt64(alphabet.count))]
            }
            bytes.withUnsafeBufferPointer { buffer in
                guard let text = DisguisedText(buffer) else { return }
                #expect(text.sourceRange(of: 0..<text.bytes.count).upperBound == bytes.count)
                for index in text.bytes.indices {
                    let range = text.sourceRange(of: index..<index + 1)
                    #expect(!range.isEmpty && range.upperBound <= bytes.count)
                }
                _ = TestScanner(minimumScore: 0).scan(buffer)
            }
        }
    }

    @Test func aDisguisedValueFarInALongTextIsFound() {
        let filler = String(repeating: "word ", count: 2_000)
        let text = filler + "ann [at] mail.example " + filler + "bob [at] mail.example " + filler
        #expect(
            scan(text).map { slice(text, $0.range) } == [
                "ann [at] mail.example", "bob [at] mail.example",
            ]
        )
    }
}
