import Testing

@testable import Redact

/// Values in surroundings that once hid them, and what looks like them there and is none.
@Suite struct SurroundingTests {
    @Test(arguments: [
        // Codes of strings before and after a value.
        ("\\u0022415-555-2671\\u0022", "415-555-2671"), ("\\x22598-34-9834\\x22", "598-34-9834"),
        ("\\u003c4111111111111111\\u003e", "4111111111111111"),
        ("\\u0027DE89370400440532013000\\u0027", "DE89370400440532013000"),
        ("f0c2.da23.23f4\\nf0c2.da23.23f5", "f0c2.da23.23f5"),
        ("\\ta4-9f-33-ca-96-16", "a4-9f-33-ca-96-16"),
        ("\\tDOB: 15/10/1999", "15/10/1999"), ("\\nTFN 419811328", "419811328"),
        // Brackets before a label in capitals.
        ("[DOB: 06.07.1975]", "06.07.1975"), ("![NIP 1210703122](a.png)", "1210703122"),
        // Spaces of other widths and signs that join words inside of a label.
        ("Partita\u{202F}IVA: 89256290803", "89256290803"),
        ("Carné\u{A0}de\u{A0}identidad 75121456225", "75121456225"),
        ("{\"social_security_number\": \"219 09 9998\"}", "219 09 9998"),
        // Emphasis and names of files.
        (
            "_0x585106653b193560175d740ef14f8ebaed7beff0_",
            "0x585106653b193560175d740ef14f8ebaed7beff0"
        ),
        ("file_1HLTyY6KXQcfpNsbYVfmPLm3XChqJcbYG6_2.pdf", "1HLTyY6KXQcfpNsbYVfmPLm3XChqJcbYG6"),
        ("scan-3C-C2-7D-3A-DB-A9.pdf", "3C-C2-7D-3A-DB-A9"),
        ("no.001b.7a02.8c18", "001b.7a02.8c18"),
        ("印:2a01:78e1:91af:a892:f683:d3c3:a8bb:28ca印", "2a01:78e1:91af:a892:f683:d3c3:a8bb:28ca"),
        ("印:00:1B:95:CB:07:6F印", "00:1B:95:CB:07:6F"),
        // Groups parted by other signs, a bare card of fourteen digits, and the track of a card.
        ("x 2221.1511.2469.5305", "2221.1511.2469.5305"),
        ("x 3441.732999.38498", "3441.732999.38498"),
        ("x 4111·1111·1111·1111 y", "4111·1111·1111·1111"),
        ("x 4111/1111/1111/1111 y", "4111/1111/1111/1111"),
        ("x 3714:496353:98431 y", "3714:496353:98431"), ("ssn 598/34/9834", "598/34/9834"),
        ("IBAN DE89/3704/0044/0532/0130/00", "DE89/3704/0044/0532/0130/00"),
        ("a 36807865922005 b", "36807865922005"),
        ("%B4111111111111111^DOE/JOHN^2512101", "4111111111111111"),
        // Telephones of North America in spaces and points.
        ("nur 415 298 3833.", "415 298 3833"), ("--opt=617.368.9763", "617.368.9763"),
    ])
    func aValueIsFound(_ text: String, _ value: String) {
        #expect(scan(text).map { slice(text, $0.range) }.contains(value), "\(scan(text))")
    }

    @Test(arguments: [
        "[PHONE] 0171", "[DATE_OF_BIRTH:k1:abcdefghijkl] 14/03/1985", "200 300 4000",
        "415 298 3833 512 620 7711", "150 298 3833", "999-999-9999 is a mask",
        "1234:5678:9012:3456", "4111/1111/1111/1112", "10/11/12/13", "598/34/9834",
        "2024/05/06 1234/5678", "a.b_0x12_c", "ratio 4000:3000:2000:1001", "DE89/3704/0044",
    ])
    func whatIsNobodysStays(_ text: String) {
        #expect(scan(text).map { slice(text, $0.range) } == [])
    }

    /// What the second detector sees with any sign between its groups the first takes out.
    @Test func anySignPartsTheGroupsOfAValue() {
        let signs = "·•*~+=\\#'`^&%$!?<>_:/.-–—−\u{2010}\u{A0}\u{2009}\u{3000}－ "
        let values = [
            ["4111", "1111", "1111", "1111"], ["3714", "496353", "98431"],
            ["DE89", "3704", "0044", "0532", "0130", "00"],
        ]
        for sign in signs {
            for groups in values {
                let text = "x " + groups.joined(separator: String(sign)) + " y"
                let found = scan(text).map { slice(text, $0.range) }
                #expect(
                    found == [String(text.dropFirst(2).dropLast(2))],
                    "\(text.debugDescription)"
                )
            }
        }
    }
}
