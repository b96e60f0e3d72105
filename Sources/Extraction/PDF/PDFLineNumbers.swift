/// Takes the numbers off numbered lines of code, and the lines that hold nothing else.
///
/// Three or more rows that count up by one, each in fixed pitch behind its number, are code.
func withoutLineNumbers(_ rows: [PDFRow], of source: PDFSource) -> [PDFRow] {
    guard rows.count >= 3 else { return rows }
    let numbers = rows.map { lineNumber($0, source) }
    var result: [PDFRow] = []
    result.reserveCapacity(rows.count)
    var start = 0
    while start < rows.count {
        var end = start + 1
        if let first = numbers[start] {
            while end < rows.count, numbers[end] == first + end - start { end += 1 }
        }
        let codeCount = rows[start..<end].filter { $0.fragments.count > 1 }.count
        guard end - start >= 3, codeCount * 2 >= end - start else {
            result.append(contentsOf: rows[start..<end])
            start = end
            continue
        }
        for var row in rows[start..<end] where row.fragments.count > 1 {
            row.fragments.removeFirst()
            row.box = row.fragments.reduce(into: PDFBox.empty) { $0.add($1.box) }
            result.append(row)
        }
        start = end
    }
    return result
}

/// The number before code, or alone; nil for any other row.
private func lineNumber(_ row: PDFRow, _ source: PDFSource) -> Int? {
    guard let first = row.fragments.first, first.words.count == 1, first.table == nil else {
        return nil
    }
    let words = source.pages[row.page].words
    let word = words[first.words.lowerBound]
    let digits = source.text[Int(word.textStart)..<Int(word.textEnd)]
    guard digits.count <= 5, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    for fragment in row.fragments.dropFirst() {
        for word in words[fragment.words] {
            guard word.style >= 0, source.styles[Int(word.style)].isFixedPitch else { return nil }
        }
    }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}
