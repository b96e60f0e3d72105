internal import Formats

/// Tells watermarks among the text that runs at a slant.
///
/// They are set in large type, or say the same on several pages; labels of charts and of table columns
/// are text.
struct PDFWatermarks {
    private let source: PDFSource
    private let body: PDFBodyStyle
    /// On how many pages each phrase stands.
    private var pageCounts: [ArraySlice<UInt8>: Int] = [:]
    private var shown: Set<ArraySlice<UInt8>> = []
    /// Copies seen by ``take(_:headers:)``.
    private(set) var count = 0

    init(_ source: PDFSource, body: PDFBodyStyle) {
        self.source = source
        self.body = body
        for page in source.pages where !page.slanted.isEmpty {
            for text in Set(page.slanted.map { source.text[$0.text] }) {
                self.pageCounts[text, default: 0] += 1
            }
        }
    }

    func isWatermark(_ phrase: PDFSlantedText) -> Bool {
        phrase.size >= largeShare * self.body.size
            || self.pageCounts[self.source.text[phrase.text], default: 0] >= 2
    }

    /// The watermarks of a page that are shown: of each the first copy, as of headers.
    mutating func take(_ page: PDFPage, headers: PDFOptions.Headers) -> [PDFSlantedText] {
        var result: [PDFSlantedText] = []
        for phrase in page.slanted where self.isWatermark(phrase) {
            self.count += 1
            let text = self.source.text[phrase.text]
            let isFirst = self.shown.insert(text).inserted
            let isOut =
                headers == .drop && self.pageCounts[text, default: 0] >= fewestRunningPages
            if headers == .keep || (isFirst && !isOut) { result.append(phrase) }
        }
        return result
    }
}

/// Times the size of the body.
private let largeShare: Float = 2
