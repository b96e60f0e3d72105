/// What takes up the features of a unit: a sum of weights, or, for learning them, a list.
protocol FeatureSink {
    /// One of `count` values.
    mutating func one(_ name: StaticString, _ value: Int, of count: Int)
    /// Any of `count` bits.
    mutating func bits(_ name: StaticString, _ value: UInt64, of count: Int)
}

/// The sum of a unit's weights, in hundredths of a logit: above 0 it is more likely content.
struct ScoreSink: FeatureSink {
    private let weights: UnsafeBufferPointer<Int16>
    private(set) var sum = 0
    private var base = 0

    init(_ weights: UnsafeBufferPointer<Int16>) {
        self.weights = weights
        self.sum = UnitWeights.intercept
    }

    @inline(__always)
    mutating func one(_ name: StaticString, _ value: Int, of count: Int) {
        self.sum += Int(self.weights[self.base + min(max(0, value), count - 1)])
        self.base += count
    }

    @inline(__always)
    mutating func bits(_ name: StaticString, _ value: UInt64, of count: Int) {
        var rest = value
        while rest != 0 {
            let bit = rest.trailingZeroBitCount
            if bit < count { self.sum += Int(self.weights[self.base + bit]) }
            rest &= rest - 1
        }
        self.base += count
    }
}

/// The page around its units: what their features are counted from.
struct UnitPage {
    let arena: HTMLArena
    let statistics: [NodeStatistics]
    let units: [TextUnit]
    let shapes: [UnitShape]
    let root: Int
    /// The page's JSON-LD has its article.
    let hasAnchor: Bool

    private let firstProse: Int
    private let lastProse: Int
    /// Bytes of text before each unit.
    private let offsets: [Int32]
    /// Words of the heading that each unit stands under, if it is near.
    private let headingWords: [UInt64]

    init(
        _ arena: HTMLArena,
        _ scanned: ScannedPage,
        _ statistics: [NodeStatistics],
        _ units: [TextUnit],
        root: Int,
        hasAnchor: Bool
    ) {
        self.arena = arena
        self.statistics = statistics
        self.units = units
        var head: [UInt8] = []
        self.shapes = units.map { UnitShape($0, in: arena, scanned, head: &head) }
        self.root = root
        self.hasAnchor = hasAnchor
        let range = root..<Int(arena.nodes[root].end)
        var first = Int.max
        var last = -1
        var offset: Int32 = 0
        var heading: UInt64 = 0
        var distance = 0
        var offsets: [Int32] = []
        var headings: [UInt64] = []
        for (index, unit) in units.enumerated() {
            let shape = self.shapes[index]
            if range.contains(unit.node), shape.kind == .prose, unit.linkBytes * 3 < unit.textBytes
            {
                first = min(first, index)
                last = index
            }
            offsets.append(offset)
            offset += unit.textBytes
            headings.append(heading)
            distance += 1
            if shape.kind == .heading {
                heading = shape.words
                distance = 0
            } else if distance > 8 {
                heading = 0
            }
        }
        self.firstProse = first
        self.lastProse = last
        self.offsets = offsets
        self.headingWords = headings
    }

    func isInRoot(_ index: Int) -> Bool {
        (self.root..<Int(self.arena.nodes[self.root].end)).contains(self.units[index].node)
    }

    /// Where a unit stands: before the root, in it before its first prose, among it, after its last,
    /// or after the root.
    func place(of index: Int) -> Int {
        guard self.isInRoot(index) else { return self.units[index].node < self.root ? 0 : 4 }
        return index < self.firstProse ? 1 : index > self.lastProse ? 3 : 2
    }

    /// How much must speak against a unit that the rules keep.
    ///
    /// More for a sentence among those of the article, with no name against it, and for a line after the
    /// last of them that has neither name nor word against it. On a page without a link, which is no part
    /// of a site, no weight drops anything.
    func limit(of index: Int) -> Int {
        guard self.statistics[0].linkBytes > 0 else { return .min }
        let unit = self.units[index]
        let shape = self.shapes[index]
        let tag = self.arena.nodes[unit.node].tag
        // The weights know articles: where nothing reads like one, they hardly count.
        if self.firstProse == .max, self.isInRoot(index), shape.words & CallWords.calls == 0,
            unit.context.signals.isDisjoint(with: ElementSignals.chrome.union(.caption))
        {
            return UnitWeights.plainLimit
        }
        guard unit.linkBytes == 0 else { return UnitWeights.keptLimit }
        // One name is not enough against a list among the sentences, nor a table's own caption.
        let isPlaced = unit.context.isInArticle && unit.context.chromeCount < 2
        if isPlaced, self.place(of: index) == 2, tag.isList || tag == .dl {
            return UnitWeights.plainLimit
        }
        if isPlaced, tag == .figcaption, self.captionsData(unit.node) { return .min }
        if isPlaced, self.place(of: index) == 2, self.isShownText(index) {
            return UnitWeights.plainLimit
        }
        guard unit.context.signals.isDisjoint(with: UnitContext.suspicious)
        else { return UnitWeights.keptLimit }
        switch self.place(of: index) {
        case 2 where shape.ending == 1 || tag.isList || tag == .dl: return UnitWeights.plainLimit
        case 3 where shape.words == 0 && unit.context.isInArticle:
            return shape.ending == 1 ? UnitWeights.plainLimit : UnitWeights.lastLineLimit
        default: return UnitWeights.keptLimit
        }
    }

