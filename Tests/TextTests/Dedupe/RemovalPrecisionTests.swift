import Records
import Testing

@testable import Text

/// Three hundred labelled pairs of similar documents: what differs in a fact stays, and what does not is
/// still one document.
@Suite struct RemovalPrecisionTests {
    /// Two pages that differ in a fact.
    struct Facts: Sendable {
        let kind: String
        let make: @Sendable (inout SplitMix) -> (String, String)

        init(_ kind: String, _ make: @escaping @Sendable (inout SplitMix) -> (String, String)) {
            self.kind = kind
            self.make = make
        }
    }

    /// A page said in another way.
    struct Layout: Sendable {
        let kind: String
        let make: @Sendable (String, inout SplitMix) -> String

        init(_ kind: String, _ make: @escaping @Sendable (String, inout SplitMix) -> String) {
            self.kind = kind
            self.make = make
        }
    }

    /// Each kind makes a pair of pages that differ in a fact, between `before` and `after`.
    private static let facts: [Facts] = [
        Facts("invoice") { random in
            let (one, two) = twoOf(10...9_999, &random)
            return (
                "Invoice \(one). The sum is \(one + 7).50 EUR.",
                "Invoice \(two). The sum is \(two + 7).50 EUR."
            )
        },
        Facts("one figure") { random in
            let (one, two) = twoOf(1...900, &random)
            return (
                "The limit of the option is \(one) items.",
                "The limit of the option is \(two) items."
            )
        },
        Facts("decimal") { random in
            let (one, two) = twoOf(0...9, &random)
            return ("The pressure was 4.\(one) bar.", "The pressure was 4.\(two) bar.")
        },
        Facts("separator") { random in
            let (one, two) = twoOf(1...9, &random)
            return ("Take \(one).\(two) tablets.", "Take \(one)-\(two) tablets.")
        },
        Facts("sign") { random in
            let number = Int.random(in: 1...40, using: &random)
            return (
                "The reading was -\(number) degrees.", "The reading was +\(number) degrees."
            )
        },
        Facts("date") { random in
            let (one, two) = twoOf(0...11, &random)
            return ("It ends in \(months[one]).", "It ends in \(months[two]).")
        },
        Facts("weekday") { random in
            let (one, two) = twoOf(0...6, &random)
            return ("Geöffnet am \(days[one]).", "Geöffnet am \(days[two]).")
        },
        Facts("town") { random in
            let (one, two) = twoOf(0...7, &random)
            return (
                "\(towns[one]) has a mill by the water.",
                "\(towns[two]) has a mill by the water."
            )
        },
        Facts("name") { random in
            let (one, two) = twoOf(0...7, &random)
            return (
                "The letter was written by \(people[one]).",
                "The letter was written by \(people[two])."
            )
        },
        Facts("negation") { random in
            let place = Int.random(in: 0..<denials.count, using: &random)
            return denials[place]
        },
        Facts("number word") { random in
            let (one, two) = twoOf(0...7, &random)
            return ("Wait for \(numbers[one]) days.", "Wait for \(numbers[two]) days.")
        },
        Facts("unit") { random in
            let (one, two) = twoOf(0...5, &random)
            let number = Int.random(in: 2...90, using: &random)
            return (
                "The dose is \(number) \(units[one]) a day.",
                "The dose is \(number) \(units[two]) a day."
            )
        },
        Facts("code") { random in
            let place = Int.random(in: 0..<codes.count, using: &random)
            return codes[place]
        },
        Facts("version") { random in
            let (one, two) = twoOf(1...30, &random)
            return (
                "This is the page of release 2.\(one).", "This is the page of release 2.\(two)."
            )
        },
        Facts("script without case") { random in
            let (one, two) = twoOf(0...4, &random)
            return ("会议在\(cities[one])举行。", "会议在\(cities[two])举行。")
        },
        Facts("translation") { random in
            let (one, two) = twoOf(0...4, &random)
            return (translations[one], translations[two])
        },
        Facts("exchange") { random in
            let (one, two) = twoOf(10...99, &random)
            return (
                "Gold has \(one) seats and many words on, silver has \(two) seats.",
                "Gold has \(two) seats and many words on, silver has \(one) seats."
            )
        },
        Facts("emoji") { random in
            Bool.random(using: &random)
                ? ("The service was 👍 here.", "The service was 👎 here.")
                : ("☑ the letter was sent", "☐ the letter was sent")
        },
        Facts("one more fact") { random in
            let number = Int.random(in: 2...90, using: &random)
            return ("", "The house has \(number) rooms.")
        },
        Facts("label") { random in
            let (one, two) = twoOf(0...3, &random)
            return (
                "This is plan \(["A", "B", "C", "D"][one]) of them.",
                "This is plan \(["A", "B", "C", "D"][two]) of them."
            )
        },
    ]

