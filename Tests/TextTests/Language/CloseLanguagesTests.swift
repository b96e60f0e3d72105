import Testing

@testable import Text

@Suite struct CloseLanguagesTests {
    private static let small = CloseLanguages(
        """
        aa bb cc
        = aa bb: one two
          three
        = cc: šta four
        dd ee
        = dd: one
        """
    )

    private func evidence(
        _ text: String,
        _ languages: [String],
        _ words: CloseLanguages = Self.small
    ) -> [Int] {
        var text = text
        return text.withUTF8 { words.evidence($0, for: languages) }
    }

    @Test(arguments: [
        ("one, two.", ["aa", "cc", "xx"], [2, -2, 0]),
        ("Three ŠTA", ["aa", "bb", "cc"], [0, 0, 0]),
        ("“Šta” šta", ["bb", "cc"], [-2, 2]),
        ("one one one one one one", ["dd", "ee"], [4, -4]),
        ("one", ["aa", "dd"], [0, 0]), ("one", [], []), ("", ["aa", "cc"], [0, 0]),
        ("ones tw o", ["aa", "cc"], [0, 0]),
    ])
    func wordsSpeakForThoseThatHaveThem(_ text: String, _ languages: [String], _ sums: [Int]) {
        #expect(self.evidence(text, languages) == sums)
    }

    @Test func onlyLanguagesOfOneGroupAreClose() {
        #expect(Self.small.areClose("aa", "cc"))
        #expect(!Self.small.areClose("aa", "dd"))
        #expect(!Self.small.areClose("aa", "xx"))
    }

    @Test(arguments: [
        ("hr", "Tko je tijekom tjedna putovao vlakom po Europi?"),
        ("sr", "Ko je pre nedelju dana video gde je lepo mesto?"),
        ("bs", "Šta je prije hiljadu godina bila Bosna i Hercegovina?"),
    ])
    func southSlavicStandardsArePartedByTheirWords(_ language: String, _ text: String) {
        let languages = ["hr", "bs", "sr"]
        let sums = self.evidence(text, languages, .known)
        let best = sums.max() ?? 0
        #expect(languages.indices.filter { sums[$0] == best }.map { languages[$0] } == [language])
    }
}
