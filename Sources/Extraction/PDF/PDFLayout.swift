/// The rows of a document in reading order, with their text.
struct PDFLayout: Sendable {
    var columns: [PDFColumn] = []
    var text: [UInt8] = []
    /// Per page of the source, its tables with drawn cells.
    var ruledTables: [[PDFRuledTable]] = []
    /// Per page of the source, the text that runs in another direction.
    var turnedText: [Range<Int>] = []
    var bodySize: Float = 10
    /// Whether most text is bold, so that bold says nothing.
    var bodyIsBold = false
}

/// Finds rows, columns and their order on every page.
func layOut(_ source: PDFSource) -> PDFLayout {
    let pages = withoutChrome(
        source.pages.map { page in
            let all = fragments(of: page.words)
            return source.structure == nil ? all : withoutArtifacts(all, page: page)
        },
        of: source
    )
    var writer = PDFRowWriter(source: source, reserving: source.text.count * 5 / 4)
    var layout = PDFLayout()
    for (index, fragments) in pages.enumerated() {
        let page = source.pages[index]
        let cut = cutTables(fragments, page: page, structure: source.structure)
        for members in columns(of: cut.fragments, on: page) where !members.isEmpty {
            var column = PDFColumn(page: index, left: .infinity, right: -.infinity, rows: [])
            for var row in withoutLineNumbers(rows(of: members, page: index), of: source) {
                row.text = writer.write(row.fragments, page: index)
                row.isRightToLeft = isMostlyRightToLeft(writer.text[row.text])
                row.measure(source)
                column.left = min(column.left, row.box.left)
                column.right = max(column.right, row.box.right)
                column.rows.append(row)
            }
            layout.columns.append(column)
        }
        layout.ruledTables.append(cut.tables.map { writer.write($0, page: index) })
        layout.turnedText.append(writer.write(words: source.pages[index].turnedWords))
    }
    layout.text = writer.text
    (layout.bodySize, layout.bodyIsBold) = bodyStyle(source)
    return layout
}

/// The author's article threads decide the order where they cover most of the page; what stands
/// outside them comes before or after, as it is printed above their end or below it.
private func columns(of fragments: [PDFFragment], on page: PDFPage) -> [[PDFFragment]] {
    guard page.beads.count > 1 else { return readingOrder(fragments) }
    var parts = [[PDFFragment]](repeating: [], count: page.beads.count)
    var outside: [PDFFragment] = []
    for fragment in fragments {
        if let bead = page.beads.firstIndex(where: { $0.holdsMiddle(of: fragment.box) }) {
            parts[bead].append(fragment)
        } else {
            outside.append(fragment)
        }
    }
    guard outside.count * 10 <= fragments.count else { return readingOrder(fragments) }
    let start = page.beads.reduce(Float.infinity) { min($0, $1.top) }
    let before = outside.filter { $0.baseline < start }
    let after = outside.filter { $0.baseline >= start }
    return readingOrder(before) + parts.flatMap { readingOrder($0) } + readingOrder(after)
}

extension PDFBox {
    fileprivate func holdsMiddle(of other: PDFBox) -> Bool {
        let across = (other.left + other.right) / 2
        let down = (other.top + other.bottom) / 2
        return self.left <= across && across <= self.right && self.top <= down
            && down <= self.bottom
    }
}

/// The size and weight in which most bytes are set, code left aside.
private func bodyStyle(_ source: PDFSource) -> (size: Float, isBold: Bool) {
    // Sizes in tenths of a point; larger type is never the body.
    var proportional = [Int](repeating: 0, count: 1_000)
    var fixed = proportional
    var bold = 0
    var total = 0
    for page in source.pages {
        for word in page.words {
            let weight = Int(word.textEnd - word.textStart)
            let bucket = min(max(Int((word.size * 10).rounded()), 0), 999)
            let style = word.style < 0 ? nil : source.styles[Int(word.style)]
            if style?.isFixedPitch == true {
                fixed[bucket] += weight
            } else {
                proportional[bucket] += weight
            }
            if style?.isBold == true { bold += weight }
            total += weight
        }
    }
    let sum = proportional.reduce(0, +)
    let counts = sum * 10 >= total ? proportional : fixed
    var best = 0
    for (bucket, count) in counts.enumerated() where count > counts[best] { best = bucket }
    return (best == 0 ? 10 : Float(best) / 10, bold * 2 > total)
}

extension PDFRow {
    /// Decides size and weight by the row's bytes; code inside a line of text does not count.
    fileprivate mutating func measure(_ source: PDFSource) {
        var plainWeight: Int32 = 0
        var boldWeight: Int32 = 0
        var fixedWeight: Int32 = 0
        var fixedBoldWeight: Int32 = 0
        var sizeSum: Float = 0
        var largest: Float = 0
        let words = source.pages[self.page].words
        for fragment in self.fragments {
            for word in words[fragment.words] {
                let weight = word.textEnd - word.textStart
                let style = word.style < 0 ? nil : source.styles[Int(word.style)]
                if style?.isFixedPitch == true {
                    fixedWeight += weight
                    if style?.isBold == true { fixedBoldWeight += weight }
                } else {
                    plainWeight += weight
                    if style?.isBold == true { boldWeight += weight }
                    sizeSum += word.size * Float(weight)
                    largest = max(largest, word.size)
                }
            }
        }
        if let structure = source.structure { self.element = self.commonBlock(words, structure) }
        self.isFixedPitch = plainWeight == 0 && fixedWeight > 0
        self.isBold =
            plainWeight > 0 ? boldWeight == plainWeight : fixedBoldWeight == fixedWeight
        if plainWeight > 0 {
            let mean = sizeSum / Float(plainWeight)
            self.size = abs(largest - mean) <= 0.15 * mean ? largest : self.size
        }
    }
}

extension PDFRow {
    /// The block element that all words of the row are in, or none.
    fileprivate func commonBlock(_ words: [PDFWord], _ structure: PDFStructure) -> Int32 {
        var result: Int32?
        for fragment in self.fragments {
            for word in words[fragment.words] {
                let block = structure[word.element]?.block ?? PDFStructure.none
                if let result, result != block { return PDFStructure.none }
                result = block
            }
        }
        return result ?? PDFStructure.none
    }
}
