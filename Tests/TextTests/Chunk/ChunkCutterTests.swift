import Records
import Testing

@testable import Text

@Suite struct ChunkCutterTests {
    /// Words of four letters or less are one token each.
    private static func words(_ count: Int, _ word: String = "word") -> String {
        Array(repeating: word, count: count).joined(separator: " ")
    }

    private static func plain(_ text: String) -> TestDocument {
        TestDocument(text: Array(text.utf8), blocks: [])
    }

    @Test(arguments: ["", " \n\t ", "\u{3000}"])
    func textWithoutTokensHasNoChunks(text: String) {
        #expect(Self.plain(text).texts(ChunkCutter(maximumTokens: 8)).isEmpty)
    }

    @Test(arguments: [7, 8, 9, 16, 17])
    func wordsFillTheBudget(count: Int) {
        let cuts = Self.plain(Self.words(count))
            .cut(ChunkCutter(maximumTokens: 8, minimumTokens: 0))
        #expect(cuts.map(\.tokenRange.count).reduce(0, +) == count)
        #expect(cuts.count == (count + 7) / 8)
    }

    @Test func whiteSpaceAtTheEndsIsLeftOut() {
        #expect(Self.plain("\n  a b \u{A0}\n").texts(ChunkCutter(maximumTokens: 8)) == ["a b"])
    }

    @Test func whatStandsAroundALeftOutBlockIsCutApartUnderItsHeading() {
        var document = TestDocument()
        document.addHeading(1, "Top")
        document.add(.paragraph, "One two.")
        document.add(.paragraph, "Sign up here.")
        document.add(.paragraph, "Six ten.")
        let cutter = ChunkCutter(maximumTokens: 64)
        let cuts = document.cut(cutter, leftOut: [document.blocks[2].range])
        let texts = cuts.map { String(decoding: document.text[$0.range], as: UTF8.self) }
        #expect(texts == ["# Top\n\nOne two.", "Six ten."])
        #expect(cuts.map(\.headings) == [["Top"], ["Top"]])
    }

    @Test func aSentenceEndIsPreferredToALaterWord() {
        let texts = Self.plain("One two. Four five six. Ten and more go here")
            .texts(ChunkCutter(maximumTokens: 9, minimumTokens: 0))
        #expect(texts == ["One two. Four five six.", "Ten and more go here"])
    }

    @Test func anAbbreviationBeforeLowerCaseEndsNoSentence() {
        let texts = Self.plain("a b c d e.g. f g h i j k")
            .texts(ChunkCutter(maximumTokens: 9, minimumTokens: 0))
        #expect(texts.first == "a b c d e.g. f")
    }

    @Test(arguments: [
        ("一二三四。五六七八九十", "一二三四。"), ("एक दो तीन। चार पाँच छह सात", "एक दो तीन।"),
    ])
    func sentencesOfOtherScriptsEndToo(text: String, first: String) {
        let texts = Self.plain(text).texts(ChunkCutter(maximumTokens: 6, minimumTokens: 0))
        #expect(texts.first == first)
    }

    @Test func aWordIsCutOnlyWhenItPassesTheBudget() {
        // 28 letters are seven tokens, 40 are ten.
        let long = String(repeating: "x", count: 28)
        let longer = String(repeating: "y", count: 40)
        let texts = Self.plain("a b \(long) c \(longer)")
            .texts(ChunkCutter(maximumTokens: 8, minimumTokens: 0))
        #expect(texts.contains { $0.contains(long) })
        #expect(texts.joined().filter { $0 == "y" }.count == 40)
    }

    @Test func paragraphsAreKeptTogetherInPlainText() {
        let texts = Self.plain("\(Self.words(5, "a"))\n\n\(Self.words(5, "b"))")
            .texts(ChunkCutter(maximumTokens: 8))
        #expect(texts == [Self.words(5, "a"), Self.words(5, "b")])
    }

    @Test func listItemsAreCutBetweenAndNestedItemsStayWithTheirs() {
        var document = TestDocument()
        document.add(.list, "- a b c\n  - d e f\n- g h\n  - i j\n- k l m")
        let texts = document.texts(ChunkCutter(maximumTokens: 12, minimumTokens: 0))
        #expect(texts == ["- a b c\n  - d e f", "- g h\n  - i j\n- k l m"])
    }

