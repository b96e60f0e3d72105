internal import Records

/// A rectangle in points from the top left of the page, y growing downwards.
struct PDFBox: Hashable, Sendable {
    var left: Float
    var top: Float
    var right: Float
    var bottom: Float

    static let empty = PDFBox(
        left: .infinity,
        top: .infinity,
        right: -.infinity,
        bottom: -.infinity
    )

    var width: Float { self.right - self.left }
    var height: Float { self.bottom - self.top }

    mutating func add(_ other: PDFBox) {
        self.left = min(self.left, other.left)
        self.top = min(self.top, other.top)
        self.right = max(self.right, other.right)
        self.bottom = max(self.bottom, other.bottom)
    }
}

/// What a font name, its flags and its measured pitch say about the look of a word.
struct PDFStyle: Hashable, Sendable {
    var isBold: Bool
    var isFixedPitch: Bool
}

/// One word as poppler found it, upright.
struct PDFWord: Sendable {
    var box: PDFBox
    var baseline: Float
    var size: Float
    /// Index into the document's styles, -1 when unknown.
    var style: Int32
    /// Rank of the first glyph in the page's content stream.
    var streamPosition: Int32
    /// Bytes of the document's word text.
    var textStart: Int32
    var textEnd: Int32
    var hasSpaceAfter: Bool
    /// Whether that space is a character of the file, whatever its width.
    var hasBlankAfter: Bool
    /// Whether nothing of it is seen, as of the layer that OCR lays over or under a scan.
    var isInvisible = false
    /// Its element of the structure tree, or why it has none.
    var element: Int32 = PDFStructure.none

    var isEmpty: Bool { self.textEnd == self.textStart }
}

/// A picture that a page shows.
struct PDFPicture: Sendable {
    var box: PDFBox
    /// Of the picture itself; 0 where they are not known.
    var pixelWidth: Int32
    var pixelHeight: Int32
    /// Words of smaller positions lie under it.
    var streamPosition: Int32
    /// Whether its pixels are black or white.
    var isBilevel: Bool
    /// Whether nothing is seen through it.
    var isOpaque: Bool
}

/// A phrase that runs at a slant.
struct PDFSlantedText: Sendable {
    var box: PDFBox
    var size: Float
    /// Bytes of the document's word text.
    var text: Range<Int>
}

struct PDFPage: Sendable {
    /// Position in the file, from 1.
    var number: Int32
    /// The printed number.
    var label: String
    var width: Float
    var height: Float
    /// In poppler's reading order, turned upright when the page's text runs sideways.
    var words: [PDFWord]
    /// Words that run in another direction than most of the page.
    var turnedWords: [PDFWord]
    var slanted: [PDFSlantedText] = []
    /// Horizontal and vertical lines drawn on the page, in the words' space.
    var rules: [PDFBox] = []
    /// The parts of articles on the page, in the order their author gave.
    var beads: [PDFBox] = []
    /// In drawing order.
    var pictures: [PDFPicture] = []
    var characterCount = 0
    /// Characters without a meaning, of these.
    var unmappedCount = 0
    /// Quarter turns from the page as shown to the upright words.
    var direction: UInt8 = 0
    /// What its words were read from.
    var origin = Block.Origin.text

    var hasText: Bool {
        !self.words.isEmpty || !self.turnedWords.isEmpty || !self.slanted.isEmpty
    }

    /// Turns a box of the upright words back to the page as shown.
    func shown(_ box: PDFBox) -> PDFBox {
        switch self.direction {
        case 1:
            PDFBox(
                left: self.height - box.bottom,
                top: box.left,
                right: self.height - box.top,
                bottom: box.right
            )
        case 2:
            PDFBox(
                left: self.width - box.right,
                top: self.height - box.bottom,
                right: self.width - box.left,
                bottom: self.height - box.top
            )
        case 3:
            PDFBox(
                left: box.top,
                top: self.width - box.right,
                right: box.bottom,
                bottom: self.width - box.left
            )
        default: box
        }
    }

    /// Where on the page as shown a box of the upright words is.
    func place(of whole: PDFBox) -> PagePlace {
        var box = whole
        box.right = max(box.left, min(box.right, self.width))
        let shown = self.shown(box)
        return .around(
            left: shown.left,
            top: shown.top,
            right: shown.right,
            bottom: shown.bottom,
            label: self.label
        )
    }
}

/// Everything read from a file before any layout decision.
struct PDFSource: Sendable {
    var pages: [PDFPage] = []
    /// The text of all words, back to back; UTF-8 without controls and ligatures.
    var text: [UInt8] = []
    var styles: [PDFStyle] = []
    var outline: [PDFOutlineEntry] = []
    /// The structure tree, where it names most of the text.
    var structure: PDFStructure?
    var information = PDFInformation()
    var characterCount = 0
    /// Characters without a meaning: U+FFFD, private use, controls.
    var unmappedCount = 0
    var hasSoftHyphens = false
    /// Characters of lines that run off the right edge of the page, which stand beyond it.
    var overflowCount = 0
    var isTruncated = false
    var unreadablePageCount = 0
}

struct PDFOutlineEntry: Sendable {
    var depth: Int
    var title: [UInt8]
}

/// The entries of the document information dictionary that we read.
struct PDFInformation: Sendable {
    var title = ""
    var author = ""
    var subject = ""
    /// The programs that wrote the text and the file.
    var programs = ""
    var created = ""
    var modified = ""
}
