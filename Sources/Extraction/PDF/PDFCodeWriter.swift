internal import Bytes

/// Writes rows of fixed pitch with their columns kept.
struct PDFCodeWriter {
    let source: PDFSource
    let page: Int

    func text(of rows: ArraySlice<PDFRow>) -> [UInt8] {
        let left = rows.reduce(Float.infinity) { min($0, $1.box.left) }
        let width = max(self.glyphWidth(rows), 0.5)
        let leading = smallestStep(rows)
        var result: [UInt8] = []
        var previous: PDFRow?
        for row in rows {
            if let previous {
                let step = row.baseline - previous.baseline
                let blankLines = leading > 0 ? Int((step / leading).rounded()) - 1 : 0
                result.append(
                    contentsOf: repeatElement(0x0A, count: 1 + min(max(blankLines, 0), 3))
                )
            }
            self.append(row, left: left, width: width, to: &result)
            previous = row
        }
        return result
    }

    private func append(_ row: PDFRow, left: Float, width: Float, to output: inout [UInt8]) {
        var column = 0
        for fragment in row.fragments {
            for word in self.source.pages[self.page].words[fragment.words] {
                let target = Int(((word.box.left - left) / width).rounded())
                if target > column, target - column < 400 {
                    output.append(contentsOf: repeatElement(0x20, count: target - column))
                    column = target
                } else if target + 1 < column {
                    // It is drawn over the one before it.
                    output.append(.space)
                    column += 1
                }
                let bytes = self.source.text[Int(word.textStart)..<Int(word.textEnd)]
                output.append(contentsOf: bytes)
                column += bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
            }
        }
    }

    /// The mean glyph width of the longest word.
    private func glyphWidth(_ rows: ArraySlice<PDFRow>) -> Float {
        var longest = 0
        var width: Float = 0
        for row in rows {
            for fragment in row.fragments {
                for word in self.source.pages[self.page].words[fragment.words] {
                    let bytes = self.source.text[Int(word.textStart)..<Int(word.textEnd)]
                    let count = bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
                    if count > longest {
                        longest = count
                        width = word.box.width / Float(count)
                    }
                }
            }
        }
        return width
    }
}

private func smallestStep(_ rows: ArraySlice<PDFRow>) -> Float {
    var smallest = Float.infinity
    for (row, next) in zip(rows, rows.dropFirst()) {
        let step = next.baseline - row.baseline
        if step > 0.8 * row.size { smallest = min(smallest, step) }
    }
    return smallest.isFinite ? smallest : 0
}
