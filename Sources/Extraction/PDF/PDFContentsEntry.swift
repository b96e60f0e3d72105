internal import Bytes

/// A line of a table of contents: a title, a row of dots and a page.
struct PDFContentsEntry: Equatable {
    var title: [UInt8]
    var page: [UInt8]

    var text: [UInt8] { self.page.isEmpty ? self.title : self.title + [0x20] + self.page }
}

/// Reads `title . . . . 12`; four dots or more, with or without blanks between them, are leaders.
func contentsEntry(_ line: ArraySlice<UInt8>) -> PDFContentsEntry? {
    var end = line.endIndex
    while end > line.startIndex, line[end - 1] == 0x20 { end -= 1 }
    var pageStart = end
    while pageStart > line.startIndex, isPageByte(line[pageStart - 1]) { pageStart -= 1 }
    var dotsStart = pageStart
    var dotCount = 0
    while dotsStart > line.startIndex, line[dotsStart - 1] == 0x2E || line[dotsStart - 1] == 0x20 {
        if line[dotsStart - 1] == 0x2E { dotCount += 1 }
        dotsStart -= 1
    }
    guard dotCount >= 4, end - pageStart <= 8 else { return nil }
    let title = line[line.startIndex..<dotsStart]
    guard title.contains(where: isLetterByte) else { return nil }
    return PDFContentsEntry(title: Array(title), page: Array(line[pageStart..<end]))
}

/// Digits, Roman numerals and the hyphen of `A-12`.
private func isPageByte(_ byte: UInt8) -> Bool {
    byte.isASCIIDigit || "ivxlcdmIVXLCDMAB-".utf8.contains(byte)
}