    @Test func aFenceThatFitsIsNeverCut() {
        var document = TestDocument()
        document.add(.paragraph, Self.words(6))
        document.add(.code, "```\nlet a = b\n\nlet c = d\n```")
        document.add(.paragraph, Self.words(6))
        let texts = document.texts(ChunkCutter(maximumTokens: 16))
        #expect(texts.contains { $0.contains("```\nlet a = b\n\nlet c = d\n```") })
    }

    @Test func aFenceInAListStaysWhole() {
        var document = TestDocument()
        document.add(.list, "1. one two\n\n   ```sh\n   run a\n   run b\n   ```\n2. end it now")
        let texts = document.texts(ChunkCutter(maximumTokens: 16, minimumTokens: 0))
        #expect(texts.contains { $0.contains("```sh\n   run a\n   run b\n   ```") })
    }

    @Test func aTableOverTheBudgetIsCutBetweenRows() {
        var document = TestDocument()
        let rows = (0..<8).map { "| a\($0) | b\($0) |" }
        document.add(.table, (["| x | y |", "|---|---|"] + rows).joined(separator: "\n"))
        let cutter = ChunkCutter(maximumTokens: 24)
        let texts = document.texts(cutter)
        #expect(texts.count > 1)
        #expect(texts.allSatisfy { $0.hasPrefix("|") && $0.hasSuffix("|") } == true)
        #expect(texts[0].hasPrefix("| x | y |\n|---|---|\n| a0 | b0 |"))
    }

    @Test func aHeadingStartsAChunkAndStaysWithItsText() {
        var document = TestDocument()
        document.addHeading(1, "Top")
        document.add(.paragraph, Self.words(10))
        document.addHeading(2, "Part")
        document.add(.paragraph, Self.words(10))
        let cuts = document.cut(ChunkCutter(maximumTokens: 20, minimumTokens: 4))
        #expect(cuts.map(\.headings) == [["Top"], ["Top", "Part"]])
        #expect(
            document.texts(ChunkCutter(maximumTokens: 20, minimumTokens: 4))[1].hasPrefix("## Part")
        )
    }

    @Test func smallSectionsUnderOneHeadingShareAChunkAndItsHeading() {
        var document = TestDocument()
        document.addHeading(1, "Top")
        document.add(.paragraph, Self.words(20))
        for title in ["One", "Two"] {
            document.addHeading(2, title)
            document.add(.paragraph, Self.words(4))
        }
        let cuts = document.cut(ChunkCutter(maximumTokens: 24, minimumTokens: 10))
        #expect(cuts.map(\.headings) == [["Top"], ["Top"]])
        #expect(
            document.texts(ChunkCutter(maximumTokens: 24, minimumTokens: 10))[1].hasPrefix("## One")
        )
    }

    @Test func sectionsUnderDifferentHeadingsDoNotShareAChunk() {
        var document = TestDocument()
        for (level, title) in [(1, "A"), (2, "B"), (3, "C"), (2, "D")] {
            document.addHeading(level, title)
            document.add(.paragraph, Self.words(title < "C" ? 20 : 4))
        }
        // C and D are small and fit, but C lies under B and D does not.
        let cuts = document.cut(ChunkCutter(maximumTokens: 24, minimumTokens: 10))
        #expect(cuts.map(\.headings) == [["A"], ["A", "B"], ["A", "B", "C"], ["A", "D"]])
    }

    @Test func aHeadingWithoutTextGoesWithTheNextSection() {
        var document = TestDocument()
        document.add(.paragraph, Self.words(5))
        document.addHeading(1, "Guide")
        document.addHeading(2, "Install")
        document.add(.paragraph, Self.words(16))
        let cutter = ChunkCutter(maximumTokens: 24, minimumTokens: 2)
        #expect(document.cut(cutter).map(\.headings) == [[], ["Guide", "Install"]])
        #expect(document.texts(cutter)[1].hasPrefix("# Guide\n\n## Install"))
    }

    @Test func headingAndFenceThatFitTogetherStayTogether() {
        var document = TestDocument()
        document.addHeading(1, "Long")
        document.add(.paragraph, Self.words(10))
        document.addHeading(2, "Run")
        document.add(.code, "```\n\(Self.words(10))\n```")
        document.add(.paragraph, Self.words(10))
        let cutter = ChunkCutter(maximumTokens: 20, minimumTokens: 0)
        let texts = document.texts(cutter)
        #expect(texts.contains("## Run\n\n```\n\(Self.words(10))\n```"))
    }

    @Test func overlapRepeatsTheEndFromASentenceAndKeepsTheBudget() {
        let sentences = (0..<12).map { "S\($0) a b c." }.joined(separator: " ")
        let cutter = ChunkCutter(maximumTokens: 15, overlapTokens: 6, minimumTokens: 0)
        let document = Self.plain(sentences)
        let cuts = document.cut(cutter)
        #expect(cuts.count > 2)
        for (previous, next) in zip(cuts, cuts.dropFirst()) {
            #expect(next.tokenRange.lowerBound < previous.tokenRange.upperBound)
            #expect(next.tokenRange.lowerBound > previous.tokenRange.lowerBound)
            #expect(document.text[next.range.lowerBound] == UInt8(ascii: "S"))
        }
        #expect(cuts.map(\.tokenRange.count).max() ?? 0 <= 15)
    }

    @Test func overlapDoesNotCrossAHeading() {
        var document = TestDocument()
        document.add(.paragraph, Self.words(18))
        document.addHeading(1, "New")
        document.add(.paragraph, Self.words(10))
        let cutter = ChunkCutter(maximumTokens: 20, overlapTokens: 5, minimumTokens: 0)
        #expect(document.texts(cutter)[1].hasPrefix("# New"))
    }

    @Test func aChunkHasThePageItStartsOn() {
        var document = TestDocument()
        for page in 1...3 { document.add(.paragraph, Self.words(10), page: page) }
        let cuts = document.cut(ChunkCutter(maximumTokens: 10))
        #expect(cuts.map(\.page) == [1, 2, 3])
        #expect(document.cut(ChunkCutter(maximumTokens: 20)).map(\.page) == [1, 3])
    }

    @Test func blocksThatContradictTheTextAreIgnored() {
        let text = Array("one two three four".utf8)
        let blocks = [
            Block(kind: .heading, level: 1, range: 4..<7), Block(kind: .code, range: 2..<9),
            Block(kind: .table, range: 8..<500), Block(kind: .heading, level: 9, range: 8..<13),
        ]
        let starts = simpleTokenStarts(text)
        let cuts = text.withUnsafeBufferPointer {
            ChunkCutter(maximumTokens: 3).cut(text: $0, blocks: blocks, tokenStarts: starts)
        }
        #expect(cuts.last?.range.upperBound == text.count)
    }

    @Test func aScalarOfMoreTokensThanTheBudgetStaysWhole() {
        let text = Array("½½".utf8)
        let cuts = text.withUnsafeBufferPointer {
            ChunkCutter(maximumTokens: 2)
                .cut(text: $0, blocks: [], tokenStarts: [0, 0, 0, 2, 2, 2])
        }
        #expect(cuts.map(\.range) == [0..<2, 2..<4])
    }
}

