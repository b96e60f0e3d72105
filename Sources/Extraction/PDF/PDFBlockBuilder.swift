internal import Records

/// Turns rows in reading order into blocks.
struct PDFBlockBuilder {
    let layout: PDFLayout
    let source: PDFSource
    let headings: PDFHeadings
    let leadings: PDFLeadings
    let joiner: PDFLineJoiner
    /// Whether the rows that head a table on each of its pages stay.
    let keepsRunning: Bool
    var blocks: [PDFBlock] = []
    /// Rows left out because a table begins with the same ones on the page before.
    var repeatedHeadCount = 0

    init(layout: PDFLayout, source: PDFSource, keepsRunning: Bool) {
        self.keepsRunning = keepsRunning
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

    /// Reads all columns, page by page; text that runs sideways follows that of its page.
    mutating func build() {
        var index = 0
        for page in self.source.pages.indices {
            self.addRunning(self.layout.headers[page], isTop: true)
            var startsPage = true
            while index < self.layout.columns.count, self.layout.columns[index].page == page {
                self.add(self.layout.columns[index], startsPage: startsPage)
                startsPage = false
                index += 1
            }
            self.addTurnedText(page)
            self.addRunning(self.layout.footers[page], isTop: false)
        }
    }

    private mutating func addRunning(_ rows: [PDFRow], isTop: Bool) {
        for row in rows {
            self.blocks.append(
                PDFBlock(
                    content: .running(Array(self.text(row)), isTop: isTop),
                    page: row.page,
                    box: row.box,
                    size: row.size
                )
            )
        }
    }

    /// The last block of the pages' own text.
    var lastBlock: Int? {
        self.blocks.indices.last { !self.blocks[$0].isRunning }
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
            } else if self.beginsContents(column, index) {
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
        let source = self.source.pages[page]
        let boxes = source.turnedWords.map(\.box) + source.slanted.map(\.box)
        let box = boxes.reduce(into: PDFBox.empty) { $0.add($1) }
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
