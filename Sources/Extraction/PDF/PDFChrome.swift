/// Removes running headers, footers and page numbers from each page's fragments.
///
/// A line among the first or last five of a page is chrome when its text, with digits masked,
/// stands at the same height on half of the pages and on at least two, or on three pages of a
/// longer document at its very edge (a running chapter title).
func withoutChrome(_ pages: [[PDFFragment]], of source: PDFSource) -> [[PDFFragment]] {
    guard pages.count >= 2 else { return pages }
    var candidates: [ChromeCandidate] = []
    for (index, fragments) in pages.enumerated() {
        collectCandidates(fragments, page: index, source: source, into: &candidates)
    }
    let chrome = repeated(candidates, pageCount: pages.count)
    guard !chrome.isEmpty else { return pages }
    let result = pages.enumerated().map { index, fragments in
        fragments.filter { !chrome.contains(FragmentKey(index, $0)) }
    }
    // What is repeated and all there is (forms, slides) is the text itself.
    return result.allSatisfy(\.isEmpty) ? pages : result
}

/// Leaves out what the file itself calls an artifact, near the page's edges.
func withoutArtifacts(_ fragments: [PDFFragment], page: PDFPage) -> [PDFFragment] {
    fragments.filter { fragment in
        let isAtEdge =
            fragment.baseline < edgeShare * page.height
            || fragment.baseline > (1 - edgeShare) * page.height
        return !isAtEdge
            || !page.words[fragment.words].allSatisfy { $0.element == PDFStructure.artifact }
    }
}

/// Part of the page's height in which running headers and footers stand.
private let edgeShare: Float = 0.15
/// Lines looked at on each edge of a page.
private let edgeLineCount = 5
/// Running titles are shorter than a line of text.
private let longLineBytes = 60
/// Heights this close are the same line of the page's frame.
private let sameHeightPoints: Float = 4

private struct FragmentKey: Hashable {
    let page: Int
    let firstWord: Int

    init(_ page: Int, _ fragment: PDFFragment) {
        self.page = page
        self.firstWord = fragment.words.lowerBound
    }
}

private struct ChromeCandidate {
    var text: [UInt8]
    var isTop: Bool
    /// From the nearer edge of the page.
    var distance: Float
    /// 0 for the outermost line.
    var line: Int
    var page: Int
    var members: [FragmentKey]
}

private func collectCandidates(
    _ fragments: [PDFFragment],
    page: Int,
    source: PDFSource,
    into candidates: inout [ChromeCandidate]
) {
    let lines = rows(of: fragments, page: page)
    let height = source.pages[page].height
    for (index, line) in lines.enumerated() {
        let fromEnd = lines.count - 1 - index
        guard index < edgeLineCount || fromEnd < edgeLineCount else { continue }
        let isTop = index < edgeLineCount && index <= fromEnd
        let members = line.fragments.map { FragmentKey(page, $0) }
        var parts = [(line.fragments, members)]
        if line.fragments.count > 1 {
            parts += line.fragments.map { ([$0], [FragmentKey(page, $0)]) }
        }
        for (part, keys) in parts {
            let text = maskedText(part, page: page, source: source)
            guard !text.isEmpty else { continue }
            candidates.append(
                ChromeCandidate(
                    text: text,
                    isTop: isTop,
                    distance: isTop ? line.baseline : height - line.baseline,
                    line: isTop ? index : fromEnd,
                    page: page,
                    members: keys
                )
            )
        }
    }
}

/// Words joined by blanks, each run of digits as `#`; a lone Roman numeral is a page number too.
private func maskedText(_ fragments: [PDFFragment], page: Int, source: PDFSource) -> [UInt8] {
    var result: [UInt8] = []
    for fragment in fragments {
        for index in fragment.words {
            let word = source.pages[page].words[index]
            if !result.isEmpty { result.append(0x20) }
            for byte in source.text[Int(word.textStart)..<Int(word.textEnd)] {
                if byte >= 0x30, byte <= 0x39 {
                    if result.last != 0x23 { result.append(0x23) }
                } else {
                    result.append(byte)
                }
            }
        }
    }
    let isRoman = result.count <= 7 && result.allSatisfy { "ivxlc".utf8.contains($0) }
    return isRoman ? [0x23] : result
}

private func repeated(_ candidates: [ChromeCandidate], pageCount: Int) -> Set<FragmentKey> {
    var groups: [[UInt8]: [Int]] = [:]
    for (index, candidate) in candidates.enumerated() {
        groups[[candidate.isTop ? 1 : 0] + candidate.text, default: []].append(index)
    }
    var result: Set<FragmentKey> = []
    // Only membership in a set comes out of this loop, so the dictionary's order is harmless.
    for members in groups.values where members.count >= 2 {
        let sorted = members.sorted { candidates[$0].distance < candidates[$1].distance }
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count,
                candidates[sorted[end]].distance - candidates[sorted[end - 1]].distance
                    <= sameHeightPoints
            {
                end += 1
            }
            let same = sorted[start..<end].map { candidates[$0] }
            if isChrome(same, pageCount: pageCount) {
                for candidate in same { result.formUnion(candidate.members) }
            }
            start = end
        }
    }
    return result
}

private func isChrome(_ same: [ChromeCandidate], pageCount: Int) -> Bool {
    let count = Set(same.map(\.page)).count
    let isOutermost = same.allSatisfy { $0.line <= 1 }
    let text = same[0].text
    let letters = text.filter { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x80 }.count
    if letters < 2, !text.contains(0x23) { return false }
    if letters < 2, !isOutermost { return false }
    // On two pages a long line may well be the same sentence twice.
    if text.count >= longLineBytes, count < 3 { return false }
    if count >= max(2, (pageCount + 1) / 2) { return true }
    return count >= 3 && pageCount >= 6 && isOutermost
}
