/// A piece of a page that is content or is not, as a whole: a paragraph, heading or other block with
/// text of its own; a list or a table of data with all it holds; a listing of code.
struct TextUnit {
    var node: Int
    /// All of the subtree belongs to it, not only the node's own text.
    var isWhole: Bool
    var textBytes: Int32
    var linkBytes: Int32
    /// It is a footnote, or holds some.
    var hasNotes = false
    /// Evidence of the elements around it.
    var context: UnitContext
}

/// What the elements around a unit are called and are.
struct UnitContext {
    /// Of those that hold less than half of the page's prose.
    var signals: ElementSignals = []
    var elements: Elements = []
    /// How many elements in a row have a name of page chrome.
    var chromeCount: UInt8 = 0

    struct Elements: OptionSet {
        let rawValue: UInt16
        static let nav = Elements(rawValue: 1 << 0)
        static let footer = Elements(rawValue: 1 << 1)
        static let aside = Elements(rawValue: 1 << 2)
        static let header = Elements(rawValue: 1 << 3)
        static let form = Elements(rawValue: 1 << 4)
        static let figure = Elements(rawValue: 1 << 5)
        static let article = Elements(rawValue: 1 << 6)
        static let main = Elements(rawValue: 1 << 7)
        static let body = Elements(rawValue: 1 << 8)
        static let quote = Elements(rawValue: 1 << 9)
        static let item = Elements(rawValue: 1 << 10)
        static let cell = Elements(rawValue: 1 << 11)
        static let anchored = Elements(rawValue: 1 << 12)
        static let count = 13
    }
}

/// The units of a page in document order.
///
/// - Complexity: O(nodes).
func textUnits(
    of arena: HTMLArena,
    _ statistics: [NodeStatistics]
) -> [TextUnit] {
    let total = statistics[0].proseBytes
    var contexts = [UnitContext](repeating: UnitContext(), count: arena.nodes.count)
    var units: [TextUnit] = []
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        if node.isDropped || statistics[index].textBytes == 0 {
            index = Int(node.end)
            continue
        }
        let own = statistics[index]
        var context = contexts[Int(node.parent)]
        context.note(node, holdsMuch: own.proseBytes * 2 >= total && total > 0)
        contexts[index] = context
        if isWholeUnit(index, in: arena, statistics) {
            units.append(
                TextUnit(
                    node: index,
                    isWhole: true,
                    textBytes: own.textBytes,
                    linkBytes: own.linkBytes,
                    hasNotes: context.signals.contains(.note)
                        || (index..<Int(node.end)).contains {
                            arena.nodes[$0].signals.contains(.note)
                        },
                    context: context
                )
            )
            index = Int(node.end)
            continue
        }
        if own.ownText > 0 {
            units.append(
                TextUnit(
                    node: index,
                    isWhole: false,
                    textBytes: own.ownText,
                    linkBytes: own.ownLink,
                    hasNotes: context.signals.contains(.note),
                    context: context
                )
            )
        }
        index += 1
    }
    return units
}

/// Lists, tables of data and code stay or go as a whole, unless they lay out the page.
private func isWholeUnit(
    _ index: Int,
    in arena: HTMLArena,
    _ statistics: [NodeStatistics]
) -> Bool {
    let tag = arena.nodes[index].tag
    let own = statistics[index]
    if tag.isPreformatted { return true }
    if tag == .table { return isDataTable(index, in: arena, statistics) }
    guard tag.isList || tag == .dl else { return false }
    guard own.holds.isDisjoint(with: [.heading, .table]) else { return false }
    return own.textBytes < 1_500 || own.proseBytes * 2 < own.textBytes
}

extension UnitContext {
    fileprivate mutating func note(_ node: HTMLNode, holdsMuch: Bool) {
        if !holdsMuch {
            self.signals.formUnion(node.signals)
            if !node.signals.isDisjoint(with: ElementSignals.chrome), self.chromeCount < 3 {
                self.chromeCount += 1
            }
        }
        if !node.signals.isDisjoint(with: [.article]) { self.elements.insert(.article) }
        if node.signals.contains(.main) { self.elements.insert(.main) }
        if !node.signals.isDisjoint(with: [.articleBody, .markedBody]) {
            self.elements.insert(.body)
        }
        if node.signals.contains(.anchored) { self.elements.insert(.anchored) }
        switch node.tag {
        case .nav: self.elements.insert(.nav)
        case .footer where !holdsMuch: self.elements.insert(.footer)
        case .aside where !holdsMuch: self.elements.insert(.aside)
        case .header where !holdsMuch: self.elements.insert(.header)
        case .form where !holdsMuch: self.elements.insert(.form)
        case .figure, .figcaption: self.elements.insert(.figure)
        case .blockquote: self.elements.insert(.quote)
        case .li, .dd: self.elements.insert(.item)
        case .td, .th: self.elements.insert(.cell)
        default: break
        }
    }

    /// The signals that have weights, in the order of their bits.
    static let tracked: [ElementSignals] = [
        .navigation, .footer, .sidebar, .share, .related, .promotion, .comments, .byline, .caption,
        .header, .dialog, .author, .list, .standfirst, .headline, .published, .pane, .certain,
    ]

    /// Whether an element says that it holds the article or the page's main part.
    var isInArticle: Bool {
        !self.elements.isDisjoint(with: [.article, .main, .body, .anchored])
    }

    /// Names of what may stand in an article and is no part of its text.
    static let suspicious = ElementSignals.chrome.union([.byline, .caption, .author])

    static func mask(of signals: ElementSignals) -> UInt64 {
        guard !signals.isEmpty else { return 0 }
        var mask: UInt64 = 0
        for (bit, signal) in Self.tracked.enumerated() where signals.contains(signal) {
            mask |= 1 << UInt64(bit)
        }
        return mask
    }
}
