internal import Formats

/// The rows of a document in reading order, with their text.
struct PDFLayout: Sendable {
    var columns: [PDFColumn] = []
    var text: [UInt8] = []
    /// Per page of the source, its tables with drawn cells.
    var ruledTables: [[PDFRuledTable]] = []
    /// Per page of the source, the text that runs in another direction.
    var turnedText: [Range<Int>] = []
    var body = PDFBodyStyle(size: 10, isBold: false)
    /// Per page of the source, the lines that run at its top and at its foot.
    var headers: [[PDFRow]] = []
    var footers: [[PDFRow]] = []
    /// Running lines left out.
    var chromeCount = 0
    /// Numbers of lines left out.
    var lineNumberCount = 0
    /// Copies of watermarks, the one that is shown included.
    var watermarkCount = 0
}

/// The size and weight of most text; where it is bold, bold says nothing.
struct PDFBodyStyle: Sendable {
    var size: Float
    var isBold: Bool
}

/// Finds rows, columns and their order on every page.
func layOut(_ source: PDFSource, headers: PDFOptions.Headers) -> PDFLayout {
    var layout = PDFLayout()
    layout.body = bodyStyle(source)
    let cuts = source.pages.map { page in
        cutTables(fragments(of: page.words), page: page, structure: source.structure)
    }
    var pages = cuts.map(\.fragments)
    var numbered: [PDFNumberedLines?] = []
    for index in pages.indices where headers != .keep {
        let page = source.pages[index]
        numbered.append(takeLineNumbers(from: &pages[index], page: page, of: source))
    }
    let running = takeRunningLines(
        from: &pages,
        of: source,
        body: layout.body,
        headers: headers
    )
    layout.chromeCount = running.removedCount
    var writer = PDFRowWriter(source: source, reserving: source.text.count * 5 / 4)
    var shownNumbers: Set<[UInt8]> = []
    var watermarks = PDFWatermarks(source, body: layout.body)
    for (index, fragments) in pages.enumerated() {
        let page = source.pages[index]
        layout.headers.append(writer.write(running.headers[index], page: index))
        layout.footers.append(writer.write(running.footers[index], page: index))
        for members in columns(of: fragments, on: page) where !members.isEmpty {
            var column = PDFColumn(page: index, left: .infinity, right: -.infinity, rows: [])
            var lines = rows(of: members, page: index)
            if headers != .keep {
                lines = withoutLineNumbers(lines, of: source, count: &layout.lineNumberCount)
            }
            for var row in lines {
                row.text = writer.write(row.fragments, page: index)
                row.isRightToLeft = isMostlyRightToLeft(writer.text[row.text])
                row.measure(source)
                column.left = min(column.left, row.box.left)
                column.right = max(column.right, row.box.right)
                column.rows.append(row)
            }
            layout.columns.append(column)
        }
        layout.ruledTables.append(cuts[index].tables.map { writer.write($0, page: index) })
        if headers != .keep, let numbers = numbered[index] {
            if headers == .first, shownNumbers.insert(numbers.text).inserted {
                layout.headers[index].append(writer.write(numbers, page: index))
            } else {
                layout.lineNumberCount += numbers.count
            }
        }
        let marks = watermarks.take(page, headers: headers)
        layout.headers[index] += marks.map { writer.write($0, page: index) }
        layout.turnedText.append(
            writer.write(words: page.turnedWords, behind: page.slanted, but: watermarks)
        )
    }
    layout.watermarkCount = watermarks.count
    layout.text = writer.text
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
private func bodyStyle(_ source: PDFSource) -> PDFBodyStyle {
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
    return PDFBodyStyle(size: best == 0 ? 10 : Float(best) / 10, isBold: bold * 2 > total)
}

extension PDFRowWriter {
    /// Writes lines and notes in each where its text stands.
    fileprivate mutating func write(_ rows: [PDFRow], page: Int) -> [PDFRow] {
        rows.map { row in
            var row = row
            row.text = self.write(row.fragments, page: page)
            return row
        }
    }
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
