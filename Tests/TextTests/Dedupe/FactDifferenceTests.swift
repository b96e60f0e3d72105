import Testing

@testable import Text

@Suite struct FactDifferenceTests {
    private static let before = "the river runs by the old mill and the garden. "
    private static let after = " the letter lies on the table by the window."

    private func holdsFact(_ left: String, _ right: String) -> Bool {
        var difference = FactDifference()
        let found = difference.holdsFact(Array(left.utf8), Array(right.utf8))
        let turned = difference.holdsFact(Array(right.utf8), Array(left.utf8))
        #expect(turned == found)
        return found
    }

    @Test(arguments: [
        ("it costs 17.00 euros", "it costs 18.00 euros"), ("on the 3rd", "on the 4th"),
        ("Invoice A-118", "Invoice A-161"), ("in seven days", "in nine days"),
        ("in January", "in March"), ("am Montag", "am Dienstag"),
        ("in the 五 rooms", "in the 六 rooms"),
        ("the mayor is Maria Gonzalez", "the mayor is Anna Gonzalez"),
        ("Berlin has a mayor", "Vienna has a mayor"), ("owes 5 EUR", "owes 5 USD"),
        ("takes 5 mg", "takes 5 g"), ("about 5 people", "under 5 people"),
        ("is safe", "is not safe"), ("is safe", "is unsafe"), ("il est sûr", "il n'est pas sûr"),
        ("das ist gut", "das ist nicht gut"), ("es seguro", "no es seguro"),
        ("можно войти", "нельзя войти"), ("on peut entrer", "on ne peut pas entrer"),
        ("it works", "it doesn't work"), ("bez cukru jest", "z cukrem jest"),
        ("it is allowed", "it is forbidden"), ("the sugar", "the sugarless"),
        ("[x] paid", "[ ] paid"), ("the α phase", "the β phase"), ("group b", "group c"),
        ("he owns it", "she owns it"),
        ("the buyer pays", "the seller pays"), ("der Mieter zahlt", "der Vermieter zahlt"),
        ("release beta", "release rc"), ("they won", "they lost"),
        ("call `open` first", "call `close` first"), ("call read(file)", "call write(file)"),
        ("use os.path", "use os.name"), ("see /etc/hosts", "see /etc/passwd"),
        ("pass --force", "pass --quiet"), ("set max_size", "set min_size"),
        ("a = b", "a = c"), ("loadAll", "loadNone"),
        ("\n```\nreturn left\n```\n", "\n```\nreturn light\n```\n"),
        ("\n    return left;\n", "\n    return light;\n"), ("\nx = head\n", "\nx = tail\n"),
        ("\nwhile (open) {\n    stay\n}\n", "\nwhile (open) {\n    go\n}\n"),
        ("\nif a == b:\n    stay\n", "\nif a == b:\n    go\n"),
        ("\n~~~\nstay\n~~~\n", "\n~~~\ngo\n~~~\n"),
        ("\n| mill | 5 g |\n", "\n| stone | 5 g |\n"), ("the rate rose", "the rate fell"),
        ("温度是高", "温度是低"), ("השער פתוח", "השער סגור"),
        ("great 👍", "great 👎"), ("plan A", "plan B"), ("sex: M", "sex: F"),
        ("the left door", "the right door"),
    ])
    func factsAreFound(left: String, right: String) {
        #expect(self.holdsFact(Self.before + left + Self.after, Self.before + right + Self.after))
    }

    @Test(arguments: [
        ("The Quick fox, jumps!", "the quick fox jumps"), ("some words", "some other words"),
        ("we recieve letters", "we receive letters"), ("the colour", "the color"),
        ("Home\nProducts\nContact", "Home\nShop\nAbout us"),
        ("Home | Products | Contact", "Start | Services | Imprint"),
        ("« Previous page", "Next page »"), ("Share this", "Share this on Facebook"),
        ("**bold** words", "bold words"), ("_slanted_ words", "slanted words"),
        ("However, it is", "It is"), ("one line\nof words", "one line of\nwords"),
        ("This is how the water runs.", "That is how the water runs."),
        ("the mill stands. Water runs.", "the mill stands. Rivers of water runs rivers."),
        ("我们去河边", "我们\n去河边"), ("5 appels", "5 apples"), ("", "and so on"),
        ("Menü: Startseite", "Menü: Impressum"),
        ("Title\n=====\nwords", "Title\n=====\nother words"),
        ("words (some);\n  more words", "words (some);\n  other words"),
        ("the big stone", "the large stone"),
    ])
    func wordsOfNoWeightAreNot(left: String, right: String) {
        #expect(!self.holdsFact(Self.before + left + Self.after, Self.before + right + Self.after))
    }

    @Test func whatMovedIsAFact() {
        let left = "the gold plan has 10 users and many words more, the silver plan has 20 users"
        let right = "the gold plan has 20 users and many words more, the silver plan has 10 users"
        #expect(self.holdsFact(left, right))
        #expect(
            self.holdsFact(
                "the door is not open, and the gate at the end of the garden is open",
                "the door is open, and the gate at the end of the garden is not open"
            )
        )
    }

    @Test func edges() {
        #expect(!self.holdsFact("", ""))
        #expect(!self.holdsFact("", "water words"))
        #expect(self.holdsFact("", "5"))
        #expect(!self.holdsFact("___ a ___", "a"))
        // More differences than are read.
        let left = (0..<3_000).map { $0 % 2 == 0 ? "water" : "river" }.joined(separator: " ")
        let right = (0..<3_000).map { $0 % 3 == 0 ? "stone" : "mill" }.joined(separator: " ")
        #expect(self.holdsFact(left, right))
        // Ill-formed bytes separate words, and nothing is read beyond the end.
        for bytes in [[0xFF, 0x61], [0x61, 0xE4, 0xB8], [0x61, 0xF0, 0x9F, 0x91]] as [[UInt8]] {
            var difference = FactDifference()
            let holdsFact = difference.holdsFact(bytes, Array("a".utf8))
            #expect(!holdsFact, "\(bytes)")
        }
    }

    /// Equal token for token means no difference, whatever the layout.
    @Test(arguments: 1...4) func layoutAndCaseAreNoDifference(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let words = ["Berlin", "5", "river", "not", "Maria", "stone", "-3", "mill"]
        for _ in 0..<50 {
            let text = (0..<60).map { _ in words.randomElement(using: &generator) ?? "" }
            let left = text.joined(separator: " ")
            let right = text.map { Bool.random(using: &generator) ? $0.uppercased() : $0 }
                .joined(separator: "\n")
            #expect(!self.holdsFact(left, right))
        }
    }
}
