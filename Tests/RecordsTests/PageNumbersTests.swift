import Records
import Testing

@Suite struct PageNumbersTests {
    @Test(arguments: [
        ([], ""), ([3], "p3"), ([2, 1, 5, 2], "p1-p2 p5"), ([-1, 0, 7, 8, 9], "p7-p9"),
    ])
    func rangesAreWrittenAndRead(pages: [Int], text: String) throws {
        let numbers = PageNumbers(pages)
        #expect(numbers.text == text)
        #expect(PageNumbers(text: text) == numbers)
        for page in 1...12 { #expect(numbers.contains(page) == pages.contains(page)) }
    }

    @Test(arguments: ["3", "p", "p0", "p5-p2", "p1-p2-p3", "p4 p2", "p1,p2", "[PHONE]"])
    func otherTextsNameNoPages(text: String) {
        #expect(PageNumbers(text: text) == nil)
    }

    @Test func veryManyRangesBecomeOne() {
        let numbers = PageNumbers(stride(from: 1, through: 999, by: 2))
        #expect(numbers.text == "p1-p999")
    }
}
