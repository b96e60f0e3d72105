import CKernels
import Testing

@testable import Redact

@Suite struct CodedValueTests {
    @Test(arguments: [
        ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ])
    func keccakHasTheKnownDigests(_ message: String, _ digest: String) {
        let found = keccak256(Array(message.utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        #expect(found.joined() == digest)
    }

    /// The examples of EIP-55.
    @Test(arguments: [
        "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "dbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "D1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ])
    func mixedCaseIsAChecksum(_ address: String) {
        #expect(isEthereumCase(Array(address.utf8)) == true)
        #expect(isEthereumCase(Array(address.lowercased().utf8)) == nil)
        var changed = Array(address.utf8)
        let letters = changed.indices.filter { changed[$0] >= 0x41 }
        for index in letters.prefix(3) {
            changed[index] ^= 0x20
            #expect(isEthereumCase(changed) == false)
            changed[index] ^= 0x20
        }
    }

    /// The examples of ICAO Doc 9303.
    @Test(arguments: [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
        "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ])
    func codeLinesOfDocumentsAreFound(_ lines: String) {
        let spans = scan("Scan:\n\(lines)\nend")
        #expect(spans.map(\.rule) == ["passport.mrz"])
        #expect(spans.map { slice("Scan:\n\(lines)\nend", $0.range) } == [lines])
        let changed = lines.replacing("7408122", with: "7408123")
        #expect(!scan(changed).contains { $0.rule == "passport.mrz" })
    }

    @Test(arguments: [
        ("BIC: DEUTDEFF500", "DEUTDEFF500"), ("SWIFT code NEDSZAJJ.", "NEDSZAJJ"),
        ("BIC/SWIFT: BNPAFRPPXXX", "BNPAFRPPXXX"),
    ])
    func bankCodesNeedACountry(_ text: String, _ code: String) {
        #expect(scan(text).map { slice(text, $0.range) } == [code])
        #expect(scan("BIC: DEUTQQFF500").isEmpty)
        #expect(scan("swift PAYMENTS are fast").isEmpty)
    }

    @Test(arguments: [
        ("Krankenkasse KVNR: A123456780", "A123456780", "health.de"),
        ("patient's Medicare MBI 4EF6GH8JK12", "4EF6GH8JK12", "health.us.mbi"),
        ("licence SMITH862310AB1CD seen", "SMITH862310AB1CD", "licence.gb"),
        ("Korean passport: M456B7890", "M456B7890", "passport"),
        ("Mi pasaporte es AAA123456", "AAA123456", "passport"),
        ("identificación de extranjero es Y8063915-Z", "Y8063915-Z", "id.es"),
    ])
    func documentsAreFoundByTheirShape(_ text: String, _ value: String, _ rule: String) {
        let spans = scan(text)
        #expect(spans.map { slice(text, $0.range) } == [value])
        #expect(spans.map(\.rule) == [rule])
    }

    @Test(arguments: [
        "call john<b>@</b>mail.example now", "mail <b>ann</b>@mail.example",
        "ann**@**mail.example x",
        "4111 **1111** 1111 1111", "ann.b%40mail.example", "ann at&#64;mail.example",
        "ann{at}mail{dot}example", "tel %2B442079460958",
    ])
    func valuesAreSeenThroughMarkup(_ text: String) {
        #expect(scan(text).count == 1, "\(scan(text))")
    }

    @Test(arguments: [
        ("10.1.2.3", "ip.v4.private"), ("172.31.0.9", "ip.v4.private"), ("172.32.0.9", "ip.v4"),
        ("100.64.200.1", "ip.v4.private"), ("8.8.4.4", "ip.v4"), ("fd00:12::34:1", "ip.v6.private"),
        ("fe80::1ff:fe23:4567:890a", "ip.v6.private"), ("2001:db8:85a3::8a2e:370:7334", "ip.v6"),
    ])
    func privateAddressesAreTold(_ address: String, _ rule: String) {
        #expect(scan("login from host \(address) ok").map(\.rule) == [rule])
    }

    @Test(arguments: [
        "allow 2001:db8::/32 in", "from ::ffff:0:0 on",
        "MAC 00-00-5E-00-53-01 and 00:00:5e:00:53:ff", "route fd00:1::/48 to",
        "Reset your password: https://a.example/reset",
    ])
    func networksAndPagesNameNobody(_ text: String) {
        #expect(scan(text).isEmpty, "\(scan(text))")
    }

    @Test(arguments: ["from 2001:db8:1:2::/64 in", "password: https://a.example/?k3Jd82mXqW"])
    func theseDo(_ text: String) { #expect(scan(text).count == 1) }

    @Test func aLabelIsThatOfTheFirstValueBehindIt() {
        let found = scan("data-ssn='598-34-9834'>212-842-4731</td>").map(\.kind)
        #expect(found == [.usSSN, .phone])
    }

    @Test(arguments: [
        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    ])
    func walletsOfOtherChainsAreFound(_ wallet: String) {
        #expect(scan("send to \(wallet) today").map(\.kind) == [.cryptoWallet])
    }

    @Test(arguments: [
        "AKIA2OGYBAH6QLZT5MVR", "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc",
        "shippo_live_0123456789abcdef0123456789abcdef01234567",
        "xkeysib-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "NRAK-ABCDEFGHIJKLMNOPQRSTUVWXYZ1",
        "PMAK-5f0a1b2c3d4e5f6a7b8c9d0e-0123456789abcdef0123456789abcdef01",
        "SK0123456789abcdef0123456789abcdef", "sntrys_eyJpYXQiOjE2ODczMzY1NDMuNjk4NTl9",
        "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQY",
    ])
    func tokensOfIssuersAreFound(_ token: String) {
        let text = "see \(token) there"
        #expect(scan(text).map { slice(text, $0.range) } == [token])
    }

    @Test(arguments: [
        ("Authorization: Bearer 9a8b7c6d5e4f3g2h1i0jKLMN", "9a8b7c6d5e4f3g2h1i0jKLMN"),
        ("authorization: basic dXNlcjpwYXNzMTIz", "dXNlcjpwYXNzMTIz"),
        ("Passwort: Hunter2!x", "Hunter2!x"), ("contraseña=Tr0ub4dor&3", "Tr0ub4dor&3"),
    ])
    func credentialsAreFound(_ text: String, _ value: String) {
        #expect(scan(text).map { slice(text, $0.range) } == [value])
    }

    @Test(arguments: [
        ("lat 52.520008, lon 13.404954", "52.520008, lon 13.404954"),
        ("GPS: -33.8688, 151.2093.", "-33.8688, 151.2093"),
        ("at 40°26′46″N 79°58′56″W now", "40°26′46″N 79°58′56″W"),
    ])
    func placesAreFoundWhereAskedFor(_ text: String, _ value: String) {
        let spans = Array(text.utf8).withUnsafeBufferPointer {
            TestScanner(kinds: [.coordinates]).scan($0)
        }
        #expect(spans.map { slice(text, $0.range) } == [value])
        let other = Array("width 52.520008, 13.404954".utf8)
        #expect(
            other.withUnsafeBufferPointer { TestScanner(kinds: [.coordinates]).scan($0) }.isEmpty
        )
    }

    @Test(arguments: [
        ("+44 20 7946 0958", "", "+442079460958"), ("020 7946 0958", "GB", "+442079460958"),
        ("(020) 7946-0958", "GB", "+442079460958"), ("0044 20 7946 0958", "FR", "+442079460958"),
        ("+44 (0)20 7946 0958", "US", "+442079460958"), ("(201) 555-0123", "US", "+12015550123"),
        ("011 44 20 7946 0958", "US", "+442079460958"), ("06 12 34 53 40", "FR", "+33612345340"),
        ("8 495 123-45-67", "RU", "+74951234567"), ("06 1 234 5678", "HU", "+3612345678"),
        ("02 1234 5678", "IT", "+390212345678"), ("612 345 678", "ES", "+34612345678"),
        ("090-1234-0039", "JP", "+819012340039"), ("020 7946 0958", "", nil), ("123", "GB", nil),
    ])
    func onePhoneHasOneForm(_ text: String, _ region: String, _ expected: String?) {
        #expect(e164(Array(text.utf8), region: region) == expected)
    }

    /// The vector anchors of this processor against what the triples say.
    @Test func anchorsAreWhatTheTriplesSay() {
        var random = SplitMix(seed: 9)
        var tables = anchorTables
        for count in [1, 2, 63, 64, 65, 66, 127, 129, 500] {
            let text = (0..<count).map { _ in
                random.next() % 3 == 0
                    ? UInt8(truncatingIfNeeded: random.next())
                    : Array("0123:@ab<*sk_key&#=".utf8)[Int(random.next() % 19)]
            }
            var masks = [UInt64](repeating: 0, count: (count + 63) / 64)
            ck_anchor_masks(text, count, 0, masks.count, &tables, &masks)
            for index in 0..<count {
                let three = [index - 2, index - 1, index].map { $0 < 0 ? 0x0A : text[$0] }
                let isDigit = { (byte: UInt8) in byte &- 0x30 < 10 }
                let isWanted =
                    three[2] == 0x40 || isDigit(three[2]) && !isDigit(three[1])
                    || AnchorTriple.all.contains { triple in
                        (0..<3).allSatisfy { triple.bytes[$0].contains(three[$0]) }
                    }
                let isMarked = masks[index / 64] >> UInt64(index % 64) & 1 == 1
                // A mark too many costs time alone.
                #expect(!isWanted || isMarked, "\(three)")
            }
        }
    }

    /// Both forms of the vector tables, of which a processor uses one, let every triple through.
    @Test func bothFormsOfTheVectorTablesHoldEveryTriple() {
        var tables = anchorTables
        let low = withUnsafeBytes(of: &tables.low) { [UInt8]($0) }
        let high = withUnsafeBytes(of: &tables.high) { [UInt8]($0) }
        let wide = withUnsafeBytes(of: &tables.wide) { [UInt8]($0) }
        for triple in AnchorTriple.all {
            for (first, second, third) in zip3(triple.bytes) {
                let places = [first, second, third].map(Int.init).enumerated()
                let inHalves = (0..<low.count / 48).contains { group in
                    places.reduce(UInt8.max) { sets, byte in
                        let row = (group * 3 + byte.offset) * 16
                        return sets & low[row + (byte.element & 15)]
                            & high[row + (byte.element >> 4)]
                    } != 0
                }
                let inSeptets = (0..<wide.count / 384).contains { group in
                    places.reduce(UInt8.max) { sets, byte in
                        sets & wide[(group * 3 + byte.offset) * 128 + (byte.element & 127)]
                    } != 0
                }
                #expect(inHalves && inSeptets, "\(first) \(second) \(third)")
            }
        }
    }

    /// Every triple is found in the tables, whatever is before it.
    @Test func tablesHoldEveryTriple() {
        let tables = Anchor.Tables()
        for triple in AnchorTriple.all {
            for (first, second, third) in zip3(triple.bytes) {
                let pair = Int(second) << 8 | Int(third)
                #expect(tables.anchors(first, pair: pair) & triple.anchor != 0)
            }
        }
        #expect(tables.anchors(0x61, pair: 0x6162) == 0)
    }

    private func zip3(_ bytes: [[UInt8]]) -> [(UInt8, UInt8, UInt8)] {
        (0..<max(bytes[0].count, bytes[1].count, bytes[2].count)).map { index in
            (
                bytes[0][index % bytes[0].count], bytes[1][index % bytes[1].count],
                bytes[2][index % bytes[2].count]
            )
        }
    }

    @Test func wordsStartWhereASlowLookSaysSo() {
        var random = SplitMix(seed: 6)
        func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
        for _ in 0..<500 {
            let text = (0..<80).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let start = Int(random.next() % 16)
            let count = Int(random.next() % 65)
            var slow: UInt64 = 0
            for offset in 0..<count {
                let byte = text[start + offset]
                let isAfterLetter = start + offset > 0 && isLetter(text[start + offset - 1])
                let isStart = byte >= 0xC0 || isLetter(byte) && !isAfterLetter
                slow |= (isStart ? 1 : 0) << UInt64(offset)
            }
            #expect(ck_word_starts(text, start, count) == slow)
        }
    }

    @Test func ordinaryTextEndsWhereASlowLookSaysSo() {
        var random = SplitMix(seed: 4)
        for count in [0, 1, 15, 16, 17, 40, 100] {
            let text = (0..<count).map { _ in
                random.next() % 20 == 0 ? UInt8(truncatingIfNeeded: random.next()) : UInt8(0x61)
            }
            for start in 0...count {
                let slow = (start..<count).first {
                    text[$0] >= 0x80 || (0x41...0x5A).contains(text[$0])
                        || (0x30...0x3A).contains(text[$0])
                }
                #expect(ck_ordinary_end(text, count, start) == slow ?? count)
            }
        }
    }
}
