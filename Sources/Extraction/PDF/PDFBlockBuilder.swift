internal import Records

/// Turns rows in reading order into blocks.
struct PDFBlockBuilder {
    let layout: PDFLayout
    let source: PDFSource
    let headings: PDFHeadings
    let leadings: PDFLeadings
    let joiner: PDFLineJoiner
    var blocks: [PDFBlock] = []

    init(layout: PDFLayout, source: PDFSource) {
        self.layout = layout
        self.source = source
        self.headings = PDFHeadings(
            layout,
            outline: source.outline,
            structure: source.structure
        )
        self.leadings = PDFLeadings(layout)
        self.joiner = PDFLineJoiner(layout)
    }

    /// Reads all columns; text that runs sideways follows its page.
    mutating func build() {
        for (index, column) in self.layout.columns.enumerated() {
            let startsPage =
                index == 0 || self.layout.columns[index - 1].page != column.page
            self.add(column, startsPage: startsPage)
            let isPageEnd =
                index + 1 == self.layout.columns.count
                || self.layout.columns[index + 1].page != column.page
            if isPageEnd { self.addTurnedText(column.page) }
        }
    }

    private mutating func add(_ original: PDFColumn, startsPage: Bool) {
        var column = original
        var index = 0
        while index < column.rows.count {
            if let length = self.runInHeading(column, index) {
                self.addRunInHeading(&column, index, length)
            }
            if let number = ruledTable(column, index) {
                let table = self.layout.ruledTables[column.page][number]
                self.addRuledTable(table, column, isFirst: index == 0 && startsPage)
                index += 1
            } else if self.isCode(column, index) {
                index = self.addCode(column, index)
            } else if let count = self.headingLength(column, index) {
                index = self.addHeading(column, index, count)
            } else if self.contentsEntry(column, index) != nil {
                index = self.addContents(column, index)
            } else if let table = table(in: column.rows[...], at: index),
                !self.isList(column, index, table)
            {
                index = self.addTable(column, index, table, startsPage: startsPage)
            } else if self.marker(column, index) != nil {
                index = self.addList(column, index)
            } else {
                index = self.addParagraph(column, index)
            }
        }
    }

    private mutating func addTurnedText(_ page: Int) {
        let text = Array(self.layout.text[self.layout.turnedText[page]])
        guard !text.isEmpty else { return }
        let box = self.source.pages[page].turnedWords
            .reduce(into: PDFBox.empty) { $0.add($1.box) }
        self.blocks.append(PDFBlock(content: .paragraph(text), page: page, box: box, size: 0))
    }

    func text(_ row: PDFRow) -> ArraySlice<UInt8> { self.layout.text[row.text] }

    func step(_ column: PDFColumn, _ index: Int) -> Float {
        column.rows[index].baseline - column.rows[index - 1].baseline
    }

    func isClose(_ column: PDFColumn, _ index: Int) -> Bool {
        self.step(column, index)
            <= 1.25 * self.leadings.leading(of: column.rows[index].size) + 0.5
    }
}

func box(of rows: ArraySlice<PDFRow>) -> PDFBox {
    rows.reduce(into: .empty) { $0.add($1.box) }
}
