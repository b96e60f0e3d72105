internal import Bytes

/// A number format of a workbook: up to four sections, for positive and negative numbers, zero, text.
///
/// - Source: ECMA-376 part 1, §18.8.30 and §18.8.31.
struct NumberFormat {
    /// What one part of a section prints.
    enum Token: Equatable {
        case literal([UInt8])
        /// `0`, `#` or `?`: a digit.
        case digit(UInt8)
        case point
        case grouping
        case percent
        /// `E+` or `E-`.
        case exponent
        case fraction
        /// Letters of a date or a time, in lower case: `yyyy`, `mm`, `am/pm`.
        case date([UInt8])
        /// Hours, minutes or seconds in all, by their letter.
        case elapsed(UInt8)
        /// `@`: the text itself.
        case text
        case general
    }

    struct Section {
        fileprivate(set) var tokens: [Token] = []
        fileprivate(set) var condition: (sign: [UInt8], value: Double)?

        var isDate: Bool {
            self.tokens.contains {
                switch $0 {
                case .date, .elapsed: true
                default: false
                }
            }
        }
    }

    let sections: [Section]

    /// Formats of more are no formats.
    private static let byteLimit = 1_024

    init(_ code: String) {
        let bytes = Array(code.utf8.prefix(Self.byteLimit))
        self.sections = NumberFormatParser(bytes).sections()
    }

    /// The code behind the identifiers that files do not spell out.
    ///
    /// - Source: ECMA-376 part 1, §18.8.30; 14 and 22 as an American Excel prints them.
    static func builtIn(_ id: Int) -> String {
        switch id {
        case 1: "0"
        case 2: "0.00"
        case 3: "#,##0"
        case 4: "#,##0.00"
        case 5, 6: "$#,##0;-$#,##0"
        case 7, 8: "$#,##0.00;-$#,##0.00"
        case 9: "0%"
        case 10: "0.00%"
        case 11: "0.00E+00"
        case 12: "# ?/?"
        case 13: "# ??/??"
        case 14: "m/d/yyyy"
        case 15: "d-mmm-yy"
        case 16: "d-mmm"
        case 17: "mmm-yy"
        case 18: "h:mm AM/PM"
        case 19: "h:mm:ss AM/PM"
        case 20: "h:mm"
        case 21: "h:mm:ss"
        case 22: "m/d/yyyy h:mm"
        case 37, 38: "#,##0;(#,##0)"
        case 39, 40: "#,##0.00;(#,##0.00)"
        case 41, 42, 43, 44: "#,##0.00"
        case 45: "mm:ss"
        case 46: "[h]:mm:ss"
        case 47: "mm:ss.0"
        case 48: "##0.0E+0"
        case 49: "@"
        case 27...36, 50...58: "yyyy/m/d"
        default: "General"
        }
    }
}

/// Reads a code from left to right.
private struct NumberFormatParser {
    private let code: [UInt8]
    private var index = 0

    init(_ code: [UInt8]) { self.code = code }

    func sections() -> [NumberFormat.Section] {
        var parser = self
        var result: [NumberFormat.Section] = []
        repeat { result.append(parser.section()) } while parser.index < self.code.count
        return Array(result.prefix(4))
    }

    private mutating func section() -> NumberFormat.Section {
        var section = NumberFormat.Section()
        while self.index < self.code.count {
            let byte = self.code[self.index]
            self.index += 1
            switch byte {
            case .semicolon: return section
            case .quotationMark: section.tokens.append(.literal(self.take(to: .quotationMark)))
            case .backslash: section.tokens.append(.literal(self.character()))
            // The width of a sign, and a sign that fills the cell: nothing is printed.
            case .underscore, .asterisk: _ = self.character()
            case .leftBracket: self.takeBracket(into: &section)
            case UInt8(ascii: "0"), .numberSign, UInt8(ascii: "?"):
                section.tokens.append(.digit(byte))
            case .fullStop: section.tokens.append(.point)
            case .comma: section.tokens.append(.grouping)
            case .percentSign: section.tokens.append(.percent)
            case .slash: section.tokens.append(.fraction)
            case .atSign: section.tokens.append(.text)
            default: self.takeLetter(byte, into: &section)
            }
        }
        return section
    }

    private mutating func take(to end: UInt8) -> [UInt8] {
        let taken = Array(self.code[self.index...].prefix { $0 != end })
        self.index = min(self.index + taken.count + 1, self.code.count)
        return taken
    }

    private mutating func character() -> [UInt8] {
        guard self.index < self.code.count else { return [] }
        let start = self.index
        self.index += 1
        while self.index < self.code.count, self.code[self.index] & 0xC0 == 0x80 { self.index += 1 }
        return Array(self.code[start..<self.index])
    }

    /// `[Red]`, `[>=100]`, `[$€-407]`, `[h]`.
    private mutating func takeBracket(into section: inout NumberFormat.Section) {
        let content = self.take(to: .rightBracket)
        guard let first = content.first else { return }
        if first == .dollarSign {
            let sign = content.dropFirst().prefix { $0 != .hyphen }
            if !sign.isEmpty { section.tokens.append(.literal(Array(sign))) }
        } else if "<>=".utf8.contains(first) {
            let sign = content.prefix { "<>=".utf8.contains($0) }
            let value = Double(String(decoding: content[sign.endIndex...], as: UTF8.self))
            section.condition = value.map { (Array(sign), $0) }
        } else if let letter = content.first.map(\.asciiLowercased), "hms".utf8.contains(letter),
            content.allSatisfy({ $0.asciiLowercased == letter })
        {
            section.tokens.append(.elapsed(letter))
        }
    }

    private mutating func takeLetter(_ byte: UInt8, into section: inout NumberFormat.Section) {
        let rest = self.code[(self.index - 1)...]
        func begins(_ word: String) -> Bool {
            rest.prefix(word.utf8.count).map(\.asciiLowercased).elementsEqual(word.utf8)
        }
        for word in ["general", "am/pm", "a/p"] where begins(word) {
            self.index += word.utf8.count - 1
            return section.tokens.append(word == "general" ? .general : .date(Array(word.utf8)))
        }
        let letter = byte.asciiLowercased
        if letter == UInt8(ascii: "e"), let sign = rest.dropFirst().first,
            sign == .plusSign || sign == .hyphen
        {
            self.index += 1
            return section.tokens.append(.exponent)
        }
        guard "ymdhs".utf8.contains(letter) else { return self.takeLiteral(byte, into: &section) }
        let run = rest.prefix { $0.asciiLowercased == letter }
        self.index += run.count - 1
        section.tokens.append(.date(Array(repeating: letter, count: min(run.count, 5))))
    }

    private mutating func takeLiteral(_ byte: UInt8, into section: inout NumberFormat.Section) {
        self.index -= 1
        let text = self.character()
        if case .literal(let before) = section.tokens.last {
            section.tokens[section.tokens.count - 1] = .literal(before + text)
        } else {
            section.tokens.append(.literal(text))
        }
    }
}
