import Testing

@testable import Redact

@Suite struct ValidatorTests {
    private func digits(_ text: String) -> ArraySlice<UInt8> {
        text.utf8.filter { (0x30...0x39).contains($0) }.map { $0 - 0x30 }[...]
    }

    @Test(arguments: [
        ("4111111111111111", true), ("4111111111111112", false), ("0", true), ("18", true),
        ("19", false),
    ])
    func luhnAgreesWithItsDefinition(_ text: String, _ isValid: Bool) {
        #expect(luhn(self.digits(text)) == isValid)
    }

    @Test(arguments: [
        ("2220990000000000", CardIssuer.none), ("2221000000000009", .common),
        ("2720990000000007", .common),
        ("2721000000000004", .none), ("4111111111111111", .common), ("41111111111111", .none),
        ("340000000000009", .common), ("3400000000000000", .none), ("9999999999999995", .none),
    ])
    func issuerRangesEndWhereTheyShould(_ text: String, _ issuer: CardIssuer) {
        #expect(cardIssuer(self.digits(text)) == issuer)
    }

    @Test(arguments: [
        (000_12_3456, false), (666_12_3456, false), (900_12_3456, false), (899_12_3456, true),
        (123_00_3456, false), (123_45_0000, false), (078_05_1120, false), (001_01_0001, true),
    ])
    func socialSecurityAreas(_ value: Int, _ isIssued: Bool) {
        #expect(isIssuedSSN(value) == isIssued)
    }

    @Test func everySingleDigitErrorIsCaught() {
        let valid: [(String, (ArraySlice<UInt8>) -> Bool)] = [
            ("44051401359", isPESEL), ("10000000146", isTurkishID), ("52998224725", isBrazilianCPF),
            ("234123412346", verhoeff), ("4111111111111111", luhn),
        ]
        for (text, check) in valid {
            let good = Array(self.digits(text))
            #expect(check(good[...]), "\(text)")
            for index in good.indices {
                for change: UInt8 in 1..<10 {
                    var bad = good
                    bad[index] = (bad[index] + change) % 10
                    #expect(!check(bad[...]), "\(text) at \(index)")
                }
            }
        }
    }

    @Test(arguments: [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", true), ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", true),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", false),
        ("0A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", false),
    ])
    func base58CheckNeedsTheChecksum(_ text: String, _ isValid: Bool) {
        #expect(isBase58Check(Array(text.utf8)) == isValid)
    }

    @Test(arguments: [
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", true),
        ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", true),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", true),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", false),
    ])
    func bech32NeedsTheChecksum(_ text: String, _ isValid: Bool) {
        #expect(isBech32(Array(text.utf8)) == isValid)
    }

    @Test func ibanRemainder() {
        let iban = "GB82WEST12345698765432".utf8.map { $0 >= 0x41 ? $0 - 55 : $0 - 0x30 }
        #expect(mod97(iban) == 1)
        var wrong = iban
        wrong[10] = (wrong[10] + 1) % 10
        #expect(mod97(wrong) != 1)
    }
}
