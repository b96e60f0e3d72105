internal import Bytes

/// Finds words whose letters are set apart, as in headings, justified lines and OCR: `t h e i r`.
struct PDFLetterSpacing {
    /// Words of the page that stand behind another letter of their own word.
    private var joined: Set<Int> = []

    func joins(_ index: Int) -> Bool { self.joined.contains(index) }

    /// - Parameter text: the bytes of all words.
    /// - Complexity: O(n log n) for n words in one line.
    init(_ words: Range<Int>, of page: [PDFWord], text: [UInt8]) {
        var start = words.lowerBound
        while start < words.upperBound {
            var end = start
            var singleCount = 0
            while end < words.upperBound, let length = letterCount(page[end], text) {
                singleCount += length == 1 ? 1 : 0
                end += 1
            }
            // Pairs of letters that stand close say that the others are words of their own.
            if singleCount >= fewestLetters, singleCount >= 3 * (end - start - singleCount) {
                self.join(start..<end, page, text)
            }
            start = max(end, start + 1)
        }
    }

    /// Joins the letters of a run at gaps no wider than most; wider ones separate its words.
    private mutating func join(_ run: Range<Int>, _ page: [PDFWord], _ text: [UInt8]) {
        let gaps = run.dropFirst().map { page[$0].box.left - page[$0 - 1].box.right }
        let median = gaps.sorted()[gaps.count / 2]
        let widest = max(1.4 * median, median + 0.05 * page[run.lowerBound].size)
        guard median > -0.1 * page[run.lowerBound].size else { return }
        var start = run.lowerBound
        for index in run.dropFirst() + [run.upperBound] {
            let isEnd =
                index == run.upperBound
                || page[index].box.left - page[index - 1].box.right > widest
            guard isEnd else { continue }
            if isWord(start..<index, page, text) { self.joined.formUnion(start + 1..<index) }
            start = index
        }
    }
}

private let fewestLetters = 3

/// The letters of a word of one or two, nil for any other word.
///
/// Letters of Latin, Greek and Cyrillic only: others stand apart or join without being set so.
private func letterCount(_ word: PDFWord, _ text: [UInt8]) -> Int? {
    guard word.textEnd - word.textStart <= 4 else { return nil }
    var count = 0
    for byte in text[Int(word.textStart)..<Int(word.textEnd)] {
        guard byte.isASCIILetter || (byte >= 0xC3 && byte <= 0xD3) || byte & 0xC0 == 0x80 else {
            return nil
        }
        if byte & 0xC0 != 0x80 { count += 1 }
    }
    return count <= 2 ? count : nil
}

/// Whether letters may be those of one word: not a list of options or initials, which are equal or
/// go on as the alphabet does, and not a few single capitals.
private func isWord(_ run: Range<Int>, _ page: [PDFWord], _ text: [UInt8]) -> Bool {
    guard run.count >= fewestLetters else { return false }
    let letters = run.map { text[Int(page[$0].textEnd) - 1] }
    let isUpper = letters.allSatisfy { $0 >= 0x41 && $0 <= 0x5A }
    if isUpper, run.count < 4 { return false }
    let steps = zip(letters, letters.dropFirst()).map { Int($1) - Int($0) }
    return !steps.allSatisfy { $0 == 0 } && !steps.allSatisfy { $0 == 1 }
}
