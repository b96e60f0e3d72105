import Foundation
import Testing

@testable import Redact

/// The second detector finds what is there, leaves what is not, and finds nothing after the redactor.
@Suite struct PlainDetectorTests {
    @Test(arguments: [
        ("card 4111 1111 1111 1111.", PIIKind.creditCard, "4111 1111 1111 1111"),
        ("1,4570839347357140,x", .creditCard, "4570839347357140"),
        ("[5336374030957701]", .creditCard, "5336374030957701"),
        ("4111·1111·1111·1111", .creditCard, "4111·1111·1111·1111"),
        ("卡号4111111111111111，", .creditCard, "4111111111111111"),
        ("４１１１１１１１１１１１１１１１", .creditCard, "４１１１１１１１１１１１１１１１"),
        ("amex 3714 496353 98431", .creditCard, "3714 496353 98431"),
        ("IBAN:DE89/3704/0044/0532/0130/00;", .iban, "DE89/3704/0044/0532/0130/00"),
        ("gb82west12345698765432", .iban, "gb82west12345698765432"),
        ("ssn,598-34-9834,x", .usSSN, "598-34-9834"),
        ("RSSMRA85T10A562S", .nationalID, "RSSMRA85T10A562S"),
        ("a,jörg.m@corp.de,b", .email, "jörg.m@corp.de"),
        ("x:ann@corp.io/y", .email, "ann@corp.io"),
        ("ann.lee @ corp.io", .email, "ann.lee @ corp.io"),
        ("mail ann.lee [at] corp [dot] io now", .email, "ann.lee [at] corp [dot] io"),
        ("ann.lee(at)corp.io", .email, "ann.lee(at)corp.io"),
        ("{\"e\":\"ann\\u0040corp.io\"}", .email, "ann\\u0040corp.io"),
        ("ann&#64;corp.io", .email, "ann&#64;corp.io"),
        ("?u=ann%40corp.io&x", .email, "ann%40corp.io"),
        ("ann@corp[.]io", .email, "ann@corp[.]io"),
        ("ann=40corp.io", .email, "ann=40corp.io"),
        ("DOB: 14/03/1985", .dateOfBirth, "14/03/1985"),
        ("\"date_of_birth\":\"1985-03-14\"", .dateOfBirth, "1985-03-14"),
        ("Geburtsdatum 14.03.1985", .dateOfBirth, "14.03.1985"),
        ("生年月日：1985/03/14", .dateOfBirth, "1985/03/14"),
    ])
    func valuesAreSeen(_ text: String, _ kind: PIIKind, _ value: String) {
        let spans = PlainDetector.spans(in: Array(text.utf8))
        #expect(spans.map(\.kind) == [kind], "\(spans)")
        #expect(spans.map { slice(text, $0.range) } == [value])
    }

    @Test(arguments: [
        "4111 1111 1111 1112", "3.4570839347357140", "DE89 3704 0044 0532 0130 01", "598-34-9834",
        "git@github.com:foo/bar.git", "icon@2x.png", "user@localhost", "npm i @types/node@20.11.5",
        "[EMAIL:k1:abcdefghijkl] **** **** **** 1111", "0000000000000000", "4111,1111,1111,1111",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "", "@", "1", "meet @ noon.today", "a (at) b",
        "DOB: [DATE_OF_BIRTH]", "birthday: 14/3", "released 14/03/1985", "see [dot] files",
        "[DATE_OF_BIRTH] 14/03/1985", "%40types%2Fnode",
    ])
    func whatIsNoValueIsLeft(_ text: String) {
        #expect(PlainDetector.spans(in: Array(text.utf8)).isEmpty)
    }

    @Test(
        .enabled(
            if: SharedData.url("data/pii") != nil,
            "shared/data/pii is not beside the repository"
        )
    )
    func negativesAreLeftAlone() throws {
        struct Record: Decodable { var text: String }
        let url = try #require(SharedData.url("data/pii/negatives.jsonl"))
        for line in try Data(contentsOf: url).split(separator: 0x0A) {
            let record = try JSONDecoder().decode(Record.self, from: Data(line))
            let spans = PlainDetector.spans(in: Array(record.text.utf8))
            #expect(spans.isEmpty, "\(spans.map { slice(record.text, $0.range) })")
        }
    }

    /// Signs that part the fields of a row; commas, colons, slashes and spaces are for the rows of numbers.
    private static let separators = [
        ";", "|", "\t", "\n", "=", "\"", "'", "[", "]", "{", "}", "<b>", "</b>", "&", "#", "\\",
        "。", "，",
        "、", "→", "*", "~", "!", "?", "%", "\",\"", "','", "\": \"", "…", "°",
    ]

    /// Rows of valid values with a random separator, the way exports and dumps have them.
    @Test func nothingIsSeenInWhatWasRedacted() throws {
        var random = SplitMix(seed: 41)
        let redactor = try PolicyRedactor(RedactionPolicy())
        for _ in 0..<3_000 {
            let separator = Self.separators[Int(random.next() % UInt64(Self.separators.count))]
            let values = (0..<Int(random.next() % 5) + 1).map { _ in Self.value(&random) }
            let text = values.joined(separator: separator)
            let clean = redactor.redact(Array(text.utf8)).text
            let left = PlainDetector.spans(in: clean)
            #expect(
                left.isEmpty,
                "\(text.debugDescription) \(String(decoding: clean, as: UTF8.self).debugDescription)"
            )
        }
    }

    private static func value(_ random: inout SplitMix) -> String {
        func digits(_ count: Int) -> [Int] { (0..<count).map { _ in Int(random.next() % 10) } }
        switch random.next() % 5 {
        case 0, 1:
            let body = [4, 5, 3, 9] + digits(11)
            let check = (0..<10).first { luhn(body.map(UInt8.init)[...] + [UInt8($0)]) } ?? 0
            let card = (body + [check]).map(String.init).joined()
            return random.next() % 2 == 0
                ? card
                : stride(from: 0, to: 16, by: 4).map { card.dropFirst($0).prefix(4) }
                    .joined(separator: ["-", " "][Int(random.next() % 2)])
        case 2: return "ann.\(random.next() % 1000)@corp\(random.next() % 100).io"
        case 3: return "DE89370400440532013000"
        default: return ["7", "42.5", "x", "N/A", "2026-11-29", "true"][Int(random.next() % 6)]
        }
    }
}
