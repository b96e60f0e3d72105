import Records
import Testing

@testable import Extraction

@Suite("Plain text of mail")
struct MailTextTests {
    private func read(_ text: String, _ flow: TextFlow = .fixed) -> [(Block.Kind, String)] {
        var content = ExtractedContent()
        appendMailText(Array(text.utf8), flow: flow, to: &content)
        expectSound(content) {
            var again = ExtractedContent()
            appendMailText(Array(text.utf8), flow: flow, to: &again)
            return again
        }
        return blocks(content).map { ($0.kind, $0.text) }
    }

    private func expect(
        _ text: String,
        _ flow: TextFlow = .fixed,
        _ expected: [(Block.Kind, String)]
    ) {
        let found = self.read(text, flow)
        #expect(found.map(\.0) == expected.map(\.0), "\(found)")
        #expect(found.map(\.1) == expected.map(\.1))
    }

    @Test func paragraphsQuotesAndSignatureAreToldApart() {
        self.expect(
            "Hello,\n\nas you say.\n\n> The wheel\n> > turns.\n>\n> Yes.\nNo.\n\n-- \nJo\nMill Ltd",
            .fixed,
            [
                (.paragraph, "Hello,"), (.paragraph, "as you say."),
                (.quote, "The wheel\nturns.\n\nYes."), (.paragraph, "No."),
                (.signature, "--\nJo\nMill Ltd"),
            ]
        )
    }

    @Test func quotesKeepTheirMarksInMarkdown() {
        var content = ExtractedContent()
        appendMailText(Array("> a\n>> b".utf8), flow: .fixed, to: &content)
        #expect(String(decoding: content.markdown, as: UTF8.self) == "> a\n>> b")
        #expect(String(decoding: content.text, as: UTF8.self) == "a\nb")
    }

    @Test func flowedLinesAreJoined() {
        self.expect(
            "The wheel \nturns \nslowly.\nAll day.",
            .joined,
            [
                (.paragraph, "The wheel turns slowly.\nAll day.")
            ]
        )
        self.expect(
            "> The wheel \n> turns.\nYes.",
            .joined,
            [
                (.quote, "The wheel turns."), (.paragraph, "Yes."),
            ]
        )
        self.expect(" From here \n >on", .joined, [(.paragraph, "From here >on")])
        self.expect("dele \nted", .joinedWithoutSpace, [(.paragraph, "deleted")])
        self.expect("Bye \n-- \nJo", .joined, [(.paragraph, "Bye"), (.signature, "--\nJo")])
    }

    @Test func fixedLinesStayApart() {
        self.expect("The wheel \nturns.", .fixed, [(.paragraph, "The wheel\nturns.")])
    }

    @Test func signatureEndsAtTheQuote() {
        self.expect(
            "Yes.\n-- \nJo\n> No?",
            .fixed,
            [
                (.paragraph, "Yes."), (.signature, "--\nJo"), (.quote, "No?"),
            ]
        )
    }

    @Test func aRulerInALongTextIsNoSignature() {
        let text = "--\n" + Array(repeating: "line", count: 40).joined(separator: "\n")
        #expect(self.read("a\n\n" + text).map(\.0) == [.paragraph, .paragraph])
    }

    @Test(arguments: [
        "-----Original Message-----\nFrom: Jo\nSubject: Mill",
        "-----Ursprüngliche Nachricht-----\nVon: Jo\nBetreff: Mühle",
        "________________________________\nFrom: Jo\nSent: Monday\nSubject: Mill",
        "From: Jo\nSent: Monday\nTo: Al\nSubject: Mill",
        "*De :* Jo\n*Envoyé :* lundi\n*À :* Al\n*Objet :* Moulin",
    ])
    func whatIsAnsweredIsAQuote(original: String) {
        let found = self.read("Yes.\n\n" + original + "\n\nThe wheel?")
        #expect(found.map(\.0) == [.paragraph, .quote], "\(found)")
        #expect(found.last?.1.hasSuffix("The wheel?") == true)
    }

    @Test func aFormIsNoReply() {
        let found = self.read("From: London\nTo: Leeds\nFare: 20\n\nName: Jo")
        #expect(found.allSatisfy { $0.0 == .paragraph })
    }

    @Test func aMailboxsMarkIsNoQuote() {
        self.expect(">From here on", .fixed, [(.paragraph, "From here on")])
    }

    @Test func nothingGivesNothing() {
        #expect(self.read("").isEmpty)
        #expect(self.read(" \n\n \n").isEmpty)
        #expect(self.read(">\n> \n").isEmpty)
    }
}
