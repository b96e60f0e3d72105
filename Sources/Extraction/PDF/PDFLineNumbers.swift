internal import Bytes

/// Takes the numbers off numbered lines of code, and the lines that hold nothing else.
///
/// Three or more rows that count up by one, each in fixed pitch behind its number, are code.
/// - Parameter count: grows by the numbers taken out.
func withoutLineNumbers(
    _ rows: [PDFRow],
    of source: PDFSource,
    count: inout Int
) -> [PDFRow] {
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
        count += end - start
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
    guard digits.count <= 5, digits.allSatisfy(\.isASCIIDigit) else { return nil }
    for fragment in row.fragments.dropFirst() {
        for word in words[fragment.words] {
            guard word.style >= 0, source.styles[Int(word.style)].isFixedPitch else { return nil }
        }
    }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

/// The numbers of the lines of a page, as pleadings and transcripts have them.
struct PDFNumberedLines {
    /// Their text, and a box around them.
    var text: [UInt8] = []
    var box = PDFBox.empty
    var count = 0
}

/// Takes the numbers that stand left of a page's lines out of its fragments; nil when there are none.
///
/// Fifteen or more numbers that count up by one at even distances, down most of the page and left of
/// all other text, number its lines. A table with numbered rows has more than one column beside them,
/// and the lines of a numbered list, a ledger or a log are no sentences that go on.
func takeLineNumbers(
    from fragments: inout [PDFFragment],
    page: PDFPage,
    of source: PDFSource
) -> PDFNumberedLines? {
    var numbers: [(fragment: Int, value: Int)] = []
    for (index, fragment) in fragments.enumerated() where fragment.table == nil {
        guard fragment.box.left < 0.3 * page.width,
            let value = wholeNumber(page.words[fragment.words.lowerBound], source)
        else { continue }
        numbers.append((index, value))
    }
    guard numbers.count >= fewestLineNumbers, numbers.count <= mostLineNumbers else { return nil }
    numbers.sort { fragments[$0.fragment].baseline < fragments[$1.fragment].baseline }
    // A page number above or below them is another.
    let counting = longestCount(numbers.map(\.value))
    let places = numbers[counting].map(\.fragment)
    guard areLineNumbers(places, fragments, page), goesOn(beside: places, fragments, page, source)
    else { return nil }
    var result = PDFNumberedLines()
    for place in places {
        let word = page.words[fragments[place].words.lowerBound]
        if result.count > 0 { result.text.append(0x20) }
        result.text.append(contentsOf: source.text[Int(word.textStart)..<Int(word.textEnd)])
        result.box.add(word.box)
        result.count += 1
        fragments[place].dropFirstWord(page.words)
    }
    fragments.removeAll { $0.table == nil && $0.words.isEmpty }
    return result
}

private let fewestLineNumbers = 15
private let mostLineNumbers = 200

private func wholeNumber(_ word: PDFWord, _ source: PDFSource) -> Int? {
    let digits = source.text[Int(word.textStart)..<Int(word.textEnd)]
    guard digits.count <= 4, digits.allSatisfy(\.isASCIIDigit) else { return nil }
    // `0007` is a name, no count.
    guard digits.count == 1 || digits.first != 0x30 else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

/// Whether the lines beside the numbers are running text: some are long, and many begin within a
/// sentence.
private func goesOn(
    beside places: [Int],
    _ fragments: [PDFFragment],
    _ page: PDFPage,
    _ source: PDFSource
) -> Bool {
    guard let first = places.first, let last = places.last else { return false }
    let members = Set(places)
    let reach = fragments[first].baseline - 1...fragments[last].baseline + 1
    var lineCount = 0
    var withinCount = 0
    var widest: Float = 0
    for (index, fragment) in fragments.enumerated() where reach.contains(fragment.baseline) {
        let words = members.contains(index) ? fragment.words.dropFirst() : fragment.words[...]
        guard let head = words.first, let tail = words.last else { continue }
        lineCount += 1
        widest = max(widest, page.words[tail].box.right - page.words[head].box.left)
        let byte = source.text[Int(page.words[head].textStart)]
        if byte.isASCIILowercase || byte >= 0x80 { withinCount += 1 }
    }
    return widest >= 0.35 * page.width && withinCount * 6 >= lineCount
}

/// The longest part of a list that counts up by one.
private func longestCount(_ values: [Int]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for index in 1...values.count {
        if index < values.count, values[index] == values[index - 1] + 1 { continue }
        if index - start > best.count { best = start..<index }
        start = index
    }
    return best
}

private func areLineNumbers(
    _ places: [Int],
    _ fragments: [PDFFragment],
    _ page: PDFPage
) -> Bool {
    guard places.count >= fewestLineNumbers, let first = places.first, let last = places.last,
        fragments[first].baseline < 0.35 * page.height,
        fragments[last].baseline > 0.6 * page.height
    else { return false }
    let steps = zip(places, places.dropFirst())
        .map { fragments[$1].baseline - fragments[$0].baseline }
    let median = steps.sorted()[steps.count / 2]
    guard steps.allSatisfy({ abs($0 - median) <= 0.2 * median }) else { return false }
    let words = places.map { page.words[fragments[$0].words.lowerBound] }
    let right = words.reduce(-Float.infinity) { max($0, $1.box.right) }
    let left = words.reduce(Float.infinity) { min($0, $1.box.left) }
    guard right - left <= 3 * words[0].size else { return false }
    var besideCount = 0
    let members = Set(places)
    let top = fragments[first].baseline - median
    let bottom = fragments[last].baseline + 0.5 * median
    for (index, fragment) in fragments.enumerated() {
        guard fragment.baseline > top, fragment.baseline < bottom else { continue }
        if members.contains(index) {
            if fragment.words.count > 1 { besideCount += 1 }
        } else if fragment.box.left < right {
            return false
        } else {
            besideCount += 1
        }
    }
    return besideCount * 10 <= places.count * 16
}

extension PDFFragment {
    fileprivate mutating func dropFirstWord(_ words: [PDFWord]) {
        self.words = self.words.dropFirst()
        self.box = self.words.reduce(into: PDFBox.empty) { $0.add(words[$1].box) }
        if let first = self.words.first { self.streamPosition = words[first].streamPosition }
    }
}
