internal import Bytes

/// The text of a line at a page's edge, and what in it may be the page's number.
struct PDFEdgeText: Sendable {
    /// Words joined by blanks.
    var literal: [UInt8] = []
    /// The same with `#` for each possible page number.
    var masked: [UInt8] = []
    /// The numbers masked, in their order.
    var values: [Int] = []
    /// Whether it says `n of m`.
    var hasCount = false
    /// Letters outside of page numbers and the words around them.
    var letterCount = 0

    /// Whether it says more than a number.
    var hasLetters: Bool { self.letterCount >= 2 }

    /// - Parameter fragments: the words of each part of the line, as UTF-8.
    init(fragments: [[ArraySlice<UInt8>]]) {
        for words in fragments {
            let numbers = pageNumbers(in: words)
            self.hasCount = self.hasCount || numbers.hasCount
            for (index, word) in words.enumerated() {
                if !self.literal.isEmpty {
                    self.literal.append(0x20)
                    self.masked.append(0x20)
                }
                self.literal.append(contentsOf: word)
                if let number = numbers.places.first(where: { $0.index == index }) {
                    self.values.append(number.value)
                    self.masked.append(0x23)
                } else {
                    self.masked.append(contentsOf: word)
                    if !numbers.words.contains(index) {
                        self.letterCount += word.reduce(0) { $0 + (isLetterByte($1) ? 1 : 0) }
                    }
                }
            }
        }
    }

    /// Whether the numbers say the page in both lines: each is the same or grows as the pages do.
    func rises(to other: PDFEdgeText, over pages: Int) -> Bool {
        guard self.values.count == other.values.count else { return false }
        let steps = zip(self.values, other.values).map { $1 - $0 }
        return steps.contains(pages) && steps.allSatisfy { $0 == 0 || $0 == pages }
    }
}

private struct PageNumbers {
    var places: [(index: Int, value: Int)] = []
    /// Words that only name the page: `Page`, `of`, dashes.
    var words: Set<Int> = []
    var hasCount = false
}

/// The page numbers among the words of one part of a line: a number alone, behind a word for page, at
/// a bar or dash at either end, or with the number of pages behind it.
private func pageNumbers(in words: [ArraySlice<UInt8>]) -> PageNumbers {
    var result = PageNumbers()
    guard words.count <= longestRunningWords else { return result }
    let values = words.map { pageNumber($0) }
    let marks = words.indices.filter { isMark(words[$0]) }
    let rest = words.indices.filter { !marks.contains($0) }
    if rest.count == 1, let value = values[rest[0]] {
        result.places = [(rest[0], value.number)]
        result.hasCount = value.hasCount
        result.words = Set(marks)
        return result
    }
    for index in words.indices {
        guard let value = values[index] else { continue }
        let isNamed = index > 0 && isPageWord(words[index - 1])
        let isNamedBehind = index + 1 < words.count && isPageWord(words[index + 1])
        if let total = totalPages(words, values, behind: index), total.value >= value.number {
            result.places = [(index, value.number), (total.index, total.value)]
            result.words.formUnion(index + 1..<total.index)
            result.hasCount = true
        } else if isNamed || isNamedBehind || isAtMark(index, words) {
            result.places = [(index, value.number)]
            result.hasCount = value.hasCount
        } else {
            continue
        }
        if isNamed { result.words.insert(index - 1) }
        if isNamedBehind { result.words.insert(index + 1) }
        return result
    }
    return result
}

/// A running line is no longer than a line of text.
private let longestRunningWords = 24

/// `of 8`, `/ 8` or its like in another language: a short word without capitals and a number.
private func totalPages(
    _ words: [ArraySlice<UInt8>],
    _ values: [(number: Int, hasCount: Bool)?],
    behind index: Int
) -> (index: Int, value: Int)? {
    guard index + 2 < words.count, let total = values[index + 2],
        words[index + 2].allSatisfy(\.isASCIIDigit)
    else { return nil }
    let between = words[index + 1]
    let isShort =
        between.count <= 4 && between.allSatisfy { $0 >= 0x80 || $0.isASCIILowercase }
    return isShort || between.elementsEqual([0x2F]) ? (index + 2, total.number) : nil
}

