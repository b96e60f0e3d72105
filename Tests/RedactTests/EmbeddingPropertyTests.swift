import Foundation
import Testing

@testable import Redact

/// Valid values in all kinds of surroundings: none with a check digit is left.
///
/// `MILLRACE_EMBEDDINGS` is the number of embeddings, 4,000 without it; `MILLRACE_EMBEDDING_SEED` draws others
/// than the held ones.
@Suite struct EmbeddingPropertyTests {
    static let count =
        ProcessInfo.processInfo.environment["MILLRACE_EMBEDDINGS"].flatMap(Int.init) ?? 4_000

    /// Separators, markup, encodings and scripts; `%` stands for the value.
    static let surroundings = [
        "%", " % ", "x % y", "7,%,12", "a;%;b", "a\t%\tb", "| % | 12 |", "|%|", "[12,%,34]",
        "[%,%]",
        "{\"a\":\"%\"}", "{'a':'%'}", "VALUES (7,'%',12);", "VALUES (7, %, 12)", "a/%/b", "7/%",
        "a:%:b", "a=%&b=2", "(%)", "[%]", "<td>%</td>", "<b>%</b>", "**%**", "`%`", "_%_", "\"%\"",
        "'%'", "file_%_scan.pdf", "scan-%.pdf", "%.", "%!", "%\n%", "> %", "- %", "# % #",
        "号码%，", "номер %.", "رقم %", "値：%。", "नंबर %।", "%,%", "x\r\n%\r\n", "«%»", "„%“", "a % b",
        "\u{FEFF}%", "%—ok", "\u{202B}%\u{202C}", "&quot;%&quot;", "&lt;%&gt;", "\\\"%\\\"", "1) %",
        "2024-05-06 10:11:12 INFO %", "2024-05-06T10:11:12Z,%,200", "k=%", "--opt=%", "@%", "~%~",
        "{%}", "<%>", "a\u{2028}%\u{2029}b", "%\\n%", "\\t%", "\\u0022%\\u0022", "\\x27%\\x27",
        "印:%印", "テスト%です", "%입니다", "INSERT INTO t VALUES(1,'%'),(2,'%');", "![%](a.png)",
        "***%***", "<!-- % -->", "https://h.example/p/%?q=1", "%|%|%",
    ]

    /// A value, and whether a check digit makes it one.
    struct Value {
        var text: String
        var isChecked: Bool
    }

    @Test func noValueIsLeft() {
        let environment = ProcessInfo.processInfo.environment
        var random = SplitMix(
            seed: environment["MILLRACE_EMBEDDING_SEED"].flatMap(UInt64.init) ?? 20_261_129
        )
        let redactor = PolicyRedactor.placeholders
        var failures: [String] = []
        var others = 0
        var leaks = 0
        for round in 0..<Self.count {
            let value = Self.value(round, &random)
            let written = Self.written(value.text, round / 7)
            let around = Self.surroundings[round % Self.surroundings.count]
            let text = around.replacing("%", with: written)
            let result = String(
                decoding: redactor.redact(Array(text.utf8)).text,
                as: UTF8.self
            )
            let isLeft = result.contains(written)
            if value.isChecked, isLeft { failures.append("\(round): \(text.debugDescription)") }
            if !value.isChecked {
                others += 1
                if isLeft {
                    leaks += 1
                    if leaks < 5 { print("left \(round): \(text.debugDescription)") }
                }
            }
        }
        #expect(failures.isEmpty, "\(failures.count): \(failures.prefix(12))")
        #expect(leaks * 200 <= others, "\(leaks) of \(others)")
    }

    private static func digits(_ count: Int, _ random: inout SplitMix) -> String {
        (0..<count).map { _ in String(random.next() % 10) }.joined()
    }

    private static func value(_ round: Int, _ random: inout SplitMix) -> Value {
        switch round % 11 {
        case 0, 1: return Value(text: card(&random), isChecked: true)
        case 2: return Value(text: iban(&random), isChecked: true)
        case 3:
            let card = Array(card(&random))
            let sign = ["-", " "][Int(random.next() % 2)]
            let groups = stride(from: 0, to: 16, by: 4).map { String(card[$0..<$0 + 4]) }
            return Value(text: groups.joined(separator: sign), isChecked: true)
        case 4:
            let area = 100 + random.next() % 500
            return Value(
                text: "\(area)-\(10 + random.next() % 80)-\(1000 + random.next() % 8999)",
                isChecked: false
            )
        case 5:
            return Value(
                text: "+4420\(2 + random.next() % 7)" + digits(7, &random),
                isChecked: false
            )
        case 6:
            return Value(
                text: "212-\(200 + random.next() % 700)-\(1000 + random.next() % 8999)",
                isChecked: false
            )
        case 7:
            let body = digits(11, &random)
            let start = "36" + body
            let last = (0...9).first { luhn((start + "\($0)").utf8.map { $0 - 0x30 }[...]) }
            return Value(text: start + "\(last ?? 0)", isChecked: true)
        case 8:
            let card = Array(card(&random))
            let groups = stride(from: 0, to: 16, by: 4).map { String(card[$0..<$0 + 4]) }
            return Value(text: groups.joined(separator: "."), isChecked: true)
        case 9:
            let pairs = (0..<6).map { _ in
                String(0x1A0 + random.next() % 0x60, radix: 16).dropFirst()
            }
            return Value(text: pairs.joined(separator: ":"), isChecked: false)
        default:
            let groups = (0..<8).map { _ in String(0x1000 + random.next() % 0xEFFF, radix: 16) }
            return Value(text: groups.joined(separator: ":"), isChecked: false)
        }
    }

    /// Sixteen digits of a common issuer with Luhn's check digit.
    private static func card(_ random: inout SplitMix) -> String {
        let body = ["4", "51", "55", "6011", "2221"][Int(random.next() % 5)]
        let start = body + digits(15 - body.count, &random)
        let last = (0...9).first { check in
            luhn((start + "\(check)").utf8.map { $0 - 0x30 }[...])
        }
        return start + "\(last ?? 0)"
    }

    private static func iban(_ random: inout SplitMix) -> String {
        let body = digits(18, &random)
        let values = [13, 14, 0, 0] + body.utf8.map { $0 - 0x30 }
        let check = 98 - mod97(values)
        return "DE" + (check < 10 ? "0" : "") + "\(check)" + body
    }

    /// The value as other signs write it, now and then.
    private static func written(_ value: String, _ choice: Int) -> String {
        switch choice % 8 {
        case 1: return value.replacing("-", with: "\u{2011}")
        case 2: return value.replacing("-", with: "–").replacing(" ", with: "\u{A0}")
        case 3 where !value.contains(":"): return wide(value, 0xFF10)
        case 4 where !value.contains(":") && !value.contains("+") && value.utf8.first ?? 0 < 0x3A:
            return wide(value, 0x0660)
        default: return value
        }
    }

    /// The value with the digits from `zero` on.
    private static func wide(_ value: String, _ zero: UInt32) -> String {
        var result = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            let isDigit = (0x30...0x39).contains(scalar.value)
            result.append(isDigit ? Unicode.Scalar(zero + scalar.value - 0x30) ?? scalar : scalar)
        }
        return String(result)
    }
}

extension PolicyRedactor {
    /// All structured kinds, each replaced by its placeholder.
    fileprivate static var placeholders: PolicyRedactor {
        guard let redactor = try? PolicyRedactor(RedactionPolicy()) else {
            preconditionFailure("placeholders need no key")
        }
        return redactor
    }
}
