import Testing

@testable import Redact

/// Numbers beside numbers: in rows, arrays, tuples and paths each value stands for itself.
@Suite struct NumberNeighbourTests {
    private static let separators = [
        ",", ";", "\t", "|", " | ", ", ", "/", ":", "\",\"", "','", "][", ")(", " ", "\n", "<td>",
        "&", "=", "_", "\u{A0}", "，", "、", "><", "},{",
    ]

    /// A sign that writes values itself would make one value of two.
    @Test(arguments: separators)
    func everyValueOfARowGoes(_ separator: String) {
        let values = [
            "598-34-9834", "4570839347357140", "+442079460958", "5336374030957701",
            "DE89370400440532013000", "627-61-7918",
        ]
        let text = "7" + separator + values.joined(separator: separator) + separator + "12"
        let found = scan(text).map { slice(text, $0.range) }
        for value in values { #expect(found.contains(value), "\(text.debugDescription) \(found)") }
    }

    @Test(arguments: [
        "Total 4,111,112,222,333,347 bytes and 1,234,567,890 rows, 2,125,550,187 hits.",
        "17,1250,33,4710,12.5,98,100200,7", "pages 319–447, years 2019–2024, size 30–40–50 mm",
        "sum 123 456 789,50 EUR", "id 7257674920 and 43753618855",
        "id 110bcd25-a55d-453a-8046-1297901ea002",
    ])
    func numbersThatAreNobodysStay(_ text: String) {
        #expect(scan(text).map { slice(text, $0.range) } == [])
    }

    @Test(arguments: [
        "name;dob;city\nP0;1973-06-14;Leeds\nP1;1976-09-26;Leeds",
        "name,date of birth\nP0,1973-06-14\nP1,1976-09-26\n",
        "| Name | Date of birth |\n| --- | --- |\n| P0 | 1973-06-14 |\n| P1 | 1976-09-26 |",
        "Geburtsdatum\tOrt\n1973-06-14\tBonn\n1976-09-26\tBonn",
        "INSERT INTO p (id, birth_date) VALUES (1,'1973-06-14'),\n(2,'1976-09-26');",
        "\"Smith, Ann\",\"dob\"\n\"Lee, Bob\",\"1973-06-14\"\n\"Lee, Eve\",\"1976-09-26\"",
    ])
    func theHeadOfAColumnIsItsContext(_ text: String) {
        #expect(scan(text).map { slice(text, $0.range) } == ["1973-06-14", "1976-09-26"])
    }

    @Test func theHeadOfAnotherColumnSaysNothing() {
        let text = "name,dob,signed\nP0,1973-06-14,2020-01-02\nP1,1976-09-26,2021-03-04\n"
        #expect(scan(text).map { slice(text, $0.range) } == ["1973-06-14", "1976-09-26"])
        let orders = "order no,phone\n2125550187,2125550188\n2125550197,2125550198\n"
        #expect(scan(orders).map { slice(orders, $0.range) } == ["2125550188", "2125550198"])
    }

    @Test(arguments: [
        ("SSN 388‑19‑6065", "388‑19‑6065"), ("card 4148–4250–3308–0494", "4148–4250–3308–0494"),
        ("Phone: 212−708−2351", "212−708−2351"), ("SSN 388-19-\n6065", "388-19-\n6065"),
        ("SSN 388-19\n6065.", "388-19\n6065"), ("هاتف: ٠٥٠ ١٢٣ ٤٥٦٧", "٠٥٠ ١٢٣ ٤٥٦٧"),
        ("कार्ड ४१११ ११११ ११११ ११११", "४१११ ११११ ११११ ११११"),
        ("card ４１１１１１１１１１１１１１１１", "４１１１１１１１１１１１１１１１"),
        ("کارت ۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱", "۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱"),
        ("file_4074081272597959_scan.pdf", "4074081272597959"),
        ("scan-4074081272597959.pdf", "4074081272597959"),
        ("file_97.73.167.205_scan.pdf", "97.73.167.205"), ("7,157–31–6430,12", "157–31–6430"),
        ("q=a%204111111111111111%20b", "4111111111111111"),
        ("%224111111111111111%22", "4111111111111111"),
        (#"a\nf5:50:c2:2b:6a:e9\n"#, "f5:50:c2:2b:6a:e9"),
        (#"\n４１１１１１１１１１１１１１１１\n"#, "４１１１１１１１１１１１１１１１"),
        ("4111 1111 1111 1111 0000 0000", "4111 1111 1111 1111"),
        ("Tel. +44 20 7946\n0958", "+44 20 7946\n0958"),
    ])
    func signsAndDigitsOfOtherKindsAreRead(_ text: String, _ value: String) {
        #expect(scan(text).map { slice(text, $0.range) } == [value])
    }
}
