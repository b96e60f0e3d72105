import Testing

@testable import Redact

/// The table of schemes: each label finds each scheme's numbers, and wrong check digits are seen.
@Suite struct IdentitySchemeTests {
    @Test func everySetOfSchemesHasRoom() {
        #expect(IdentityScheme.all.count <= SchemeSet.capacity)
        #expect(IdentityScheme.all.count > 71)
    }

    @Test(arguments: IdentityScheme.all.indices)
    func theExampleHasItsFormAndItsCheckCharacter(_ index: Int) {
        let scheme = IdentityScheme.all[index]
        #expect(scheme.check.isRight(Array(scheme.example.utf8)), "\(scheme.rule)")
        var context = Context()
        var schemes = SchemeSet()
        schemes.insert(index)
        context.note(schemes, distance: 1)
        let found = IdentityMatchers.all.scheme(
            of: Array(scheme.example.utf8),
            context,
            isWritten: true
        )
        #expect(found?.rule == scheme.rule && found?.example == scheme.example, "\(scheme.rule)")
    }

    /// Every label of every scheme, as its own, in capitals and before a colon or a bracket.
    @Test(arguments: IdentityScheme.all.indices)
    func everyLabelFindsGeneratedNumbers(_ index: Int) {
        let scheme = IdentityScheme.all[index]
        var random = SplitMix(seed: UInt64(index) + 71)
        for label in scheme.labels.split(separator: ",") {
            let label = String(label.drop { $0 == " " })
            let value = generated(scheme, &random)
            for text in [
                "\(label): \(value)", "\(label.uppercased()) \(value).", "x, \(label) (\(value))",
                "\(label);a\n\(value);b",
            ] {
                let spans = scan(text)
                #expect(
                    spans.contains { slice(text, $0.range) == value },
                    "\(scheme.rule): \(text) \(spans)"
                )
            }
        }
    }

    /// A label alone does not make a number of one with a wrong check character.
    @Test func aWrongCheckCharacterIsNoNumber() {
        for scheme in IdentityScheme.all {
            guard case .sum = scheme.check else { continue }
            var code = Array(scheme.example.utf8)
            let last = code.count - 1
            let passing = Array("0123456789".utf8).filter {
                code[last] = $0
                return scheme.check.isRight(code)
            }
            #expect(passing.count == 1, "\(scheme.rule)")
        }
    }

    @Test(arguments: [
        ("DNI 50437181K", "id.es"), ("Mi NIF es 76653336V", "id.es"), ("DNI 50.437.181-K", "id.es"),
        ("個人番号 7783 7235 5515", "id.jp"), ("マイナンバー：778372355515", "id.jp"),
        ("HKID A123456(3)", "id.hk"), ("RUT 12.345.678-5", "id.cl"),
        ("Patient MRN: 00482913", "health.record"), ("member ID XYZ987654321", "health.member"),
        ("Reisepass-Nr. C01X00T478", "passport"), ("Kennzeichen B-AB 1234", "vehicle.plate"),
        ("License plate: 7ABC123", "vehicle.plate"), ("plate AB12 CDE seen", "vehicle.plate"),
    ])
    func labelsAreReadInTheirSurroundings(_ text: String, _ rule: String) {
        #expect(scan(text).map(\.rule) == [rule], "\(text)")
    }

    @Test(arguments: [
        "Order number 10023456789 was shipped", "patient ID in 2021-2022 was high",
        "the policy number of items is 12345", "CI build 1763934153", "pin A0 to A15",
        "passport photos of 35x45 mm", "id: 12345678",
    ])
    func whatALabelDoesNotMeanStays(_ text: String) {
        #expect(scan(text).map { slice(text, $0.range) } == [])
    }
}

/// The scheme's example with other digits, as far as its check allows.
func generated(_ scheme: IdentityScheme, _ random: inout SplitMix) -> String {
    let example = Array(scheme.example.utf8)
    let places = example.indices.suffix(5).filter { example[$0] &- 0x30 < 10 }
    for _ in 0..<5_000 {
        var code = example
        for place in places { code[place] = UInt8(0x30 + random.next() % 10) }
        if code != example, scheme.check.isRight(code) {
            return String(decoding: code, as: UTF8.self)
        }
    }
    return scheme.example
}
