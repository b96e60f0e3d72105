package import Records

extension TextNormaliser {
    /// Normalises the text block by block, then the title and the metadata values.
    ///
    /// Blocks of code keep their white space. Blocks left empty are dropped, the ranges of the others
    /// are rebuilt, and two blocks are parted by at least one line end. What was repaired or removed
    /// is added to the document's warnings.
    package func normalise(_ document: inout Document) {
        var report = NormaliseReport()
        var writer = BlockWriter(normaliser: self, report: report)
        document.text.withUnsafeBufferPointer { text in
            if document.blocks.isEmpty {
                writer.append(text[...], as: nil, normaliser: self)
            } else {
                self.normalise(text, blocks: document.blocks, into: &writer)
            }
        }
        report = writer.report
        document.text = writer.text
        document.blocks = writer.blocks
        document.title = self.normaliseLine(document.title, report: &report)
        document.metadata = self.normalise(document.metadata, report: &report)
        document.add(report)
    }

    private func normalise(
        _ text: UnsafeBufferPointer<UInt8>,
        blocks: [Block],
        into writer: inout BlockWriter
    ) {
        var end = 0
        for block in blocks {
            let start = min(max(block.range.lowerBound, end), text.count)
            let limit = min(max(block.range.upperBound, start), text.count)
            // Between two blocks lies white space; anything else is kept as text of no block.
            writer.append(text[end..<start], as: nil, normaliser: self)
            writer.append(text[start..<limit], as: block, normaliser: self)
            end = limit
        }
        writer.append(text[end...], as: nil, normaliser: self)
    }

    private func normalise(
        _ metadata: [String: String],
        report: inout NormaliseReport
    ) -> [String: String] {
        var result: [String: String] = [:]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let clean = self.normaliseLine(value, report: &report)
            if !clean.isEmpty { result[self.normaliseLine(key, report: &report)] = clean }
        }
        return result
    }
}

/// Rebuilds a text and its blocks from normalised pieces.
private struct BlockWriter {
    var text: [UInt8] = []
    var blocks: [Block] = []
    var report: NormaliseReport
    /// Line ends seen since the last piece that was written.
    private var gapLineEnds = 0

    init(normaliser: TextNormaliser, report: NormaliseReport) {
        self.report = report
    }

    mutating func append(
        _ slice: Slice<UnsafeBufferPointer<UInt8>>,
        as block: Block?,
        normaliser: TextNormaliser
    ) {
        let tidy = normaliser.options.tidiesWhiteSpace && block?.kind != .code
        var piece: [UInt8] = []
        normaliser.normalise(
            UnsafeBufferPointer(rebasing: slice),
            tidy: tidy,
            into: &piece,
            report: &self.report
        )
        guard piece.contains(where: { !isBlank($0) && $0 != 0x0A }) else {
            self.gapLineEnds += slice.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
            return
        }
        if !self.text.isEmpty {
            self.text.append(0x0A)
            if self.gapLineEnds != 1 { self.text.append(0x0A) }
        }
        self.gapLineEnds = 0
        let start = self.text.count
        self.text.append(contentsOf: piece)
        guard let block else { return }
        self.blocks.append(
            Block(
                kind: block.kind,
                level: block.level,
                page: block.page,
                range: start..<self.text.count,
                place: block.place,
                origin: block.origin
            )
        )
    }
}

extension Document {
    fileprivate mutating func add(_ report: NormaliseReport) {
        self.warn("invalid_utf8", count: report.invalidBytes)
        self.warn("control_characters", count: report.controls)
        self.warn("bidi_controls", count: report.bidiControls)
        self.warn("invisible_characters", count: report.invisibles)
    }
}