    /// Whether a list of links belongs to the text: a line that ends with a colon announces it, or a
    /// heading among the article's sentences, and neither is a call to read on elsewhere; or it is what
    /// the article refers to.
    func isAnnounced(_ index: Int) -> Bool {
        guard index > 0, self.isInRoot(index), self.units[index].isWhole,
            self.arena.nodes[self.units[index].node].tag.isList,
            self.units[index].context.signals.isDisjoint(with: .chrome)
        else { return false }
        let line = self.shapes[index - 1]
        if line.kind == .heading, self.units[index].context.isInArticle {
            if line.headsReferences { return true }
            let isAmong = self.place(of: index) == 2 && line.words & CallWords.calls == 0
            if isAmong, self.isListOfNames(index) { return true }
        }
        return line.ending == 2 && line.kind != .links && line.words & CallWords.calls == 0
            && self.place(of: index) < 4
    }

    /// Whether a unit is no line of links, nothing calls it chrome, and it is no short line that calls to
    /// something.
    func isPlain(_ index: Int) -> Bool {
        let unit = self.units[index]
        let isSentence = unit.textBytes >= 140 && self.shapes[index].kind == .prose
        return unit.linkBytes * 2 < unit.textBytes
            && (isSentence || self.shapes[index].words & CallWords.calls == 0)
            && unit.context.signals.isDisjoint(with: ElementSignals.chrome.union(.caption))
    }

    /// Whether a unit in the root is one that is never left out: a footnote, a table of data, code.
    func isProtected(_ index: Int) -> Bool {
        let unit = self.units[index]
        guard self.isInRoot(index) else { return false }
        if unit.hasNotes || self.isFolded(unit) { return true }
        let tag = self.arena.nodes[unit.node].tag
        let isData = tag.isPreformatted || (tag == .table && unit.isWhole)
        return isData && unit.linkBytes * 2 < unit.textBytes
            && unit.context.signals.isDisjoint(with: .chrome)
    }

    /// Whether a unit stands in a section that the reader unfolds, which is no menu.
    private func isFolded(_ unit: TextUnit) -> Bool {
        guard unit.linkBytes * 2 < unit.textBytes, unit.context.isInArticle,
            unit.context.signals.isDisjoint(with: .chrome)
        else { return false }
        var node = unit.node
        for _ in 0..<6 where node > 0 {
            if self.arena.nodes[node].tag == .details { return true }
            node = Int(self.arena.nodes[node].parent)
        }
        return false
    }

    /// Whether a unit says what nothing else on the page does: a price, or what a picture shows, where no
    /// account of the article for machines says that the page is news, whose pictures illustrate.
    private func isShownText(_ index: Int) -> Bool {
        let shape = self.shapes[index]
        if shape.hasPrice, shape.words & CallWords.calls == 0 { return true }
        let tag = self.arena.nodes[self.units[index].node].tag
        return !self.hasAnchor && (tag == .figcaption || tag == .caption)
    }

    /// Whether a caption stands below a table or a listing, not below a picture.
    private func captionsData(_ caption: Int) -> Bool {
        let figure = Int(self.arena.nodes[caption].parent)
        return self.arena.nodes[figure].tag == .figure
            && !self.statistics[figure].holds.isDisjoint(with: [.table, .code])
    }

    /// Whether a list's items are short, or say more than what they link to: no headlines.
    private func isListOfNames(_ index: Int) -> Bool {
        let unit = self.units[index]
        if unit.linkBytes * 10 < unit.textBytes * 9 { return true }
        let items = (unit.node..<Int(self.arena.nodes[unit.node].end)).count {
            self.arena.nodes[$0].tag == .li
        }
        return unit.textBytes < Int32(items) * 24
    }

    /// Whether a unit is an article's table with heads: rows of it are never left out, unless they are
    /// links and a name speaks against them.
    func isHeadedTable(_ index: Int) -> Bool {
        let unit = self.units[index]
        return unit.isWhole && self.arena.nodes[unit.node].tag == .table && self.isInRoot(index)
            && unit.context.isInArticle && self.hasHeads(unit.node)
            && (unit.context.chromeCount == 0 || unit.linkBytes * 2 < unit.textBytes)
    }

    private func hasHeads(_ table: Int) -> Bool {
        (table..<Int(self.arena.nodes[table].end)).contains { self.arena.nodes[$0].tag == .th }
    }

    private func shape(_ index: Int) -> UnitShape {
        self.shapes.indices.contains(index) ? self.shapes[index] : UnitShape()
    }

