internal import Records

/// The lists of a document: what each level prints before its paragraphs.
struct WordNumbering {
    struct Level: Equatable {
        var format = WordNumberFormat.bullet
        /// What is printed, with `%1` to `%9` for the numbers of the levels; nil where the file says
        /// nothing.
        var text: String?
        var start = 1
        /// Numbers of outer levels are printed in digits, whatever their own format.
        var isLegal = false
        /// Nothing stands between the number and the text.
        var isTight = false
        /// The paragraph style that is numbered at this level.
        var style: String?
    }

    struct List {
        var definition: String
        /// First numbers that this list sets apart from its definition, by level.
        var starts: [Int: Int] = [:]
        /// Levels that this list defines itself.
        var levels: [Int: Level] = [:]
    }

    fileprivate(set) var definitions: [String: [Int: Level]] = [:]
    fileprivate(set) var lists: [Int: List] = [:]
    /// Definitions that are those of a numbering style: the style by definition, and back.
    fileprivate var styleLinks: [String: String] = [:]
    fileprivate var definitionsOfStyles: [String: String] = [:]
    private var counts: [String: [Int]] = [:]
    private var begun: Set<Int> = []

    init() {}

    init(_ part: [UInt8]) throws(ExtractionError) {
        let reader = WordNumberingReader()
        try readXML(part, into: reader)
        self = reader.numbering
    }

    /// The level of a list at which paragraphs of a style are numbered.
    func level(ofStyle style: String?, in listID: Int) -> Int? {
        guard let style, let list = self.lists[listID] else { return nil }
        let levels = self.definitions[self.definition(of: list)] ?? [:]
        return (0...8).first { (list.levels[$0] ?? levels[$0])?.style == style }
    }

    /// What the next paragraph of the list prints; nil where `listID` names no list with marks.
    mutating func next(_ listID: Int, level: Int) -> WordMark? {
        guard listID != 0, (0...8).contains(level) else { return nil }
        let list = self.lists[listID] ?? List(definition: "")
        let definition = self.definition(of: list)
        var counts = self.counts[definition] ?? Array(repeating: Int.min, count: 9)
        // A list that restarts its definition's count does so at its first item.
        if self.begun.insert(listID).inserted {
            for level in list.starts.keys where (0...8).contains(level) { counts[level] = Int.min }
        }
        for deeper in (level + 1)..<10 where deeper < 9 { counts[deeper] = Int.min }
        let levels = (0...level).map { depth in
            list.levels[depth] ?? self.definitions[definition]?[depth] ?? Level()
        }
        func start(_ depth: Int) -> Int { list.starts[depth] ?? levels[depth].start }
        counts[level] = counts[level] == Int.min ? start(level) : counts[level] + 1
        self.counts[definition] = counts
        let numbers = (0...level).map { max(0, counts[$0] == Int.min ? start($0) : counts[$0]) }
        return WordMark(numbers: numbers, levels: levels)
    }

    private func definition(of list: List) -> String {
        guard let style = self.styleLinks[list.definition],
            let other = self.definitionsOfStyles[style]
        else { return list.definition }
        return other
    }
}

/// What stands before a paragraph of a list.
struct WordMark: Equatable {
    /// As it is printed, with the blank after it if there is one; empty for a bullet.
    var printed: [UInt8] = []
    /// The number where Markdown prints it alike: `3.` or `3)`; nil for `1.1`, `(a)`, `Article 1`.
    var number: Int?

    /// A bullet.
    init() {}

    /// Nil where nothing is printed.
    fileprivate init?(numbers: [Int], levels: [WordNumbering.Level]) {
        guard let level = levels.last, let number = numbers.last else { return nil }
        guard level.format != .bullet else { return }
        guard let text = level.text else {
            guard level.format != .none else { return nil }
            self.number = number
            self.printed = Array("\(number). ".utf8)
            return
        }
        let label = Self.expanded(text, numbers, levels, isLegal: level.isLegal)
        guard label.contains(where: { $0 > 0x20 }) else { return nil }
        // Programs print some labels right before the text; words in Latin letters stay apart from them.
        let isTight = level.isTight && (label.last ?? 0) >= 0x80
        self.printed = isTight || label.last == 0x20 ? label : label + [0x20]
        let own = "%\(levels.count)"
        if level.format == .decimal, !isTight, [own, own + ".", own + ")"].contains(text) {
            self.number = number
        }
    }

    private static func expanded(
        _ text: String,
        _ numbers: [Int],
        _ levels: [WordNumbering.Level],
        isLegal: Bool
    ) -> [UInt8] {
        var label: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let next = index + 1 < bytes.count ? Int(bytes[index + 1]) - Int(UInt8(ascii: "1")) : -1
            if bytes[index] == UInt8(ascii: "%"), (0..<9).contains(next) {
                if next < numbers.count {
                    let format = isLegal ? .decimal : levels[next].format
                    label += Array(format.text(of: numbers[next]).utf8)
                }
                index += 2
            } else {
                label.append(bytes[index] == 0x09 ? 0x20 : bytes[index])
                index += 1
            }
        }
        return label
    }
}

/// How a number is printed.
///
/// - Source: ECMA-376 part 1, §17.18.59. Formats that are not listed are printed in digits.
enum WordNumberFormat: Equatable {
    case none, bullet, decimal, decimalZero, lowerLetter, upperLetter, lowerRoman, upperRoman
    case ordinal, fullWidth, circled
    case counting(EastAsianNumeral)