/// Whether a number is the first or last word with a bar or dash beside it.
private func isAtMark(_ index: Int, _ words: [ArraySlice<UInt8>]) -> Bool {
    guard words.count >= 3 else { return false }
    return (index == 0 && isMark(words[1]))
        || (index == words.count - 1 && isMark(words[index - 1]))
}

/// What a word says when it is a page number: `12`, `-12-`, `[12]`, `xii`, `3/8`, `3-12`, `A-12`.
private func pageNumber(_ word: ArraySlice<UInt8>) -> (number: Int, hasCount: Bool)? {
    var body = word[...]
    let isFrame = { (byte: UInt8) in "-()[]|.:~".utf8.contains(byte) }
    while let first = body.first, isFrame(first) { body = body.dropFirst() }
    while let last = body.last, isFrame(last) { body = body.dropLast() }
    guard !body.isEmpty, body.count <= 9 else { return nil }
    if let slash = body.firstIndex(of: 0x2F) {
        guard let number = decimal(body[..<slash]), let total = decimal(body[(slash + 1)...]),
            number <= total
        else { return nil }
        return (number, true)
    }
    if let dash = body.lastIndex(of: 0x2D) {
        let part = body[..<dash]
        guard part.count <= 2, part.allSatisfy(isWordByte) else { return nil }
        return decimal(body[(dash + 1)...]).map { ($0, false) }
    }
    return (decimal(body) ?? roman(body)).map { ($0, false) }
}

/// Up to four digits: no book has more pages.
private func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 4, digits.allSatisfy(\.isASCIIDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

/// The value of a Roman numeral below 400 in one case; rules of its spelling are not checked.
private func roman(_ letters: ArraySlice<UInt8>) -> Int? {
    guard letters.count <= 8, let first = letters.first else { return nil }
    let isUpper = first < 0x61
    var sum = 0
    var previous = 0
    for letter in letters {
        guard (letter < 0x61) == isUpper else { return nil }
        let value: Int
        switch letter | 0x20 {
        case 0x69: value = 1
        case 0x76: value = 5
        case 0x78: value = 10
        case 0x6C: value = 50
        case 0x63: value = 100
        default: return nil
        }
        sum += value > previous ? value - 2 * previous : value
        previous = value
    }
    return sum
}

/// Signs that stand between a title and a page number.
private func isMark(_ word: ArraySlice<UInt8>) -> Bool {
    word.count <= 3 && marks.contains { $0.elementsEqual(word) }
}

private let marks: [[UInt8]] = ["-", "–", "—", "|", "•", "·", "/", "~", "*", "∙", "‖", "»", "«"]
    .map { Array($0.utf8) }

/// Words for page in the languages that number pages with one.
private let pageWords: Set<[UInt8]> = Set(
    [
        "page", "pages", "pag", "pg", "p", "seite", "s", "página", "pagina", "pág", "sida", "side",
        "strona", "str", "strana", "стр", "страница", "сторінка", "oldal", "sivu", "sayfa",
        "σελίδα",
        "lk", "blz", "bladzijde", "trang", "halaman", "hal", "第", "页", "頁", "ページ", "쪽", "페이지",
        "pàgina", "páxina", "puslapis", "lpp", "stran", "fol", "folio", "sheet", "blatt",
    ].map { Array($0.utf8) }
)

private func isPageWord(_ word: ArraySlice<UInt8>) -> Bool {
    var body = word[...]
    while let last = body.last, last == 0x2E || last == 0x3A { body = body.dropLast() }
    let lowered = body.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    return pageWords.contains(lowered)
}
