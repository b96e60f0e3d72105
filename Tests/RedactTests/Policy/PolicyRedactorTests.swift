import Foundation
import Records
import Testing

@testable import Redact

@Suite struct PolicyRedactorTests {
    private let key = PseudonymKey(id: "k1", bytes: Array("a key for tests".utf8))

    private func policy(_ json: String) throws -> RedactionPolicy {
        try JSONDecoder().decode(RedactionPolicy.self, from: Data(json.utf8))
    }

    private func redacted(
        _ text: String,
        _ json: String,
        source: String = "",
        language: String = ""
    ) throws -> String {
        let redactor = try PolicyRedactor(try self.policy(json), key: self.key)
        let result = redactor.redact(Array(text.utf8), source: source, language: language)
        return String(decoding: result.text, as: UTF8.self)
    }

    @Test(arguments: [
        ("placeholder", "to [EMAIL] from [IP_ADDRESS]"),
        ("mask", "to ***.******.******e.org from ***.*.*13.77"),
        ("generalise", "to [EMAIL] from 203.0.113.0/24"),
        ("allow", "to ann.b@mail.example.org from 203.0.113.77"),
        ("drop_chunk", "to [EMAIL] from [IP_ADDRESS]"),
    ])
    func eachActionWritesItsForm(_ action: String, _ expected: String) throws {
        let text = "to ann.b@mail.example.org from 203.0.113.77"
        let found = try redacted(text, #"{"version":1,"action":"\#(action)"}"#)
        #expect(found == expected)
    }

    @Test func aCardKeepsItsLastFour() throws {
        let rule = """
            {"version":1,"rules":[{"kind":["CREDIT_CARD"],"action":"mask","keep_last":4}]}
            """
        #expect(try redacted("card 4111 1111 1111 1111.", rule) == "card **** **** **** 1111.")
    }

    @Test func aSecretIsMaskedWhole() throws {
        let text = try redacted("key AKIA2OGYBAH6QLZT5MVR", #"{"version":1,"action":"mask"}"#)
        #expect(text == "key ********************")
    }

    @Test func aDateOfBirthBecomesItsYear() throws {
        let json = #"{"version":1,"action":"generalise"}"#
        #expect(try redacted("Date of birth: 1960-09-11", json) == "Date of birth: 1960")
        #expect(try redacted("生年月日：1975年8月14日、", json) == "生年月日：1975、")
        #expect(try redacted("at 2001:db8:85a3::8a2e:370:7334.", json) == "at 2001:db8:85a3::/48.")
    }

    @Test(arguments: ["placeholder", "mask", "pseudonym", "generalise", "drop_chunk"])
    func redactingAgainChangesNothing(_ action: String) throws {
        let json = #"{"version":1,"action":"\#(action)","pseudonym_key":"k1"}"#
        let redactor = try PolicyRedactor(try policy(json), key: self.key)
        let text = """
            Write to ann@mail.example.org, call +44 20 7946 0958, card 4111 1111 1111 1111,
            IBAN DE89 3704 0044 0532 0130 00, born 1960-09-11, from 203.0.113.77 and
            2001:db8:85a3::8a2e:370:7334, key AKIA2OGYBAH6QLZT5MVR, SSN 536-90-4399.
            """
        let once = redactor.redact(Array(text.utf8))
        #expect(once.findings.count >= 8)
        let twice = redactor.redact(once.text)
        #expect(twice.text == once.text)
        #expect(twice.findings.isEmpty, "\(twice.findings)")
        for finding in once.findings {
            #expect(once.text[finding.redactedRange].first != nil)
        }
    }

    @Test func aPseudonymIsStableAcrossSpellingsAndChangesWithTheKey() throws {
        let json = #"{"version":1,"action":"pseudonym","pseudonym_key":"k1"}"#
        let one = try redacted("4111 1111 1111 1111", json)
        #expect(one == (try redacted("4111-1111-1111-1111", json)))
        #expect(one.hasPrefix("[CREDIT_CARD:k1:") && one.count == "[CREDIT_CARD:k1:]".count + 12)
        #expect(one != (try redacted("5555 5555 5555 4444", json)))
        let abroad = try redacted("+44 20 7946 0958", json)
        #expect(abroad == (try redacted("0044 20 7946 0958", json)))
        let other = PseudonymKey(id: "k1", bytes: [7])
        let redactor = try PolicyRedactor(try policy(json), key: other)
        let two = redactor.redact(Array("4111 1111 1111 1111".utf8)).text
        #expect(!two.elementsEqual(one.utf8))
        #expect(throws: PolicyRedactor.PreparationError.missingKey(id: "k1")) {
            try PolicyRedactor(try policy(json), key: PseudonymKey(id: "k2", bytes: [1]))
        }
    }

    @Test func theFirstFittingRuleDecides() throws {
        let json = """
            {"version":1,"rules":[
              {"kind":["EMAIL"],"source":["crm"],"action":"allow"},
              {"kind":["EMAIL"],"language":["zh"],"action":"mask","keep_last":0},
              {"kind":["PHONE"],"threshold":1,"action":"placeholder"},
              {"region":["pl"],"action":"allow"}]}
            """
        #expect(try redacted("a@b.example", json, source: "crm") == "a@b.example")
        #expect(try redacted("a@b.example", json, language: "zh-Hans") == "***.*******")
        #expect(try redacted("a@b.example", json) == "[EMAIL]")
        #expect(try redacted("201-555-0123", json) == "201-555-0123")
        #expect(try redacted("PESEL: 44051401359", json) == "PESEL: 44051401359")
    }

    @Test func allowListsLetValuesStand() throws {
        let json = """
            {"version":1,"allow":[{"kind":["EMAIL"],"values":["Support@Example.org"],
            "suffixes":["@open.example"]}]}
            """
        let text = "support@example.org, x@open.example, y@example.org"
        #expect(try redacted(text, json) == "support@example.org, x@open.example, [EMAIL]")
    }

    @Test func termsAndPatternsOfTheOperatorAreFound() throws {
        let json = #"""
            {"version":1,"dictionaries":[{"name":"projects","terms":["Blue Heron","北京项目"]}],
            "patterns":[{"name":"staff","pattern":"EMP-#{6}"},{"name":"case","pattern":"CS@#{2,4}"}]}
            """#
        #expect(try redacted("blue heron, BLUE HERONS", json) == "[CUSTOM], BLUE HERONS")
        #expect(try redacted("在北京项目中", json) == "在[CUSTOM]中")
        let staff = "EMP-123456 EMP-12345 XEMP-123456"
        #expect(try redacted(staff, json) == "[CUSTOM] EMP-12345 XEMP-123456")
        #expect(try redacted("CSA123 CSa123 CSA12345", json) == "[CUSTOM] CSa123 CSA12345")
    }

    @Test func contextWordsRaiseWhatIsUnsure() throws {
        let plain = #"{"version":1,"threshold":0.6}"#
        let raised = """
            {"version":1,"threshold":0.6,
            "context":[{"kind":"IP_ADDRESS","words":["sensor"],"raise":0.4}]}
            """
        #expect(try redacted("sensor 10.1.2.3 up", plain) == "sensor 10.1.2.3 up")
        #expect(try redacted("sensor 10.1.2.3 up", raised) == "sensor [IP_ADDRESS] up")
    }

    @Test(arguments: [
        #"{"version":2}"#, #"{}"#, #"{"version":1,"kinds":["EMIAL"]}"#,
        #"{"version":1,"rules":[{"kind":["EMAIL"]}]}"#, #"{"version":1,"action":"encrypt"}"#,
        #"{"version":1,"threshold":2}"#, #"{"version":1,"colour":"red"}"#,
        #"{"version":1,"action":"pseudonym"}"#, #"{"version":1,"pseudonym_key":"a b"}"#,
        ##"{"version":1,"patterns":[{"name":"x","pattern":"#{6}"}]}"##,
        #"{"version":1,"rules":[{"action":"mask","keep_last":9}]}"#,
    ])
    func whatAPolicyMayNotSayIsRefused(_ json: String) {
        #expect(throws: DecodingError.self) { try self.policy(json) }
    }

    @Test func theHashIsOfWhatDecidesOutput() throws {
        let one = try policy(#"{"version":1,"kinds":["EMAIL","PHONE"],"name":"a"}"#)
        let same = try policy(
            #"{"kinds":["PHONE","EMAIL"],"version":1,"cases":[{"text":"a","expect":"a"}]}"#
        )
        #expect(one.hash == same.hash)
        for other in [
            #"{"version":1,"kinds":["EMAIL"]}"#,
            #"{"version":1,"kinds":["EMAIL","PHONE"],"threshold":0.51}"#,
            #"{"version":1,"kinds":["EMAIL","PHONE"],"action":"mask"}"#,
            #"{"version":1,"kinds":["EMAIL","PHONE"],"rules":[{"action":"allow"}]}"#,
        ] {
            #expect(try policy(other).hash != one.hash)
        }
        let data = try JSONEncoder().encode(one)
        #expect(try JSONDecoder().decode(RedactionPolicy.self, from: data) == one)
    }

    @Test func failingCasesAreNamed() throws {
        let json = """
            {"version":1,"cases":[{"text":"to a@b.example","expect":"to [EMAIL]"},
            {"text":"to a@b.example","expect":"to nobody"}]}
            """
        let failed = try policy(json).failedCases(names: nil)
        #expect(failed == [FailedCase(index: 1, found: "to [EMAIL]")])
    }

    @Test func aDocumentMayBeDropped() throws {
        var document = Document(id: DocumentID(high: 0, low: 1), uri: "u", mediaType: .plain)
        document.text = Array("IBAN DE89 3704 0044 0532 0130 00; mail a@b.example".utf8)
        document.title = "a@b.example"
        var copy = document
        let drop = try policy(
            #"{"version":1,"rules":[{"kind":["IBAN"],"action":"drop_document"}]}"#
        )
        let redactor = try PolicyRedactor(drop)
        #expect(throws: StageError.self) { try redact(&copy, by: redactor, source: "") }
        let keep = try PolicyRedactor(try policy(#"{"version":1}"#), key: self.key)
        try redact(&document, by: keep, source: "")
        #expect(String(decoding: document.text, as: UTF8.self) == "IBAN [IBAN]; mail [EMAIL]")
        #expect(document.title == "[EMAIL]")
        #expect(document.redactions.map(\.kind) == ["IBAN", "EMAIL"])
        #expect(document.redactions.allSatisfy { $0.digest != nil && $0.action == .placeholder })
        #expect(document.redactions.map(\.range) == [5..<11, 18..<25])
        #expect(document.policy == keep.hash)
    }

    @Test(arguments: [
        "phone.national.fr", "phone.national", "fr", "f", "", ".", "..", "a.fr.", "fr..", "a..fr",
        "a.f", "a.fra", "term.é", "term.fé", "term.né.", "x.a.b", "ab.c", "über.de",
    ])
    func theRegionIsTheLastPartOfTwoBytes(rule: String) {
        let last = rule.split(separator: ".").last.map(String.init) ?? ""
        #expect(ruleRegion(rule) == (last.utf8.count == 2 ? last : ""))
    }
}
