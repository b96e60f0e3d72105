import Testing

@testable import Redact

@Suite struct PhoneFormTests {
    /// National numbers without a word for telephones beside them.
    @Test(arguments: [
        "020 7946 0958", "0121 235 7368", "07400 119303", "030 164262", "01512 3412997",
        "01 23 45 67 89", "02 1233 8323", "612 34 99 09", "010 125 1454", "06 12375277",
        "012 32 04 05", "0664 129313", "021 237 58 58", "070-125 89 52", "041 2320075",
        "085 011 2652", "021 124 4529", "(0212) 347 41 62", "8 (912) 342-97-92", "050 122 0215",
        "050-236-7569", "02 34585945", "0802 121 5998", "0712 163747", "(021) 23405474",
        "131 2341 0244", "0912 371 830", "090-1236-7634", "010-2009-4742", "012-343 9124",
        "0412 329 848", "(11) 96122-2051", "(601) 2331173", "(201) 555-0123", "03-1236-6997",
    ])
    func aNationalNumberNeedsNoWord(_ number: String) {
        for text in ["The desk is under \(number) before noon.", "Ann Lee\nAcme Ltd\n\(number)"] {
            #expect(scan(text).map { slice(text, $0.range) } == [number], "\(text)")
        }
    }

    @Test(arguments: [
        ("Ann Lee | Sales | M 0171 2345678 | F 030 23125-199", ["0171 2345678", "030 23125-199"]),
        ("T: 512 345 678\nx", ["512 345 678"]),
        ("212-555-0187 ext. 4521", ["212-555-0187 ext. 4521"]),
        ("Call 020 7946 0958 x12 now", ["020 7946 0958 x12"]),
        ("Call the desk, 212-555-0187/0188", ["212-555-0187/0188"]),
        ("https://wa.me/12125550187", ["12125550187"]),
        ("Ann Lee\nT+49 30 901820, F+49 30 901821", ["+49 30 901820", "+49 30 901821"]),
        ("+49 30 23125-123 DW 12", ["+49 30 23125-123 DW 12"]),
        ("+33.6.12.32.16.31", ["+33.6.12.32.16.31"]), ("+49/30/123508", ["+49/30/123508"]),
        ("Tel: + 33 6 12 32 16 31", ["+ 33 6 12 32 16 31"]),
        ("Telefón: 0912123702", ["0912123702"]), ("Fono: 221234845", ["221234845"]),
        ("id,homePhone,city\n4,2125550187,Leeds", ["2125550187"]),
        ("Rufnummer 2125550187", ["2125550187"]), ("mob_no: 2125550187", ["2125550187"]),
    ])
    func signaturesAndExtensionsAreRead(_ text: String, _ numbers: [String]) {
        #expect(scan(text).map { slice(text, $0.range) } == numbers)
    }

    @Test(arguments: [
        "Ports 8080 8443 9090, build 20240117, RFC 2119, ISO 9001:2015.",
        "00 01 02 03 04 05 06 07", "001 002 003 004", "0100 0200 0300 0400", "Q. ROO 07280-4882, a",
        "arn:aws:ssm-contacts:us-east-1:111122223333:contact/x", "Boston, MA 021110-1307, USA.",
        "48758  0853  97  66  91  20", "05432  27571  91  875", "P/N 016-58337-835",
        "512 345 678 EUR", "Part no. 555-0187-22 rev B",
    ])
    func numbersOfOtherThingsStay(_ text: String) {
        #expect(scan(text).map { slice(text, $0.range) } == [])
    }
}
