import Testing

@testable import Extraction

/// Words of pictures where words of text would stand.
struct OCRWordPlacementTests {
    /// A picture of 200 pixels an inch, 1,000 wide and 800 high, with words of 60 by 30 pixels.
    private func page(
        _ lines: [[String]],
        slope: Float = 0,
        size: (Int) -> Float = { _ in 11 }
    ) -> OCRPage {
        var page = OCRPage(width: 1_000, height: 800, resolution: 200, text: [], words: [])
        for (line, texts) in lines.enumerated() {
            let base = Float(100 + 60 * line)
            for (index, text) in texts.enumerated() {
                let left = Float(100 + 80 * index)
                let y = base + slope * left
                let start = page.text.count
                page.text.append(contentsOf: text.utf8)
                page.words.append(
                    OCRWord(
                        text: start..<page.text.count,
                        left: left,
                        top: y - 30,
                        right: left + 60,
                        bottom: y,
                        line: line,
                        baseline: OCRBaseline(
                            left: 100,
                            leftY: base + slope * 100,
                            right: 900,
                            rightY: base + slope * 900
                        ),
                        confidence: 90,
                        size: size(line)
                    )
                )
            }
        }
        return page
    }

    private func words(_ page: OCRPage) -> (words: [PDFWord], text: [UInt8]) {
        var text: [UInt8] = []
        let placement = OCRWordPlacement(page, width: 360, height: 288)
        return (placement.words(addingTo: &text, style: 0), text)
    }

    private let lines = [["one", "two", "three", "four"], ["five", "six", "seven"]]

    @Test(arguments: [-0.03, -0.0175, 0, 0.0175, 0.05] as [Float])
    func aLineThatIsAskewHasOneBaseline(slope: Float) {
        let placed = self.words(self.page(self.lines, slope: slope)).words
        let straight = self.words(self.page(self.lines)).words
        #expect(Set(placed[..<4].map(\.baseline)).count == 1)
        for (word, expected) in zip(placed, straight) {
            #expect(abs(word.baseline - expected.baseline) < 10)
            #expect(abs(word.box.left - expected.box.left) < 10)
        }
        let step = placed[4].baseline - placed[0].baseline
        #expect(abs(step - 60 * 0.36) < 0.5)
    }

    @Test func pixelsBecomePoints() {
        let (words, text) = self.words(self.page(self.lines))
        #expect(abs(words[0].box.left - 36) < 0.01)
        #expect(abs(words[0].box.right - 57.6) < 0.01)
        #expect(abs(words[0].baseline - 36) < 0.01)
        #expect(abs(words[0].size - 11) < 0.01)
        #expect(String(decoding: text, as: UTF8.self) == "onetwothreefourfivesixseven")
        #expect(words.map(\.hasSpaceAfter) == [true, true, true, false, true, true, false])
    }

    @Test func sizesThatDifferByLittleAreTheUsualOne() {
        let sizes: [Float] = [11, 10, 12, 18]
        let page = self.page([["aaaa"], ["bbb"], ["ccc"], ["ddd"]], size: { sizes[$0] })
        #expect(self.words(page).words.map { $0.size.rounded() } == [11, 11, 11, 18])
    }

    @Test func noBlankStandsBetweenWordsOfJapanese() {
        let words = self.words(self.page([["水車", "小屋", "の", "PDF", "は"]])).words
        #expect(words.map(\.hasSpaceAfter) == [false, false, true, true, false])
        #expect(words[0].box.right >= words[1].box.left)
    }

    @Test func thePagesConfidenceCountsLongWordsMore() {
        var page = self.page([["aaaaaaaaa", "b"]])
        page.words[1].confidence = 0
        #expect(abs(page.confidence - 81) < 0.01)
        #expect(OCRPage(width: 1, height: 1, resolution: 72, text: [], words: []).confidence == 0)
    }
}
