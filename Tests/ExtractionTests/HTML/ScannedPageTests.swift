import Testing

@testable import Extraction

@Suite struct ScannedPageTests {
    private func read(_ html: String) -> (ScannedPage, HTMLArena) { scanPage(Array(html.utf8)) }

    @Test func eachElementFindsItsRecord() {
        let count = 3_000
        let (_, arena) = read((0..<count).map { "<a href=h\($0)>\($0)</a>" }.joined())
        let records = arena.nodes.filter { $0.tag == .a }.map { Int($0.record) }
        #expect(records == Array(0..<count))
    }

    @Test func aNameWithAControlIsUnknown() {
        #expect(read("<h\u{11}>x").1.nodes.map(\.tag) == [.body, .text])
        #expect(read("<H1 CLASS=nav>x").1.nodes.map(\.tag) == [.body, .h1, .text])
    }

    @Test func attributesBeyondTheLimitAreNotRead() {
        let many = (0..<50_000).map { "a\($0)=1" }.joined(separator: " ")
        #expect(read("<p \(many) class=nav>x").1.nodes[1].signals.isEmpty)
        #expect(!read("<p class=nav \(many)>x").1.nodes[1].signals.isEmpty)
    }

    @Test func hiddenAndOpenElementsNestProperly() {
        let (scanned, arena) = read("<div hidden><p>a</div><b>c<p>d</b>e</p>f")
        #expect(arena.nodes.count { $0.tag == .text } == scanned.runs.count)
        #expect(arena.nodes.count { $0.signals.contains(.hidden) } == 1)
    }
}
