import Foundation
import Testing

@testable import Redact

@Suite struct NameScanTests {
    private static let names: NameTable? = try? {
        let table = SmallNames.table
        return try NameTable(table.bytes, owner: table)
    }()

    private func found(_ text: String, _ kind: PIIKind) -> [String] {
        let scanner = TestScanner(kinds: [.person, .address], names: Self.names)
        let spans = Array(text.utf8).withUnsafeBufferPointer { scanner.scan($0) }
        return spans.filter { $0.kind == kind }.map { slice(text, $0.range) }
    }

    @Test(arguments: [
        ("I met Mary Jones there.", ["Mary Jones"]),
        ("Mary K. Jones and Mr. Ødegård", ["Mary K. Jones", "Ødegård"]),
        ("Dr. Xyzzy said so", ["Xyzzy"]), ("Kontakta Mary Jones på", ["Mary Jones"]),
        ("Mary de la Jones", ["Mary de la Jones"]), ("МАРИЯ и Мария Иванова", ["Мария Иванова"]),
        ("联系王小明，", ["王小明"]), ("山本 英樹様", ["山本 英樹"]), ("강도현님", ["강도현"]),
        ("contact mary jones for details", ["mary jones"]),
        ("{\"name\":\"Xyzzy Jones\"}", ["Xyzzy Jones"]),
        ("Ayşe Yılmaz aradı", ["Ayşe Yılmaz"]), ("担当：山田太郎", []),
        ("Марии Ивановой", ["Марии Ивановой"]),
        ("Wang Xiaoming called", ["Wang Xiaoming"]), ("class Jones(Base): pass", []),
        ("Jones University and Mary Street", []), ("The Quick Brown Fox", []), ("May Day", []),
        ("김영희 님께", ["김영희"]), ("이민호 씨가", ["이민호"]), ("서울 날씨", []), ("오늘 날씨가 좋다", []),
        ("고객님", []), ("영희 씨", ["영희"]), ("Liên hệ: Trần Thị Bích", ["Trần Thị Bích"]),
        ("Ông Nguyễn Văn An đến", ["Nguyễn Văn An"]), ("MS Windows and MS VC", []),
        ("MS. Xyzzy", ["Xyzzy"]), ("name=\"Austria\"", []),
        ("a paper in Lawrence, Kansas.", []), ("Lawrence, who called", ["Lawrence"]),
        ("Jan\nFeb\n", []), ("Jan\nMary\n", ["Jan", "Mary"]), ("I met Mary, London", ["Mary"]),
        ("by 5 Jan and", []), ("ask Jan about it", ["Jan"]),
        ("Perl, Julia and Python", []), ("we ask Julia, Mary", ["Julia", "Mary"]),
        ("by Reilly & Associates", []), ("set up Travis CI here", []), ("Dijkstra's algorithm", []),
        ("Dijkstra's letters", ["Dijkstra"]), ("See WAL file", []), ("Publisher: Wiley", []),
        ("Appendix E. Release", []), ("Part I. Tutorial", []),
        ("[PERSON] and [ADDRESS]", []), ("mary jones", []), ("T. C. and Prof. T. C.", []),
    ])
    func findsPersons(_ text: String, _ expected: [String]) {
        #expect(found(text, .person) == expected)
    }

    @Test(arguments: [
        ("He lives at 14 Crown Street, London.", ["14 Crown Street, London"]),
        (
            "Ship it to 928 Jennifer Passage Suite 005, attention X",
            ["928 Jennifer Passage Suite 005"]
        ),
        (
            "Bezorgen op Meespad 446\n3900MV\nWellerlooi, t.a.v. X",
            ["Meespad 446\n3900MV\nWellerlooi"]
        ),
        ("in der Hauptstraße 12, 10115 Berlin.", ["Hauptstraße 12, 10115 Berlin"]),
        ("收货地址：安徽省合山县吉区黄路I座 913886，收件人", ["安徽省合山县吉区黄路I座 913886"]),
        ("the items in place. Return 0 on success", []), ("of it was Junio C Jones, 23 hours", []),
        ("3 bis, avenue Jones, 75116 London", ["3 bis, avenue Jones, 75116 London"]),
        ("the street was empty", []), ("Wall Street rose", []), ("a road 12 miles long", []),
    ])
    func findsAddresses(_ text: String, _ expected: [String]) {
        #expect(found(text, .address) == expected)
    }