@Suite struct HeadingTitleTests {
    @Test(arguments: [
        ("# Title", "Title"), ("###### Deep ##", "Deep"), ("Plain", "Plain"), ("#tag", "#tag"),
        ("## `code` and *emphasis*", "code and emphasis"), ("# C#", "C#"),
        ("## [Link](http://a/b) [two][ref] ![img](x)", "Link two img"),
        ("# snake_case and _under_", "snake_case and under"), ("# a\\*b \\# c", "a*b # c"),
        ("Title\n=====", "Title"), ("#", ""), ("", ""), ("# [open](", "open("),
        ("  ##   two   words  ", "two words"), ("# Mail of [EMAIL]", "Mail of [EMAIL]"),
        ("## MS [PERSON]++", "MS [PERSON]++"), ("# a [b", "a b"), ("# a b]", "a b"),
    ])
    func marksAreStripped(source: String, title: String) {
        #expect(Array(source.utf8).withUnsafeBufferPointer(headingTitle) == title)
    }

    @Test(arguments: [("a", 200), ("é", 200), ("中", 198), ("𝒳", 200)])
    func titlesAreCappedBetweenScalars(scalar: String, byteCount: Int) {
        let source = Array(("# " + String(repeating: scalar, count: 300)).utf8)
        let title = source.withUnsafeBufferPointer(headingTitle)
        #expect(title.utf8.count == byteCount)
        #expect(!title.contains("\u{FFFD}"))
    }
}
