import Testing

@testable import Redact

/// Addresses of each country, without a table of names, and text that only looks like one.
@Suite struct AddressTests {
    private func found(_ text: String) -> [String] {
        let scanner = TestScanner(kinds: [.address])
        let spans = Array(text.utf8).withUnsafeBufferPointer { scanner.scan($0) }
        return spans.map { slice(text, $0.range) }
    }

    @Test(arguments: [
        ("DE", "Am Markt 14, 01067 Dresden", "Versand an: ", ""),
        ("DE", "Elisabeth-Mohaupt-Weg 108\n00327 Gerolzhofen", "", "\n"),
        ("DE", "Unter den Linden 5a\nD-10117 Berlin", "Sie wohnt:\n", ""),
        ("AT", "Linzer Gasse 12/3, 5020 Salzburg", "Zustelladresse: ", "."),
        ("FR", "12 bis rue de la République, 69002 Lyon", "Elle habite ", "."),
        ("FR", "8, avenue des Champs\n75008 Paris", "", ""),
        ("IT", "Via Roma 135, 20174 Milano", "Ci vediamo in ", " alle nove."),
        ("IT", "Corso Umberto 22, 80138 Napoli (NA)", "Sede: ", ""),
        ("PL", "ul. Polna 12/4, 00-590 Warszawa", "Adres: ", "."),
        ("PL", "Rynek Główny 12, 30-042 Kraków", "| 4 | ", " | open |"),
        ("RU", "ул. Лесная, д. 5, кв. 12", "Живёт: ", ""),
        ("RU", "г. Москва, ул. Лесная, д. 5", "Адрес: ", ""),
        ("ES", "Calle de los Reyes Católicos, nº 71, 28013 Madrid", "Vive en ", "."),
        ("NL", "Keizersgracht 123, 1015 CJ Amsterdam", "Hij woont op ", "."),
        ("GB", "27 Abbey Road, Leeds LS1 4AP", "We met at ", "."),
        ("US", "742 Evergreen Terrace, Springfield, IL 62704", "Ship to ", ""),
        ("US", "1140 Broadway, Austin, TX 78701", "Our office is at ", " now."),
        ("TR", "Atatürk Cad. No: 14", "Ofis: ", ""),
        ("CZ", "Olympijská 54\n258 28 Rousínov", "Doručit na ", ""),
        ("SE", "Lilla Torget 57 B, 929 16 Umeå", "", ""),
        ("BR", "Rua das Flores, 38, 01310-100 São Paulo", "Entregar em: ", ""),
        ("JP", "東京都渋谷区神南1-12-3", "会場は", "です。"),
        ("JP", "大阪府大阪市北区梅田3丁目1番3号", "", ""),
        ("CN", "北京市朝阳区建国路93号", "公司位于", "，谢谢。"),
        ("KR", "서울특별시 강남구 테헤란로 152", "사무실은 ", "입니다."),
    ])
    func findsAddressesOf(_ country: String, _ address: String, _ before: String, _ after: String) {
        #expect(found(before + address + after) == [address], "\(country)")
    }

    @Test(arguments: [
        "U+1[D505]", "an Int32Array value at U+1D505, --D1=5, [0x1D306]",
        "6.1. Building the Documentation",
        "Address 0x3807F7B4 is 0 bytes after a block", "3.3.3.4. Preparing the class namespace",
        "Key fingerprint = 6A 1D 24 D7 0C 44 and D4:9E:B3", "GDT_Int16, GDT_UInt32",
        "OS/2 and VMS are",
        "Changed in version 3.6: The path parameter", "#define SQLITE_TRACE_ROW 0x04",
        "4. Disk Drive and",
        "Chapter 4, 20480 Words, Python Edition", "5 Test Court Cases",
        "Via Port 8080 to Server, 20480",
        "the street was empty", "Wall Street rose", "a road 12 miles long",
        "Suite 12: Parser Test, 20480 Cases",
        "第3章 第4节 5号", "1号线 3路输入", "番号5-3-2", "Adım 4: No: 5, Kat 2", "Place 12 octets",
        "st 1, pl 2, al 3",
    ])
    func leavesAlone(_ text: String) {
        #expect(found(text).isEmpty)
    }

    @Test func everyRowOfTheTableCanBeReached() {
        for (place, rule) in AddressRule.rules.enumerated() {
            let before = AddressRule.rules[..<place].contains {
                rule.needs.isSuperset(of: $0.needs)
            }
            #expect(!before, "\(rule.id) \(place)")
            #expect((0.5...1).contains(rule.score))
        }
    }
}
