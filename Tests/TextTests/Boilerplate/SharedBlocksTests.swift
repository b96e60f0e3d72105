import Records
import Testing

@testable import Text

/// Which blocks belong to a host is a function of its pages, whatever their order and parts.
@Suite struct SharedBlocksTests {
    private static func page(_ texts: [UInt64]) -> PageBlocks {
        PageBlocks(host: 1, entries: texts.map { .text($0) })
    }

    private static func shared(
        _ pages: [(host: UInt64, page: PageBlocks)],
        parts: Int = 1
    ) -> SharedBlocks {
        let pagesOfHost = Dictionary(pages.map { ($0.host, 1) }, uniquingKeysWith: +)
        return SharedBlocks(
            (0..<parts).flatMap { part in
                var counter = SharedBlockCounter(part: part, of: parts)
                for (host, page) in pages { counter.add(page, host: host) }
                return counter.shared(pagesOfHost: pagesOfHost)
            }
        )
    }

    @Test(arguments: [
        (0, 3), (1, 3), (5, 3), (6, 3), (7, 4), (19, 10), (20, 10), (100, 10), (101, 11),
        (1_000, 100),
    ])
    func smallHostsNeedHalfOfTheirPagesAndLargeOnesATenth(pages: Int, required: Int) {
        #expect(SharedBlocks.requiredPages(of: pages) == required)
    }

    @Test(arguments: [(2, []), (3, [1])])
    func blockIsSharedByThreePages(copies: Int, leftOut: [Int]) {
        let pages = (0..<4).map { number in
            (
                UInt64(7),
                Self.page([UInt64(100 + number), number < copies ? 50 : 60 + UInt64(number)])
            )
        }
        let shared = Self.shared(pages)
        #expect(shared.leftOut(of: pages[0].1, host: 7) == leftOut)
    }

    @Test func hostsShareNothingWithEachOther() {
        let pages = (0..<6).map { (UInt64($0 % 3), Self.page([UInt64(100 + $0), 50])) }
        #expect(Self.shared(pages).isEmpty)
    }

    @Test func blockThatAPageRepeatsCountsOnce() {
        let pages = (0..<3).map { (UInt64(7), Self.page([UInt64($0), 50, 50, 50])) }
        #expect(Self.shared(Array(pages.prefix(2))).isEmpty)
        #expect(Self.shared(pages).leftOut(of: pages[0].1, host: 7) == [1, 2, 3])
    }

    @Test func pageOfSharedBlocksAloneKeepsThem() {
        let pages = (0..<3).map { (UInt64(7), Self.page([UInt64($0), 50])) }
        let shared = Self.shared(pages)
        #expect(shared.leftOut(of: Self.page([50]), host: 7).isEmpty)
        let headed = PageBlocks(host: 7, entries: [.heading(level: 1), .text(50)])
        #expect(shared.leftOut(of: headed, host: 7).isEmpty)
        let code = PageBlocks(host: 7, entries: [.kept, .text(50)])
        #expect(shared.leftOut(of: code, host: 7) == [1])
    }

    @Test(
        arguments: [
            // A heading goes with all that stands under it, headings below it included.
            ([.text(1), .heading(level: 2), .text(50)], [1, 2]),
            (
                [.text(1), .heading(level: 2), .text(50), .heading(level: 3), .text(50)],
                [1, 2, 3, 4]
            ),
            ([.text(1), .heading(level: 2), .text(50), .heading(level: 3), .text(2)], [2]),
            ([.text(1), .heading(level: 2), .text(50), .heading(level: 2), .text(2)], [1, 2]),
            // A heading over nothing is no boilerplate, nor one over what is kept.
            ([.text(50), .heading(level: 2), .heading(level: 2), .text(1)], [0]),
            ([.text(50), .heading(level: 2), .kept], [0]),
        ] as [([PageBlocks.Entry], [Int])]
    )
    func headingIsLeftOutWithEverythingUnderIt(entries: [PageBlocks.Entry], leftOut: [Int]) {
        let pages = (0..<3).map { (UInt64(7), Self.page([UInt64(100 + $0), 50])) }
        let page = PageBlocks(host: 7, entries: entries)
        #expect(Self.shared(pages).leftOut(of: page, host: 7) == leftOut)
    }

    @Test(arguments: [1, 2, 7, 64])
    func partsFindTogetherWhatOneCountFinds(parts: Int) {
        var state: UInt64 = 5
        func next(_ limit: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % limit
        }
        let pages = (0..<200).map { _ in
            (next(4), Self.page((0..<8).map { _ in next(90) }))
        }
        let whole = Self.shared(pages)
        let parted = Self.shared(pages.reversed(), parts: parts)
        for (host, page) in pages {
            #expect(parted.leftOut(of: page, host: host) == whole.leftOut(of: page, host: host))
            let expected = page.entries.indices.filter { index in
                let holders = pages.count {
                    $0.0 == host && $0.1.entries.contains(page.entries[index])
                }
                let all = pages.count { $0.0 == host }
                return holders >= SharedBlocks.requiredPages(of: all)
            }
            let leftOut = expected.count == page.entries.count ? [] : expected
            #expect(whole.leftOut(of: page, host: host) == leftOut)
        }
    }

    @Test func blocksAreComparedByTheirTextWithoutWhiteSpace() throws {
        func blocks(_ text: String, _ kinds: [Block.Kind]) -> PageBlocks {
            let bytes = Array(text.utf8)
            var ranges: [Range<Int>] = []
            var start = 0
            for part in bytes.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
            {
                ranges.append(start..<start + part.count)
                start += part.count + 1
            }
            return bytes.withUnsafeBufferPointer {
                PageBlocks(
                    host: 3,
                    text: $0,
                    blocks: zip(kinds, ranges).map { Block(kind: $0, level: 2, range: $1) }
                )
            }
        }
        let one = blocks(
            "Heading of it|All rights\n reserved here|let x = 12345678901|Short",
            [.heading, .paragraph, .code, .paragraph]
        )
        let other = blocks(
            "  All rights reserved  here |All rights reserved Here",
            [.list, .quote]
        )
        #expect(one.entries[0] == .heading(level: 2))
        #expect(one.entries[1] == other.entries[0])
        #expect(other.entries[0] != other.entries[1])
        #expect(one.entries[2...] == [.kept, .kept])
        #expect(one.host == 3)
    }

    @Test(arguments: [
        ("https://example.org/a", true), ("HTTP://WWW.Example.ORG:8080?x", true),
        ("https://me@example.org#f", true), ("https://other.org/example.org", false),
        ("https://docs.example.org/", false),
    ])
    func hostIsComparedWithoutPortUserAndCase(url: String, isEqual: Bool) {
        #expect((hostDigest(ofURL: url) == hostDigest(ofURL: "https://example.org")) == isEqual)
        #expect(hostDigest(ofURL: url) != 0)
    }

    @Test(arguments: ["", "example.org", "/a/b", "mailto:a@example.org", "https://", "https:///x"])
    func addressWithoutHostHasNone(url: String) { #expect(hostDigest(ofURL: url) == 0) }

    @Test func codingKeepsEveryEntry() throws {
        let page = PageBlocks(
            host: .max,
            entries: [.kept, .heading(level: 1), .heading(level: 6), .text(0), .text(.max)]
        )
        var writer = ByteWriter()
        page.encode(to: &writer)
        var reader = ByteReader(writer.bytes)
        #expect(try PageBlocks(from: &reader) == page)
        var damaged = ByteReader([1, 9])
        #expect(throws: ByteReaderError.self) { try [PageBlocks.Entry](from: &damaged) }
    }
}