    init(_ name: String) {
        switch name {
        case "none": self = .none
        case "bullet": self = .bullet
        case "decimalZero": self = .decimalZero
        case "lowerLetter": self = .lowerLetter
        case "upperLetter": self = .upperLetter
        case "lowerRoman": self = .lowerRoman
        case "upperRoman": self = .upperRoman
        case "ordinal": self = .ordinal
        case "decimalFullWidth", "decimalFullWidth2": self = .fullWidth
        case "decimalEnclosedCircle", "decimalEnclosedCircleChinese": self = .circled
        case "japaneseCounting": self = .counting(.japanese)
        case "chineseCounting", "chineseCountingThousand": self = .counting(.chinese)
        case "taiwaneseCounting", "taiwaneseCountingThousand": self = .counting(.chinese)
        case "koreanCounting": self = .counting(.korean)
        case "ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand":
            self = .counting(.digits)
        case "koreanDigital2": self = .counting(.digits)
        default: self = .decimal
        }
    }

    func text(of number: Int) -> String {
        switch self {
        case .none, .bullet: ""
        case .decimal: "\(number)"
        case .decimalZero: number < 10 ? "0\(number)" : "\(number)"
        case .lowerLetter: letters(number)
        case .upperLetter: letters(number).uppercased()
        case .lowerRoman: romanNumeral(number).lowercased()
        case .upperRoman: romanNumeral(number)
        case .ordinal: "\(number)\(ordinalEnding(number))"
        case .fullWidth: fullWidthDigits(number)
        case .circled: circledNumber(number)
        case .counting(let numeral): numeral.text(of: number)
        }
    }
}

/// `a` to `z`, then `aa`, `bb` and so on.
private func letters(_ number: Int) -> String {
    guard (1...780).contains(number) else { return "\(number)" }
    let letter = Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8((number - 1) % 26)))
    return String(repeating: letter, count: (number - 1) / 26 + 1)
}

private func romanNumeral(_ number: Int) -> String {
    guard (1..<4_000).contains(number) else { return "\(number)" }
    let values: [(Int, String)] = [
        (1_000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
        (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]
    var rest = number
    var text = ""
    for (value, letters) in values {
        while rest >= value {
            text += letters
            rest -= value
        }
    }
    return text
}

private func fullWidthDigits(_ number: Int) -> String {
    String(
        String.UnicodeScalarView(
            "\(number)".unicodeScalars.map { Unicode.Scalar($0.value + 0xFEE0) ?? $0 }
        )
    )
}

/// `①` to `⑳`.
private func circledNumber(_ number: Int) -> String {
    guard (1...20).contains(number), let sign = Unicode.Scalar(0x245F + UInt32(number)) else {
        return "\(number)"
    }
    return String(sign)
}

private func ordinalEnding(_ number: Int) -> String {
    if (11...13).contains(number % 100) { return "th" }
    return [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
}

private final class WordNumberingReader: XMLEvents {
    var numbering = WordNumbering()
    private var definition: String?
    private var level: Int?
    private var list: Int?

    /// A longer text of a level is no number.
    private static let textByteLimit = 64

    func start(_ element: XMLElement) {
        guard element.name.vocabulary == .word else { return }
        let value = element["val"]
        switch element.name.local {
        case "abstractNum": self.definition = element["abstractNumId"]
        case "num": self.list = element["numId"].flatMap { Int($0) }
        case "abstractNumId":
            if let list = self.list, let value {
                self.numbering.lists[list] = WordNumbering.List(definition: value)
            }
        case "styleLink":
            if let definition, let value { self.numbering.definitionsOfStyles[value] = definition }
        case "numStyleLink":
            if let definition, let value { self.numbering.styleLinks[definition] = value }
        case "lvl", "lvlOverride": self.level = element["ilvl"].flatMap { Int($0) }
        case "startOverride":
            if let list = self.list, let level = self.level, let start = value.flatMap({ Int($0) })
            {
                self.numbering.lists[list]?.starts[level] = bounded(start)
            }
        case "start": self.change { $0.start = bounded(value.flatMap { Int($0) } ?? 1) }
        case "numFmt": self.change { $0.format = WordNumberFormat(value ?? "") }
        case "lvlText":
            let text = value.flatMap { $0.utf8.count <= Self.textByteLimit ? $0 : nil }
            self.change { $0.text = text }
        case "isLgl": self.change { $0.isLegal = isOn(element) }
        case "suff": self.change { $0.isTight = value == "nothing" }
        case "pStyle": self.change { $0.style = value }
        default: break
        }
    }

    func end(_ name: XMLName) {
        guard name.vocabulary == .word else { return }
        switch name.local {
        case "abstractNum": self.definition = nil
        case "num": self.list = nil
        case "lvl", "lvlOverride": self.level = nil
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    private func change(_ body: (inout WordNumbering.Level) -> Void) {
        guard let level = self.level, (0...8).contains(level) else { return }
        if let definition = self.definition {
            body(&self.numbering.definitions[definition, default: [:]][level, default: .init()])
        } else if let number = self.list, var list = self.numbering.lists[number] {
            body(&list.levels[level, default: .init()])
            self.numbering.lists[number] = list
        }
    }
}

/// Numbers that leave room to count on.
private func bounded(_ start: Int) -> Int { max(0, min(start, 1 << 30)) }
