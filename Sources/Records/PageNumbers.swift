/// Some pages of a document, as its metadata names them: `p2 p4-p6`.
///
/// - Invariant: ascending and without overlap. The letters keep redaction from taking it for a number.
package struct PageNumbers: Hashable, Sendable {
    /// The metadata that names the pages whose text OCR read.
    package static let ocrKey = "ocr_pages"
    /// More ranges than this become one, from the first page to the last.
    private static let rangeLimit = 200

    private var ranges: [ClosedRange<Int>] = []

    package init(_ pages: some Sequence<Int>) {
        for page in Set(pages).sorted() where page > 0 {
            if let last = self.ranges.last, last.upperBound == page - 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...page
            } else {
                self.ranges.append(page...page)
            }
        }
        if self.ranges.count > Self.rangeLimit, let first = self.ranges.first,
            let last = self.ranges.last
        {
            self.ranges = [first.lowerBound...last.upperBound]
        }
    }

    /// - Returns: nil for what is written otherwise.
    package init?(text: String) {
        for part in text.split(separator: " ") {
            let ends = part.split(separator: "-").map {
                $0.hasPrefix("p") ? Int($0.dropFirst()) : nil
            }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
                first > 0, first <= last, first > self.ranges.last?.upperBound ?? 0
            else { return nil }
            self.ranges.append(first...last)
        }
    }

    package var isEmpty: Bool { self.ranges.isEmpty }

    package var text: String {
        self.ranges.map { range in
            range.count == 1 ? "p\(range.lowerBound)" : "p\(range.lowerBound)-p\(range.upperBound)"
        }.joined(separator: " ")
    }

    package func contains(_ page: Int) -> Bool { self.ranges.contains { $0.contains(page) } }
}
