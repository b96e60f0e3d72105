import Testing

@testable import Redact

/// One value has one pseudonym, however it is written.
@Suite struct PseudonymEqualityTests {
    private func pseudonym(_ text: String, language: String = "") throws -> String {
        var policy = RedactionPolicy()
        policy.fallback = .pseudonym
        policy.keyID = "k1"
        let key = PseudonymKey(id: "k1", bytes: Array("a key for tests".utf8))
        let result = try PolicyRedactor(policy, key: key).redact(
            Array(text.utf8),
            language: language
        )
        #expect(result.findings.count == 1, "\(text) \(result.findings)")
        let words = String(decoding: result.text, as: UTF8.self).split { $0 == "[" || $0 == "]" }
        return words.first { $0.contains(":k1:") }.map(String.init) ?? "none of \(text)"
    }

    @Test(arguments: [
        (["call +1 212 555 0187", "call (212) 555-0187", "call 212.555.0187"], ""),
        (["Tel. +49 30 23125123", "Tel. 030 23125-123", "Tel. 0049 30 23125123"], "de"),
        (["tel +44 20 7946 0958", "tel (020) 7946 0958"], "en-GB"),
        (["هاتف ٠٥٠ ١٢٣ ٤٥٦٧", "هاتف 050 123 4567"], "ar"),
        (
            [
                "from 2001:db8:85a3::8a2e:370:7334", "from 2001:0DB8:85a3:0000:0000:8a2e:0370:7334",
                "from 2001:db8:85a3:0:0:8a2e:370:7334",
            ], ""
        ),
        (["card 4111 1111 1111 1111", "card 4111-1111-1111-1111", "card 4111‑1111‑1111‑1111"], ""),
        (["SSN 536-90-4399", "SSN 536 90 4399", "SSN 536904399", "SSN 536–90–4399"], ""),
        (["DNI 50437181K", "DNI 50.437.181-K", "DNI 50437181 k"], ""),
    ])
    func oneValueHasOnePseudonym(_ texts: [String], _ language: String) throws {
        let all = try texts.map { try self.pseudonym($0, language: language) }
        #expect(Set(all).count == 1, "\(all)")
    }

    @Test func otherValuesHaveOthers() throws {
        let texts = [
            "from 2001:db8::1:0:0:1 in", "from 2001:db8:1::1:0:1 in", "from 2001:db8::1:0:1:1",
        ]
        let all = try texts.map { try self.pseudonym($0) }
        #expect(Set(all).count == texts.count)
    }
}