    @Test func everyDamagedTableIsRefusedOrReadWithoutATrap() {
        let whole = Array(SmallNames.table.bytes)
        for count in 0..<min(whole.count, 64) {
            let file = OwnedBytes(Array(whole[..<count]))
            #expect(throws: NameTable.FormatError.self) { try NameTable(file.bytes, owner: file) }
        }
        let full = OwnedBytes(
            Array(whole[..<16]) + [UInt8](repeating: 0xFF, count: whole.count - 16)
        )
        #expect(throws: NameTable.FormatError.notATable) {
            try NameTable(full.bytes, owner: full)
        }
    }

    @Test func lowerCaseIsThatOfUnicodeForTheLettersOfNames() {
        for scalars in [0x41...0x5A, 0xC0...0x17F, 0x391...0x3A9, 0x400...0x44F] {
            for value in scalars {
                guard let scalar = Unicode.Scalar(UInt32(value)), scalar.properties.isAlphabetic,
                    ![0x130, 0x178, 0x17F, 0x149].contains(value)
                else { continue }
                let text = Array(String(scalar).utf8)
                let lower = Array(scalar.properties.lowercaseMapping.utf8)
                let hash = text.withUnsafeBufferPointer { nameWord($0, at: 0).hash }
                #expect(hash == NameTable.hash(lower), "U+\(String(value, radix: 16))")
                let isUpper = text.withUnsafeBufferPointer { isUpperLetter($0, at: 0) }
                #expect(isUpper == scalar.properties.isUppercase, "U+\(String(value, radix: 16))")
            }
        }
    }

    @Test(arguments: [
        "A ", "Mary ", "de ", "Mary de ", "12 Street ", "Street 1,", "Ab-", "地址", "様",
    ])
    func stepsGrowWithTheInput(_ unit: String) {
        func steps(_ byteCount: Int) -> Int {
            let bytes = [UInt8](
                String(repeating: unit, count: byteCount / unit.utf8.count + 1).utf8
            )
            var steps = 0
            let scanner = TestScanner(kinds: [.person, .address], names: Self.names)
            _ = bytes.withUnsafeBufferPointer { scanner.scan($0, steps: &steps) }
            return steps
        }
        #expect(steps(32_768) <= steps(8_192) * 6 + 4_096)
    }

    /// A row of capitals is cut where it gets long; a placeholder in it moves every later cut.
    @Test func nothingIsLeftInLongRowsOfCapitals() {
        let words = ["Mary", "Jones", "INSERT", "INTO", "London", "Wheel", "Mill", "K.", "and"]
        let scanner = TestScanner(kinds: [.person, .address], names: Self.names)
        var random = SplitMix(seed: 19)
        for round in 0..<200 {
            var text = ""
            for _ in 0..<(40 + Int(random.next() % 300)) {
                text += words[Int(random.next() % UInt64(words.count))]
                text += random.next() % 60 == 0 ? "\n" : " "
            }
            let bytes = Array(text.utf8)
            let clean = bytes.withUnsafeBufferPointer {
                RedactedText($0, spans: scanner.scan($0)).bytes
            }
            let left = clean.withUnsafeBufferPointer { scanner.scan($0) }
            #expect(left.isEmpty, "round \(round)")
        }
    }
}

/// A table of a few names.
private enum SmallNames {
    static let table = file(words: [
        ("mary", 1 | 16), ("jones", 2 | 16), ("мария", 1), ("иванова", 2), ("london", 4),
        ("kansas", 4), ("lawrence", 1 | 4 | 16), ("jan", 1 | 16), ("julia", 1 | 16),
        ("perl", 2 | 16),
        ("reilly", 2 | 16), ("travis", 1), ("dijkstra", 2 | 16), ("see", 1), ("wiley", 2 | 16),
    ])

    static func file(words: [(String, UInt8)]) -> OwnedBytes {
        var slots = [UInt32](repeating: 0, count: 64)
        for (word, uses) in words {
            let hash = NameTable.hash(word.utf8)
            var index = Int(truncatingIfNeeded: hash) & 63
            while slots[index] != 0 { index = (index + 1) & 63 }
            slots[index] = UInt32(truncatingIfNeeded: hash >> 40) << 8 | UInt32(uses)
        }
        var contents = Array("MRNAMES1".utf8)
        for value in [64, UInt32(words.count)] + slots {
            withUnsafeBytes(of: value.littleEndian) { contents.append(contentsOf: $0) }
        }
        return OwnedBytes(contents)
    }
}
