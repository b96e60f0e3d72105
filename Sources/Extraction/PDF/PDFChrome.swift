internal import Formats

/// The lines that run along the edges of the pages: headers, footers and page numbers.
///
/// A line runs when it stands at the same height of three pages or more, apart from the body and
/// outside any table, letter for letter the same but for a page number, and all lines of its block
/// do; two pages are enough where a page number or a sentence ties them together. A page number rises with the pages or says `n of m`; any other number makes a line another.
struct PDFRunningLines {
    /// Per page, the lines that run at its top and at its foot, and go on being shown.
    var headers: [[PDFRow]]
    var footers: [[PDFRow]]
    /// Lines left out: copies of those shown, and page numbers.
    var removedCount = 0
}

/// Takes the running lines out of each page's fragments.
///
/// - Complexity: O(n log n) for n fragments; at most ten lines of a page are compared with others.
func takeRunningLines(
    from pages: inout [[PDFFragment]],
    of source: PDFSource,
    body: PDFBodyStyle,
    headers: PDFOptions.Headers
) -> PDFRunningLines {
    let none = [[PDFRow]](repeating: [], count: pages.count)
    var result = PDFRunningLines(headers: none, footers: none)
    guard pages.count >= 2 else { return result }
    let edges = pageEdges(of: pages, source: source, body: body)
    let groups = PDFRunningGroups(edges)
    var shown: Set<Int> = []
    for page in pages.indices {
        var taken: Set<Int> = []
        for line in groups.runningLines(on: page) {
            taken.formUnion(line.row.fragments.map(\.words.lowerBound))
            let isFirst = line.group.map { shown.insert($0).inserted } ?? false
            guard headers == .keep || (headers == .first && isFirst) else {
                result.removedCount += 1
                continue
            }
            if line.isTop {
                result.headers[page].append(line.row)
            } else {
                result.footers[page].append(line.row)
            }
        }
        guard !taken.isEmpty else { continue }
        pages[page].removeAll { $0.table == nil && taken.contains($0.words.lowerBound) }
    }
    return result
}

/// Two copies may be a form filled twice, unless the two pages are known to belong together.
let fewestRunningPages = 3