    /// Hands the features of one unit to a sink, always the same groups in the same order.
    ///
    /// - Complexity: O(1).
    func describe(_ index: Int, to sink: inout some FeatureSink) {
        let unit = self.units[index]
        let shape = self.shapes[index]
        let isIn = self.isInRoot(index)
        let place = self.place(of: index)
        sink.one("tag", shape.tag, of: UnitShape.tagCount)
        sink.one("length", shape.length, of: 8)
        sink.one("length and links", shape.length * 5 + shape.link, of: 40)
        sink.one("ending", shape.ending, of: 6)
        sink.one("beginning", shape.beginning, of: 5)
        sink.one("commas", shape.commas, of: 4)
        sink.one("digits", shape.digits, of: 4)
        sink.bits("marks", shape.marks, of: 8)
        sink.one("place", place, of: 5)
        sink.one("place and kind", place * 6 + shape.kind.rawValue, of: 30)
        let total = Int64(max(1, self.statistics[0].textBytes))
        sink.one("tenth of the page", Int(Int64(self.offsets[index]) * 10 / total), of: 10)
        self.describeBoxes(around: unit, to: &sink)
        self.describeNeighbors(of: index, to: &sink)
        self.describeNames(unit, shape, isInRoot: isIn, to: &sink)
        sink.bits("words", shape.words, of: CallWords.categoryCount)
        sink.bits(
            "words of a short line",
            unit.textBytes < 140 ? shape.words : 0,
            of: CallWords.categoryCount
        )
        sink.bits("words before", self.shape(index - 1).words, of: CallWords.categoryCount)
        sink.bits("words after", self.shape(index + 1).words, of: CallWords.categoryCount)
        sink.bits("words of the heading", self.headingWords[index], of: CallWords.categoryCount)
        sink.one("root's share and place", self.rootShare * 5 + place, of: 25)
        sink.one("units of the page", bucket(Int32(self.units.count), [10, 30, 80, 200]), of: 5)
    }

    private var rootShare: Int {
        let total = Int64(self.statistics[0].proseBytes)
        guard total > 0 else { return 0 }
        return bucket(
            Int32(Int64(self.statistics[self.root].proseBytes) * 100 / total),
            [40, 60, 80, 95]
        )
    }

    private func describeBoxes(around unit: TextUnit, to sink: inout some FeatureSink) {
        let parent = Int(self.arena.nodes[unit.node].parent)
        let box = self.statistics[parent]
        let outer = parent > 0 ? self.statistics[Int(self.arena.nodes[parent].parent)] : box
        sink.one("box: links", Int(box.linkDensity * 4.99), of: 5)
        sink.one("box: prose", bucket(box.proseBytes, [1, 140, 500, 2_000]), of: 5)
        sink.one("box: rest", bucket(box.textBytes - unit.textBytes, [1, 40, 200, 1_000]), of: 5)
        sink.one("outer box: links", Int(outer.linkDensity * 4.99), of: 5)
        sink.one("outer box: prose", bucket(outer.proseBytes, [1, 140, 500, 2_000]), of: 5)
    }

    private func describeNeighbors(of index: Int, to sink: inout some FeatureSink) {
        let before = self.shape(index - 1).kind.rawValue
        let after = self.shape(index + 1).kind.rawValue
        sink.one("before", before, of: 6)
        sink.one("two before", self.shape(index - 2).kind.rawValue, of: 6)
        sink.one("after", after, of: 6)
        sink.one("two after", self.shape(index + 2).kind.rawValue, of: 6)
        sink.one("before and after", before * 6 + after, of: 36)
        var prose = 0
        var links = 0
        for offset in -4...4 where offset != 0 {
            let kind = self.shape(index + offset).kind
            if kind == .prose { prose += 1 }
            if kind == .links { links += 1 }
        }
        sink.one("prose near", prose, of: 9)
        sink.one("links near", links, of: 9)
    }

    private func describeNames(
        _ unit: TextUnit,
        _ shape: UnitShape,
        isInRoot: Bool,
        to sink: inout some FeatureSink
    ) {
        let count = UnitContext.tracked.count
        let names = UnitContext.mask(of: unit.context.signals)
        let elements = UInt64(unit.context.elements.rawValue)
        sink.bits("names around", names, of: count)
        sink.bits("names around, in the root", isInRoot ? names : 0, of: count)
        sink.bits("names around prose", shape.kind == .prose ? names : 0, of: count)
        sink.bits(
            "own names",
            UnitContext.mask(of: self.arena.nodes[unit.node].signals),
            of: count
        )
        sink.one("boxes called chrome", Int(unit.context.chromeCount), of: 4)
        sink.bits("elements around", elements, of: UnitContext.Elements.count)
        sink.bits(
            "elements around, in the root",
            isInRoot ? elements : 0,
            of: UnitContext.Elements.count
        )
        let anchor = unit.context.elements.contains(.anchored) ? 2 : 1
        sink.one("agrees with JSON-LD", self.hasAnchor ? anchor : 0, of: 3)
    }
}
