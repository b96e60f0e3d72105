/// The rows of a document in reading order, with their text.
struct PDFLayout: Sendable {
    var columns: [PDFColumn] = []
    var text: [UInt8] = []
    /// Per page of the source, the text that runs in another direction.
    var turnedText: [Range<Int>] = []
    var bodySize: Float = 10
    /// Whether most text is bold, so that bold says nothing.
    var bodyIsBold = false
}

/// Finds rows, columns and their order on every page.
func layOut(_ source: PDFSource) -> PDFLayout {
    let pages = withoutChrome(source.pages.map { fragments(of: $0.words) }, of: source)
    var writer = PDFRowWriter(source: source, reserving: source.text.count * 5 / 4)
    var layout = PDFLayout()
    for (index, fragments) in pages.enumerated() {
        for members in readingOrder(fragments) where !members.isEmpty {
            var column = PDFColumn(page: index, left: .infinity, right: -.infinity, rows: [])
            for var row in rows(of: members, page: index) {
                row.text = writer.write(row.fragments, page: index)
                row.measure(source)
                column.left = min(column.left, row.box.left)
                column.right = max(column.right, row.box.right)
                column.rows.append(row)
            }
            layout.columns.append(column)
        }
        layout.turnedText.append(writer.write(words: source.pages[index].turnedWords))
    }
    layout.text = writer.text
    (layout.bodySize, layout.bodyIsBold) = bodyStyle(source)
    return layout
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
        self.isFixedPitch = plainWeight == 0 && fixedWeight > 0
        self.isBold =
            plainWeight > 0 ? boldWeight == plainWeight : fixedBoldWeight == fixedWeight
        if plainWeight > 0 {
            let mean = sizeSum / Float(plainWeight)
            self.size = abs(largest - mean) <= 0.15 * mean ? largest : self.size
        }
    }
}
