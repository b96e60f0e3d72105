import Testing

@testable import Extraction

@Suite struct HTMLSkeletonTests {
    private func skeleton(_ html: String) -> HTMLSkeleton {
        Array(html.utf8).withUnsafeBufferPointer { bytes in
            var prescan = HTMLPrescan(bytes)
            prescan.run()
            return prescan.skeleton
        }
    }

    @Test func eachElementFindsItsRecord() throws {
        let count = 3_000
        let skeleton = skeleton((0..<count).map { "<a href=h\($0)>\($0)</a>" }.joined())
        let arena = try parseTree(skeleton)
        let records = arena.nodes.filter { $0.tag == .a }.map { Int($0.record) }
        #expect(records == Array(0..<count))
    }

    /// libxml2 keeps names for ever and finds them by a hash of fixed size.
    @Test func manyElementsShareFewNames() {
        let skeleton = skeleton(String(repeating: "<a href=x>y</a><p class=nav>z", count: 20_000))
        #expect(skeleton.elements.count == 40_000)
        let tags = skeleton.markup.split(separator: 0x3C).map { Array($0.prefix { $0 != 0x3E }) }
        #expect(Set(tags) == Set(["html", "body", "a", "/a", "p", "/p"].map { Array($0.utf8) }))
    }

    @Test func aNameWithAControlIsUnknown() {
        #expect(skeleton("<h\u{11}>x").elements.isEmpty)
        #expect(skeleton("<h\u{11}>x").markup == skeleton("<unknownname>x").markup)
        #expect(skeleton("<H1 CLASS=nav>x").elements.map(\.tag) == [.h1])
    }

    @Test func attributesBeyondTheLimitAreNotRead() {
        let many = (0..<50_000).map { "a\($0)=1" }.joined(separator: " ")
        #expect(skeleton("<p \(many) class=nav>x").elements.isEmpty)
        #expect(skeleton("<p class=nav \(many)>x").elements.count == 1)
    }

    @Test func hiddenAndOpenElementsNestProperly() throws {
        let skeleton = skeleton("<div hidden><p>a</div><b>c<p>d</b>e</p>f")
        let arena = try parseTree(skeleton)
        #expect(arena.nodes.count { $0.tag == .text } == skeleton.runs.count)
        #expect(arena.nodes.count { $0.signals.contains(.hidden) } == 1)
    }
}