    /// Each kind turns a page into another that says the same.
    private static let layouts: [Layout] = [
        Layout("reflow") { text, random in
            text.split(separator: " ").map(String.init).reduce(into: "") { page, word in
                page += page.isEmpty ? "" : Bool.random(using: &random) ? "\n" : "  "
                page += word
            }
        },
        Layout("case") { text, random in
            text.split(separator: " ").map {
                Int.random(in: 0..<4, using: &random) == 0 ? $0.uppercased() : String($0)
            }.joined(separator: " ")
        },
        Layout("punctuation") { text, random in
            text.split(separator: " ").map { word in
                Int.random(in: 0..<6, using: &random) == 0 && word.last?.isLetter == true
                    ? word + "," : String(word)
            }.joined(separator: " ")
        },
        Layout("markup") { text, random in
            text.split(separator: " ").map { word in
                guard word.allSatisfy(\.isLetter), Int.random(in: 0..<8, using: &random) == 0
                else { return String(word) }
                return ["**\(word)**", "*\(word)*", "\(word)"].randomElement(using: &random)
                    ?? ""
            }.joined(separator: " ")
        },
        Layout("navigation") { text, random in
            let menus = [
                "Home\nProducts\nContact\n\n", "Startseite\nSuche\nImpressum\n\n",
                "Previous | Next | Top\n\n", "Skip to content\nAbout us\n\n",
            ]
            return (menus.randomElement(using: &random) ?? "") + text
        },
        Layout("typing error") { text, random in
            let slips = [
                "letter": "leter", "garden": "gadren", "window": "windwo", "mirror": "miror",
            ]
            var words = text.split(separator: " ").map(String.init)
            for (place, word) in words.enumerated() where slips[word] != nil {
                words[place] = slips[word] ?? word
                break
            }
            return words.joined(separator: " ")
        },
        Layout("words of no weight") { text, random in
            text + " "
                + (["And so on.", "However, this is it.", "Thank you for reading."]
                    .randomElement(using: &random) ?? "")
        },
        Layout("cut") { text, random in
            text.split(separator: " ").dropLast(Int.random(in: 4...12, using: &random))
                .joined(separator: " ")
        },
    ]

    private func words(_ count: Int, _ random: inout SplitMix) -> String {
        (0..<count).map { _ in plainWords.randomElement(using: &random) ?? "" }
            .joined(separator: " ")
    }

    private func isOneRemoved(_ left: String, _ right: String) throws -> Bool {
        let decisions = try dedupe(
            dedupeItems([("docs/a.md", left), ("docs/b.md", right)]),
            rule: DedupeRule(threshold: 0.8)
        )
        return decisions.contains { !$0.isKept }
    }

