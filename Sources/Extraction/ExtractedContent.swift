package import Records

/// What extraction makes of one document: Markdown, the same as plain text, and blocks over both.
///
/// - Invariant: all of it is valid UTF-8 in canonical composition (NFC), where what is appended is valid
///   UTF-8. `blocks[i].range` slices `markdown` and `plainRanges[i]` slices `text`, in order and
///   without overlap; what lies between two blocks is white space.
package struct ExtractedContent: Sendable {
    package var title = "" { didSet { self.title = composed(self.title) } }
    package var metadata: [String: String] = [:] {
        didSet { self.metadata = self.metadata.mapValues { composed($0) } }
    }
    package var markdown: [UInt8] = []
    package var text: [UInt8] = []
    package var blocks: [Block] = []
    package var plainRanges: [Range<Int>] = []
    package var warnings: [DocumentWarning] = []

    package init() {}

    /// Adds a block after a blank line; a block without text is dropped.
    package mutating func append(
        kind: Block.Kind,
        level: UInt8 = 0,
        page: Int32 = 0,
        place: PagePlace? = nil,
        markdown blockMarkdown: some Collection<UInt8>,
        text blockText: some Collection<UInt8>
    ) {
        guard !blockText.isEmpty else { return }
        if !self.markdown.isEmpty {
            self.markdown.append(contentsOf: [0x0A, 0x0A])
            self.text.append(contentsOf: [0x0A, 0x0A])
        }
        let start = self.markdown.count
        let plainStart = self.text.count
        appendComposed(blockMarkdown, to: &self.markdown)
        appendComposed(blockText, to: &self.text)
        self.blocks.append(
            Block(
                kind: kind,
                level: level,
                page: page,
                range: start..<self.markdown.count,
                place: place
            )
        )
        self.plainRanges.append(plainStart..<self.text.count)
    }

    /// Appends the blocks and warnings of another reader's document, as a part of this one.
    mutating func append(
        contentsOf other: ExtractedContent,
        page: Int32 = 0,
        place: PagePlace? = nil
    ) {
        for (block, plain) in zip(other.blocks, other.plainRanges) {
            self.append(
                kind: block.kind,
                level: block.level,
                page: page,
                place: place,
                markdown: other.markdown[block.range],
                text: other.text[plain]
            )
        }
        for warning in other.warnings { self.warn(warning.code, count: warning.count) }
    }

    /// Counts the pages that OCR read, and names those that have text of it for whoever cites them.
    mutating func noteOCR(pages count: Int) {
        self.warn("ocr_pages", count: count)
        let pages = PageNumbers(self.blocks.lazy.filter { $0.origin == .ocr }.map { Int($0.page) })
        if !pages.isEmpty { self.metadata[PageNumbers.ocrKey] = pages.text }
    }

    package mutating func warn(_ code: String, count: Int = 1) {
        guard count > 0 else { return }
        if let index = self.warnings.firstIndex(where: { $0.code == code }) {
            self.warnings[index].count += count
        } else {
            self.warnings.append(DocumentWarning(code: code, count: count))
        }
    }
}

/// Why a document could not be extracted; `code` becomes the dead letter's.
package struct ExtractionError: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: StageFailure.Code
    /// What happened and what to do next; never document text.
    package let message: String

    package init(_ code: StageFailure.Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(self.code.rawValue): \(self.message)" }
}
