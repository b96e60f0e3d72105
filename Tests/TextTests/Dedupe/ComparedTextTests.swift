import Testing

@testable import Text

@Suite struct ComparedTextTests {
    private func joined(_ title: String, _ text: String) -> String {
        var compared = ComparedText()
        return String(decoding: compared.join(title: title, Array(text.utf8)), as: UTF8.self)
    }

    @Test(arguments: [
        ("", "The mill."), ("Mill", "Mill\n\nIt turns."), ("The MILL!", "the  mill — it turns"),
        ("Größe 😀", "größe\n\nText"), ("Mill", "mill"), ("…", "The mill."),
        // What separates words may be wider in the text.
        ("a b", "a" + String(repeating: " ", count: 40) + "b c"),
    ])
    func aTextThatBeginsWithItsTitleIsComparedAsItIs(title: String, text: String) {
        #expect(self.joined(title, text) == text)
    }

    @Test(arguments: [
        ("Mill", "Mills turn."), ("Form 2024", "Form 2023\n\nText"), ("The mill", ""),
        ("The mill", "The"), ("mill", "The mill"),
    ])
    func aTitleThatTheTextLacksComesFirst(title: String, text: String) {
        #expect(self.joined(title, text) == title + "\n\n" + text)
    }
}
