import Records
import Testing

@testable import Text

/// Which texts are the same document but for letter case, punctuation and markup.
@Suite struct SignRuleTests {
    private func exact(_ text: String) -> String {
        var builder = SignatureBuilder()
        return builder.signature(of: text).exact.hex
    }

    @Test(arguments: [
        ("It was -5 degrees", "It was +5 degrees"), ("It was -5 degrees", "It was 5 degrees"),
        ("-5", "5"), ("(-5)", "(5)"), ("\u{2212}5", "5"), ("a \u{2212} b", "a b"),
        ("x = y + 1", "x = y - 1"), ("a+b", "a-b"), ("a*b", "a/b"), ("a * b", "a b"),
        ("a/b", "a-b"), ("10 - 5", "10 5"), ("(a + b) * c", "a + (b * c)"),
        ("a < b", "a > b"), ("a <= b", "a < b"), ("a == b", "a != b"), ("a && b", "a || b"),
        ("!done", "done"), ("x^2", "x 2"), ("- 5", "+ 5"), ("5 %", "5"), ("5%", "5"), ("~5", "5"),
        ("$5", "€5"), ("£5", "5"), ("20°", "20"), ("5 ± 1", "5 1"), ("≤ 5", "≥ 5"),
        ("1.5 mg", "1-5 mg"), ("1.5", "1 5"), ("1,5", "1.5"), (".5", "5"), ("10:30", "10.30"),
        ("C++", "C"), ("C#", "C"), ("great 👍", "great 👎"), ("great 👍", "great"),
        ("☑ paid", "☐ paid"), ("✓ paid", "✗ paid"), ("★★★☆☆", "★★☆☆☆"), ("a → b", "a ← b"),
        ("a＋b", "a b"), ("5％", "5"), ("3‰", "3"), ("5′", "5″"), ("R&D", "R D"),
        ("🇩🇪", "🇫🇷"), ("∀x", "∃x"), ("x = a & b", "x = a | b"), ("x = -y", "x = y"),
        ("f(-y)", "f(y)"), ("for (i = 5; i > 0; i--)", "for (i = 5; i > 0; i)"),
    ])
    func aSignMakesAnotherDocument(left: String, right: String) {
        #expect(self.exact("the \(left) text") != self.exact("the \(right) text"))
        #expect(self.exact(left + " end") != self.exact(right + " end"))
    }

    @Test(arguments: [
        ("The Quick brown fox, jumps!", "the quick brown fox jumps"),
        ("“Quoted” text – with dashes — and…", "Quoted text with dashes and"),
        ("* item one\n* item two", "- item one\n- item two"),
        ("+ item one", "1. item one".replacing("1. ", with: "")),
        ("• item one\n● item two", "item one\nitem two"),
        ("# Heading\n\ntext", "Heading\n=======\n\ntext"), ("## Heading", "Heading\n---"),
        ("some **bold** and *slanted* text", "some bold and slanted text"),
        ("**(note)** here", "(note) here"), ("> quoted\n> more", "quoted more"),
        ("> (quoted)", "quoted"), ("* * *", ""), ("well-known", "well known"),
        ("[text](page)", "text page"), ("`code` here", "code here"), ("a | b |", "a b"),
        ("word - word", "word: word"), ("Smith & Sons", "Smith Sons"), ("wow!!", "wow"),
        ("really?!", "really"), ("© Firm ™", "Firm"), ("├── file", "file"),
        ("end of line.\nNext", "end of line. Next"), ("❤\u{FE0F}", "❤"), ("see 5.", "see 5"),
        ("1, 2, 3", "1 2 3"), ("(5)", "5"), ("\"5\"", "5"),
    ])
    func punctuationAndMarkupMakeNone(left: String, right: String) {
        #expect(self.exact(left) == self.exact(right))
        #expect(self.exact("before\n\(left)\nafter") == self.exact("before\n\(right)\nafter"))
    }

    /// Between fences of code every mark counts, and capitals do.
    @Test(arguments: [
        ("a & b", "a | b"), ("-x", "x"), ("--i", "i"), ("f(x)", "f[x]"), ("a.b", "a, b"),
        ("~x", "x"),
        ("*p", "p"), ("a; b", "a b"), ("getName", "getname"), ("\"x\"", "x"), ("a ? b", "a b"),
        ("NULL", "Null"), ("# x", "x"),
    ])
    func marksOfCodeMakeAnotherDocument(left: String, right: String) {
        func page(_ code: String, _ fence: String) -> String {
            "Some words.\n\n  \(fence)c\nfirst\n\(code)\n\(fence)\n\nMore words."
        }
        for fence in ["```", "~~~~"] {
            #expect(self.exact(page(left, fence)) != self.exact(page(right, fence)))
        }
        // What follows the fence is prose again.
        let ends = ["An END, here.", "an end (here)"].map { page("x", "```") + $0 }
        #expect(self.exact(ends[0]) == self.exact(ends[1]))
    }

    @Test func layoutOfCodeMakesNone() {
        let left = "```\nif (a) {\n  f('x')\n}\n```"
        #expect(self.exact(left) == self.exact("~~~\nif (a)\n{ f(\"x\") }\n~~~"))
        // A shorter run of marks, or one within a line, closes nothing.
        #expect(self.exact("````\n```\nA b\n````\nC") != self.exact("````\n```\na b\n````\nC"))
        #expect(self.exact("```\nx ``` A\n```") != self.exact("```\nx ``` a\n```"))
    }

    @Test func whereASignStandsMatters() {
        #expect(self.exact("a + b c") != self.exact("a b + c"))
        #expect(self.exact("5 +") != self.exact("5"))
    }

    @Test func factsWithoutContextAreNumbersSignsAndFactWords() {
        var builder = SignatureBuilder()
        func facts(_ text: String) -> UInt64 { builder.signature(of: text).facts }
        let base = facts("The limit of 5 is not safe.")
        #expect(facts("the LIMIT of 5 was, not, safe") == base)
        for other in [
            "The limit of 6 is not safe.", "The limit of 5 is safe.",
            "The limit of -5 is not safe.",
            "The limit is not 5 safe.",
        ] {
            #expect(facts(other) != base, "\(other)")
        }
        #expect(facts("nothing of the kind") != 0)
        #expect(facts("words of any kind") == 0)
    }

    /// Blanks beside a sign are looked at up to a limit, whatever the text is.
    @Test func manyBlanksAndSignsTakeLinearTime() {
        let text = String(repeating: " -", count: 200_000) + String(repeating: "=", count: 100_000)
        #expect(self.exact(text) == self.exact(text))
        let ticks = "x" + String(repeating: "`", count: 200_000)
        #expect(self.exact(ticks + "\n" + ticks) == self.exact("x x"))
    }
}
