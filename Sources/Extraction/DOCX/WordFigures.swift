internal import Records

/// What a chart shows, as its title and a table: a row for each category, a column for each series.
///
/// - Source: ECMA-376 part 1, §21.2; the values are those the program that wrote the file kept.
final class WordChartReader: XMLEvents {
    private struct Series {
        var name: [UInt8] = []
        var categories: [Int: [UInt8]] = [:]
        var values: [Int: [UInt8]] = [:]
    }

    /// Charts of more are pictures of data that is elsewhere.
    private static let pointLimit = 2_000
    private static let seriesLimit = 64
    private static let titleByteLimit = 4_096

    private var title: [UInt8] = []
    private var series: [Series] = []
    private var titleDepth = 0
    private var isInSeries = false
    private var section = ""
    private var point = 0
    private var isText = false

    func start(_ element: XMLElement) {
        let local = element.name.local
        if element.name.vocabulary == .drawing { self.isText = local == "t" && self.titleDepth > 0 }
        guard element.name.vocabulary == .chart else { return }
        switch local {
        case "title": self.titleDepth += 1
        case "ser":
            self.isInSeries = self.series.count < Self.seriesLimit
            if self.isInSeries { self.series.append(Series()) }
        case "tx", "cat", "xVal", "val", "yVal": if self.isInSeries { self.section = local }
        case "pt": self.point = element["idx"].flatMap { Int($0) } ?? self.point + 1
        case "v": self.isText = true
        default: break
        }
    }

    func end(_ name: XMLName) {
        self.isText = false
        guard name.vocabulary == .chart else { return }
        switch name.local {
        case "title":
            self.titleDepth -= 1
            if !self.title.isEmpty { self.title.append(0x20) }
        case "ser": self.isInSeries = false
        case "tx", "cat", "xVal", "val", "yVal": self.section = ""
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isText else { return }
        if self.titleDepth > 0 {
            if self.title.count < Self.titleByteLimit { self.title += bytes }
            return
        }
        guard self.isInSeries, let last = self.series.indices.last,
            (0..<Self.pointLimit).contains(self.point)
        else { return }
        switch self.section {
        case "tx": self.series[last].name += bytes
        case "cat", "xVal": self.series[last].categories[self.point, default: []] += bytes
        case "val", "yVal": self.series[last].values[self.point, default: []] += bytes
        default: break
        }
    }

    var blocks: [WordBlock] {
        var blocks: [WordBlock] = []
        let title = Array(self.title.split { $0 <= 0x20 }.joined(separator: [0x20]))
        if !title.isEmpty {
            blocks.append(.paragraph(paragraph(title, role: .caption)))
        }
        let points = Set(self.series.flatMap { Array($0.values.keys) + Array($0.categories.keys) })
        guard !points.isEmpty else { return blocks }
        var table = WordTable()
        table.rows.append([[]] + self.series.map { cell($0.name) })
        for point in points.sorted() {
            let category = self.series.lazy.compactMap { $0.categories[point] }.first ?? []
            table.rows.append([cell(category)] + self.series.map { cell($0.values[point] ?? []) })
        }
        return blocks + [.table(table)]
    }
}

/// The texts of a diagram's shapes, as a list.
///
/// - Source: ECMA-376 part 1, §21.4: the points of a diagram's data.
final class WordDiagramReader: XMLEvents {
    private static let itemLimit = 2_000

    private var items: [[UInt8]] = []
    private var isText = false
    private var isItem = false

    func start(_ element: XMLElement) {
        if element.name.vocabulary == .diagram, element.name.local == "pt" { self.isItem = false }
        guard element.name.vocabulary == .drawing else { return }
        // A paragraph of a shape goes on in its runs.
        if element.name.local == "p" { self.isItem = false }
        self.isText = element.name.local == "t"
    }

    func end(_ name: XMLName) { self.isText = false }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isText, self.items.count < Self.itemLimit else { return }
        if self.isItem, let last = self.items.indices.last {
            self.items[last] += bytes
        } else {
            self.items.append(Array(bytes))
            self.isItem = true
        }
    }

    var blocks: [WordBlock] {
        self.items.filter { $0.contains { $0 > 0x20 } }.map { item in
            var block = paragraph(item, role: .body)
            block.item = WordItem(level: 0, mark: WordMark())
            return .paragraph(block)
        }
    }
}

private func paragraph(_ text: [UInt8], role: WordRole) -> WordParagraph {
    WordParagraph(line: WordLine(markdown: text, text: text), role: role)
}

private func cell(_ text: [UInt8]) -> [WordBlock] {
    text.isEmpty ? [] : [.paragraph(paragraph(text, role: .body))]
}
