import CXML2
import Testing

@testable import Extraction

/// Random sequences of tags become the tree libxml2 makes of them.
@Suite struct HTMLTreeBuilderTests {
    /// Boxes are `div`s by then, and only the links and formatting that are kept come here.
    private static let tags: [HTMLTag] = [
        .div, .p, .h1, .h2, .h3, .h4, .h5, .h6, .li, .dl, .dt, .dd, .table, .caption, .thead,
        .tbody, .tfoot, .tr, .td, .th, .blockquote, .a, .span,
    ]
    /// What libxml2 does not take apart of lists and code.
    private static let lists: [[HTMLTag]] = [[.ul], [.ol, .pre]]

    private enum Token: Hashable {
        case start(HTMLTag)
        case end(HTMLTag)
        case text
    }

    /// A few open elements at a time, so that end tags often find theirs.
    private func tokens(by numbers: inout SeededGenerator) -> [Token] {
        let tags = Self.tags + (Self.lists.randomElement(using: &numbers) ?? [])
        let few = (0..<6).map { _ in tags.randomElement(using: &numbers) ?? .div }
        return (0..<Int.random(in: 1...48, using: &numbers)).map { _ in
            let isAny = Int.random(in: 0..<4, using: &numbers) == 0
            let tag = (isAny ? tags : few).randomElement(using: &numbers) ?? .div
            return switch Int.random(in: 0..<5, using: &numbers) {
            case 0: .text
            case 1, 2: .end(tag)
            default: .start(tag)
            }
        }
    }

    private func outline(_ tokens: [Token]) -> String {
        var builder = HTMLTreeBuilder(capacity: tokens.count)
        var runCount = 0
        for token in tokens {
            switch token {
            case .start(let tag): builder.start(tag, as: tag, [], record: -1)
            case .end(let tag): builder.end(tag)
            case .text:
                builder.text(run: runCount)
                runCount += 1
            }
        }
        let arena = builder.finish(bodySignals: [])
        var ends: [Int32] = []
        var text = ""
        for (index, node) in arena.nodes.enumerated().dropFirst() {
            while let end = ends.last, end <= index {
                ends.removeLast()
                text += ")"
            }
            if node.tag == .text {
                text += "x"
            } else {
                text += "(\(node.tag.name) "
                ends.append(node.end)
            }
        }
        return text + String(repeating: ")", count: ends.count)
    }

    /// The outline as libxml2's events give it.
    private func outlineOfLibrary(_ tokens: [Token]) throws -> String {
        let markup = tokens.map { token in
            switch token {
            case .start(let tag): "<\(tag.name)>"
            case .end(let tag): "</\(tag.name)>"
            case .text: "x"
            }
        }
        var page = Array("<html><body>\(markup.joined())".utf8CString)
        let context = try #require(htmlCreateMemoryParserCtxt(&page, Int32(page.count - 1)))
        defer { htmlFreeParserCtxt(context) }
        _ = htmlCtxtUseOptions(context, Int32(HTML_PARSE_NOERROR.rawValue))
        var events = Events()
        withUnsafeMutablePointer(to: &events) { events in
            context.pointee.sax.pointee = Events.handler
            context.pointee.userData = UnsafeMutableRawPointer(events)
            _ = htmlParseDocument(context)
        }
        return events.outline
    }

    @Test func repairsAreThoseOfLibXML2() throws {
        xmlInitParser()
        for seed in 0..<10_000 {
            var numbers = SeededGenerator(state: UInt64(seed))
            let tokens = tokens(by: &numbers)
            let (own, library) = (outline(tokens), try outlineOfLibrary(tokens))
            guard own == library else {
                Issue.record("seed \(seed): \(tokens): \(own), libxml2 has \(library)")
                return
            }
        }
    }
}

private struct Events {
    var outline = ""

    static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = 1
        handler.startElement = { events, name, _ in
            guard let name else { return }
            let text = String(cString: name)
            if text == "html" || text == "body" { return }
            events?.assumingMemoryBound(to: Events.self).pointee.outline += "(\(text) "
        }
        handler.endElement = { events, name in
            guard let name else { return }
            let text = String(cString: name)
            if text == "html" || text == "body" { return }
            events?.assumingMemoryBound(to: Events.self).pointee.outline += ")"
        }
        handler.characters = { events, _, count in
            events?.assumingMemoryBound(to: Events.self).pointee.outline += String(
                repeating: "x",
                count: Int(count)
            )
        }
        return handler
    }
}
