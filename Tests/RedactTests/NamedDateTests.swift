import Testing

@testable import Redact

@Suite struct NamedDateTests {
    @Test(arguments: [
        ("Date of birth: March 14, 1985", "March 14, 1985"),
        ("DOB: 14 March 1985", "14 March 1985"),
        ("born on the 14th of March 1985", "14th of March 1985"),
        ("Geburtsdatum: 14. März 1985", "14. März 1985"), ("geb. 3. Mai 85", "3. Mai 85"),
        ("Date de naissance : 14 mars 1985", "14 mars 1985"),
        ("née le 1er août 1985", "1er août 1985"),
        ("fecha de nacimiento: 14 de marzo de 1985", "14 de marzo de 1985"),
        ("data di nascita 14 marzo 1985", "14 marzo 1985"),
        ("data de nascimento: 14 de março de 1985", "14 de março de 1985"),
        ("Geboortedatum: 21 mei 1990", "21 mei 1990"),
        ("data urodzenia: 14 marca 1985 r.", "14 marca 1985"),
        ("дата рождения: 14 марта 1985", "14 марта 1985"),
        ("född den 3 maj 1990", "3 maj 1990"), ("født 3. maj 1990", "3. maj 1990"),
        ("doğum tarihi: 14 Mart 1985", "14 Mart 1985"),
        ("datum narození: 3. května 1990", "3. května 1990"),
        ("született: 1985. március 14.", "1985. március 14"),
        ("Date of birth: 14-MAR-1985", "14-MAR-1985"), ("BDAY:19850314", "19850314"),
        ("DOB 14. 3. 1985", "14. 3. 1985"), ("Patient (DOB 3/14/85)", "3/14/85"),
        ("\"dateOfBirth\": \"1985-03-14T00:00:00Z\"", "1985-03-14"),
        ("nascido em 14 de março de 1985", "14 de março de 1985"),
        ("nasc. 14/03/1985", "14/03/1985"),
        ("Jan Kowal, ur. 14.03.1985", "14.03.1985"), ("14.03.1985 г.р.", "14.03.1985"),
        ("14 марта 1985 г.р.", "14 марта 1985"), ("14 Mart 1985 doğumlu", "14 Mart 1985"),
        ("am 14.03.1985 geboren", "14.03.1985"), ("aus Köln (*14.03.1985)", "14.03.1985"),
        ("生于1985年3月14日", "1985年3月14日"), ("1985年3月14日生まれ", "1985年3月14日"),
        ("生年月日: 昭和60年3月14日", "昭和60年3月14日"), ("วันเกิด: 14 มีนาคม 2528", "14 มีนาคม 2528"),
        ("DOB: 1985-03-14T00:00:00Z", "1985-03-14"), ("Date_of_Birth: 14.03.1985", "14.03.1985"),
        ("DATE_OF_BIRTH=1985-03-14", "1985-03-14"),
        ("ur. 14 III 1985 w Łodzi", "14 III 1985"), ("Kowal (* 14.03.1985)", "14.03.1985"),
    ])
    func aDateAfterAWordForBirthIsFound(_ text: String, _ date: String) {
        let spans = scan(text)
        #expect(spans.map { slice(text, $0.range) } == [date])
        #expect(spans.map(\.kind) == [.dateOfBirth])
    }

    @Test(arguments: [
        "Released March 14, 2024, patched on 2 April 2024; next review 14. März 2026.",
        "Invoice date: 14 March 2026, due 13 April 2026.", "born with 14 marbles in 1985",
        "令和6年3月14日に公開", "Stand: *14.03.2024*", "*14.03.2024 release", "ratio 3/14/85",
        "In May 14 people came, 1985 of them late; birth rates fell",
    ])
    func otherDatesStay(_ text: String) {
        #expect(scan(text).map { slice(text, $0.range) } == [])
    }
}