    /// 240 pairs: 20 kinds, 12 of each.
    @Test(arguments: 0..<20) func nothingThatDiffersInAFactIsRemoved(kind: Int) throws {
        let facts = Self.facts[kind]
        let name = facts.kind
        var random = SplitMix(seed: UInt64(100 + kind))
        for number in 0..<12 {
            let before = self.words(80, &random) + ".\n\n"
            let after = "\n\n" + self.words(60, &random) + "."
            let (left, right) = facts.make(&random)
            #expect(
                try !self.isOneRemoved(before + left + after, before + right + after),
                "\(name) \(number)"
            )
            let items = dedupeItems([("a", before + left + after), ("b", before + right + after)])
            let grouped = try dedupe(items, rule: DedupeRule(threshold: 0.8))
            #expect(Set(grouped.map(\.leader)).count == 1, "\(name) \(number)")
            #expect(try self.isRemovedUnconditionally(items), "\(name) \(number) is not similar")
        }
    }

    private func isRemovedUnconditionally(_ items: [DedupeItem]) throws -> Bool {
        try dedupe(items, rule: DedupeRule(threshold: 0.8, near: .remove)).contains { !$0.isKept }
    }

    /// 64 pairs: 8 kinds, 8 of each.
    @Test(arguments: 0..<8) func whatHoldsNoFactIsStillRemoved(kind: Int) throws {
        let layout = Self.layouts[kind]
        let name = layout.kind
        var random = SplitMix(seed: UInt64(900 + kind))
        for number in 0..<8 {
            let text =
                self.words(70, &random)
                + ". The river Oder has 5 mills, and Maria is not there.\n\n"
                + self.words(70, &random) + "."
            let cuts = name == "cut" ? text + " " + self.words(14, &random) : text
            #expect(try self.isOneRemoved(cuts, layout.make(cuts, &random)), "\(name) \(number)")
        }
    }
}

private func twoOf(_ range: ClosedRange<Int>, _ random: inout SplitMix) -> (Int, Int) {
    let first = Int.random(in: range, using: &random)
    let step = Int.random(in: 1..<range.count, using: &random)
    return (first, range.lowerBound + (first - range.lowerBound + step) % range.count)
}

private let plainWords = """
    river stone harbour window engine letter market garden bridge copper signal paper ladder valley
    candle mirror basket anchor tunnel flower kettle button saddle ribbon hammer needle pillow
    """.split(whereSeparator: \.isWhitespace).map(String.init)
private let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October",
    "November", "December",
]
private let days = [
    "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
]
private let towns = [
    "Springfield", "Oslo", "Lisbon", "Rose", "Bath", "Reading", "Nice", "Cork",
]
private let people = [
    "Maria Gonzalez", "Leif Andersson", "Bill Stone", "Mark Rivers", "Rose Garden", "J. Smith",
    "Anna de la Cruz", "O'Neill",
]
private let denials = [
    ("The door is open.", "The door is not open."), ("It is safe.", "It is unsafe."),
    ("Die Tür ist offen.", "Die Tür ist nicht offen."), ("Es ist gültig.", "Es ist ungültig."),
    ("La porte est ouverte.", "La porte n'est pas ouverte."), ("Es posible.", "No es posible."),
    ("È possibile entrare.", "Non è possibile entrare."), ("Dom jest mały.", "Dom nie jest mały."),
    ("Дом можно купить.", "Дом нельзя купить."), ("It works.", "It doesn't work."),
    ("with sugar and milk", "without sugar and milk"), ("Access is allowed.", "Access is denied."),
]
private let numbers = ["two", "three", "five", "seven", "nine", "ten", "twelve", "twenty"]
private let units = ["mg", "g", "kg", "ml", "drops", "spoons"]
private let codes = [
    ("Call `open` first.", "Call `close` first."),
    ("Use io.read(name) here.", "Use io.write(name) here."),
    ("See config/main.yml there.", "See config/test.yml there."),
    ("Pass --force to it.", "Pass --quiet to it."),
    ("Set user_name to it.", "Set user_mail to it."),
    ("if (load > limit) stop", "if (load < limit) stop"),
    ("total = sum + rest", "total = sum * rest"),
    ("\n```\nreturn head\n```\n", "\n```\nreturn tail\n```\n"),
    ("\n```\nmask = a & b\n```\n", "\n```\nmask = a | b\n```\n"),
    ("\n```\nreturn -size\n```\n", "\n```\nreturn size\n```\n"),
    ("\n    return head(x);\n", "\n    return tail(x);\n"),
    ("\nlist = open\n", "\nlist = close\n"),
]
private let cities = ["北京", "上海", "东京", "広州", "大阪"]
private let translations = [
    "Please wait for the answer of the Office.", "Bitte warten Sie auf die Antwort des Amtes.",
    "Veuillez attendre la réponse de la Mairie.", "请等待办公室的答复。", "Подождите ответа от Бюро.",
]
