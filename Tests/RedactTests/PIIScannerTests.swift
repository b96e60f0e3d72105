import Testing

@testable import Redact

@Suite struct PIIScannerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let kind: PIIKind
        let value: String
        init(_ text: String, _ kind: PIIKind, _ value: String) {
            self.text = text
            self.kind = kind
            self.value = value
        }
        var testDescription: String { self.text }
    }

    @Test(arguments: [
        Case("write to ann.b+tag@mail.example.co.uk.", .email, "ann.b+tag@mail.example.co.uk"),
        Case("邮箱ecampbell@example.net，电话", .email, "ecampbell@example.net"),
        Case("<a@xn--bcher-kva.example>", .email, "a@xn--bcher-kva.example"),
        Case("x@bücher.example", .email, "x@bücher.example"),
        Case("card 4111 1111 1111 1111.", .creditCard, "4111 1111 1111 1111"),
        Case("卡号4111111111111111，", .creditCard, "4111111111111111"),
        Case("Mastercard 2223-0031-2200-3222", .creditCard, "2223-0031-2200-3222"),
        Case("amex 3714 496353 98431", .creditCard, "3714 496353 98431"),
        Case("IBAN DE89 3704 0044 0532 0130 00; next", .iban, "DE89 3704 0044 0532 0130 00"),
        Case("gb82west12345698765432", .iban, "gb82west12345698765432"),
        Case("SSN 536-90-4399", .usSSN, "536-90-4399"),
        Case("login from 203.0.113.77:443", .ipAddress, "203.0.113.77"),
        Case("at 2001:db8:85a3::8a2e:370:7334.", .ipAddress, "2001:db8:85a3::8a2e:370:7334"),
        Case("device a2:96:9f:7b:26:fc", .macAddress, "a2:96:9f:7b:26:fc"),
        Case("device A2-96-9F-7B-26-FC", .macAddress, "A2-96-9F-7B-26-FC"),
        Case(
            "to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            .cryptoWallet,
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
        ),
        Case(
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            .cryptoWallet,
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
        ),
        Case("call +44 20 7946 0958 now", .phone, "+44 20 7946 0958"),
        Case("(201) 555-0123", .phone, "(201) 555-0123"),
        Case("Tél. 06 12 34 53 40", .phone, "06 12 34 53 40"),
        Case("電話番号：090-1234-0039、", .phone, "090-1234-0039"),
        Case("+46 (0)8 928 571 38 fax", .phone, "+46 (0)8 928 571 38"),
        Case("PESEL: 44051401359", .nationalID, "44051401359"),
        Case("Henkilötunnus: 131052-308T", .nationalID, "131052-308T"),
        Case("RSSMRA85T10A562S", .nationalID, "RSSMRA85T10A562S"),
        Case("passport number C05702663", .passport, "C05702663"),
        Case("Date of birth: 1960-09-11", .dateOfBirth, "1960-09-11"),
        Case("生年月日：1975年8月14日、", .dateOfBirth, "1975年8月14日"),
        Case("key AKIA2OGYBAH6QLZT5MVR ", .secret, "AKIA2OGYBAH6QLZT5MVR"),
        Case("postgres://app:1lF_N-gW0mpI@db.internal/x", .secret, "1lF_N-gW0mpI"),
        Case("DB_PASSWORD=ms!0Pz!WBV", .secret, "ms!0Pz!WBV"),
    ])
    func finds(_ testCase: Case) {
        let spans = scan(testCase.text)
        #expect(spans.map { $0.kind } == [testCase.kind])
        #expect(spans.map { slice(testCase.text, $0.range) } == [testCase.value])
    }

    @Test(arguments: [
        "See ISBN 978-1-759-48804-2 (pp. 34-389).", "libfoo 1.2.3.4",
        "upgrade to version 10.20.30.40", "upgrade from 5.5.13.59 to 4.22.8.97", "libfoo 5.1.22.68",
        "127.0.0.1 and 255.255.255.0", "commit 2bc7c6dcf458557435f4a185cf4eb66471ce9e16",
        "1234567890123456", "order 4111 1111 1111 1112", "2026-11-21", "21.3.1994",
        "12:03:50.276187",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "a[1::2] std::vector dead::",
        "@objc npm i @types/node@22.0.1",
        "icon@2x.png", "git@github.com:foo/bar.git", "user@localhost",
        "DE89 3704 0044 0532 0130 01",
        "000-12-3456 and 666-12-3456", "1,372 375,214 41,549,339", "lat 25.333814, lon 138.304622",
        "password = getpass()", "password=password", "password: str", "token = ${TOKEN}",
        "2001-2005, 1994-1996",
        "3.141592653589793", "x = 0x58d35ad271aef564", "rgb(22,251,115)", "1.234.567.890",
        "10 000 000 000",
        "$ sudo -u postgres psql 5432", "tarek/staff 609 2008-06-09", "Settings:\n4.8.1.2 From",
        "LV80 bANK 0000 4351 9500 1", "RFC 2616, RFC 7231 section 4.3.1",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "postgres://[SECRET:k1:mzxw6ytboi4a]@db/x",
        "://C1-[SECRET:k1:mzxw6ytboi4a]@Mr",
    ])
    func leaves(_ text: String) {
        #expect(scan(text).map { "\($0.rule) \(slice(text, $0.range))" } == [])
    }

    @Test(arguments: PIIKind.allCases)
    func placeholdersAreNeverFound(_ kind: PIIKind) {
        let p = kind.placeholder
        for text in [p, "\(p)\(p)", "password = \(p)", "tel \(p) 2024", "a:\(p)@\(p)"] {
            #expect(scan(text).isEmpty)
        }
    }

    @Test func onlyTheKindsAskedForAreFound() {
        let text = "a@b.example 203.0.113.77 +44 20 7946 0958"
        let spans = Array(text.utf8).withUnsafeBufferPointer {
            TestScanner(kinds: [.ipAddress]).scan($0)
        }
        #expect(spans.map(\.kind) == [.ipAddress])
    }

    @Test func aHigherThresholdKeepsFewer() {
        let text = Array("201-555-0123 and +44 20 7946 0958".utf8)
        let count = [0.5, 0.8, 1.01].map { minimum in
            text.withUnsafeBufferPointer {
                TestScanner(minimumScore: Float(minimum)).scan($0).count
            }
        }
        #expect(count == [2, 1, 0])
    }

    @Test func overlapsResolveToTheBetterSpan() {
        func span(_ range: Range<Int>, _ score: Float) -> PIISpan {
            PIISpan(range: range, kind: .phone, rule: "r", score: score)
        }
        #expect(
            resolved([span(4..<9, 0.9), span(0..<5, 0.5), span(9..<12, 0.5)]).map(\.range) == [
                4..<9, 9..<12,
            ]
        )
        #expect(resolved([span(0..<5, 0.9), span(2..<8, 0.9)]).map(\.range) == [2..<8])
    }
}

func scan(_ text: String) -> [PIISpan] {
    Array(text.utf8).withUnsafeBufferPointer { TestScanner().scan($0) }
}

func slice(_ text: String, _ range: Range<Int>) -> String {
    String(decoding: Array(text.utf8)[range], as: UTF8.self)
}
