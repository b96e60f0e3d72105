internal import Bytes
internal import Formats
internal import Records

/// What OCR did for the pages of a document.
struct ScanReading {
    /// Indices of the pages whose words are those of OCR.
    var read: Set<Int> = []
    /// Of these, pages of less confidence than the options ask for.
    var unsure: Set<Int> = []
}

/// Reads pages that are pictures, and puts the words in place of those they have.
///
/// - Pages: where the mode is `auto`, the given scans, pages of little text over pictures, and pages whose
///   text cannot be read; where it is `always`, all. A page's own text is kept where it says what OCR
///   reads, or where OCR reads less. A stamp stays as the file writes it.
/// - Returns: nothing read where the mode is `off` or something for OCR is not installed.
func readScans(
    of source: inout PDFSource,
    scans: Set<Int>,
    bytes: [UInt8],
    options: PDFOptions
) -> ScanReading {
    var result = ScanReading()
    guard options.ocr.mode != .off else { return result }
    let pages = source.pages.indices.filter { page in
        options.ocr.mode == .always || scans.contains(page) || source.isDoubtful(page)
    }
    guard !pages.isEmpty, let engine = OCREngine.open(options.ocr.languages) else { return result }
    bytes.withUnsafeBufferPointer { buffer in
        guard let painter = PDFPagePainter(buffer, passwords: options.passwords) else { return }
        defer { painter.close() }
        for page in pages.prefix(options.ocr.maximumPages) {
            guard let size = PDFPaintedSize(source.pages[page], options: options.ocr) else {
                continue
            }
            allowTimeForPage()
            let index = Int(source.pages[page].number) - 1
            guard let reading = painter.read(index, in: size, with: engine),
                reading.isSensible(options.ocr),
                scans.contains(page) || source.isBetter(reading, than: page, options.ocr)
            else { continue }
            source.replaceWords(of: page, by: reading)
            guard source.pages[page].origin == .ocr else { continue }
            result.read.insert(page)
            if !reading.isSure(options.ocr) { result.unsure.insert(page) }
        }
    }
    return result
}

/// Words of a picture that are more than an accident of its shades.
private let fewestWords = 5
/// Part of the letters of a page's own text from which it cannot be read, of those it has.
private let unreadableShare = 0.5
/// Part of the words that OCR reads and that a page's own text says, too.
private let agreement = 0.6

extension OCRPage {
    func isSure(_ options: OCROptions) -> Bool {
        self.confidence >= Float(options.minimumConfidence)
    }

    /// Whether it is more than a word or two that are not sure.
    fileprivate func isSensible(_ options: OCROptions) -> Bool {
        self.words.count >= fewestWords || self.isSure(options)
    }
}

extension PDFSource {
    /// Whether a page's text may be less than what it shows.
    fileprivate func isDoubtful(_ page: Int) -> Bool {
        self.pages[page].mayBeStampedScan(self) || self.isUnreadable(page)
    }

    /// Whether most of a page's glyphs map to no character, or a layer of OCR is noise.
    fileprivate func isUnreadable(_ page: Int) -> Bool {
        let entry = self.pages[page]
        if entry.unmappedCount > 0,
            Double(entry.unmappedCount) > unreadableShare * Double(entry.characterCount)
        {
            return true
        }
        guard entry.origin == .ocr else { return false }
        var letters = 0
        var count = 0
        for word in entry.allWords {
            for byte in self.text[Int(word.textStart)..<Int(word.textEnd)] {
                count += 1
                if byte >= 0x80 || byte.isASCIIAlphanumeric { letters += 1 }
            }
        }
        return count > 0 && Double(letters) < unreadableShare * Double(count)
    }

    /// Whether what OCR reads of a page is to stand for the text that the page has.
    fileprivate func isBetter(_ reading: OCRPage, than page: Int, _ options: OCROptions) -> Bool {
        guard reading.words.count >= fewestWords, reading.isSure(options) else { return false }
        if self.isUnreadable(page) { return true }
        let own = Set(
            self.pages[page].allWords.map { self.text[Int($0.textStart)..<Int($0.textEnd)] }
        )
        let same = reading.words.count { own.contains(reading.text[$0.text]) }
        if Double(same) >= agreement * Double(reading.words.count) { return false }
        return reading.words.count > 2 * self.pages[page].allWords.count
    }

    /// Puts the words of OCR in place of those of a page; of a page that has painted words these stay,
    /// and what OCR reads of them goes.
    fileprivate mutating func replaceWords(of page: Int, by reading: OCRPage) {
        let isUnreadable = self.isUnreadable(page)
        let entry = self.pages[page]
        self.characterCount -= entry.characterCount
        self.unmappedCount -= entry.unmappedCount
        let stamps = isUnreadable ? [] : entry.paintedWords
        let isTurned = entry.direction % 2 == 1
        let placement = OCRWordPlacement(
            reading,
            width: isTurned ? entry.height : entry.width,
            height: isTurned ? entry.width : entry.height
        )
        let read = placement.words(addingTo: &self.text, style: self.ocrStyle())
            .filter { word in !stamps.contains { $0.word.covers(word) } }
        guard !read.isEmpty else { return }
        self.pages[page].width = placement.width
        self.pages[page].height = placement.height
        self.pages[page].direction = 0
        self.pages[page].words = read + stamps.filter(\.isUpright).map(\.word)
        self.pages[page].turnedWords = stamps.filter { !$0.isUpright }.map(\.word)
        self.pages[page].origin = .ocr
        self.pages[page].characterCount = 0
        self.pages[page].unmappedCount = 0
    }

    /// The style of words whose type is not known.
    private mutating func ocrStyle() -> Int32 {
        let plain = PDFStyle(isBold: false, isFixedPitch: false)
        if let index = self.styles.firstIndex(of: plain) { return Int32(index) }
        self.styles.append(plain)
        return Int32(self.styles.count - 1)
    }
}

extension PDFPage {
    /// The painted words, with their boxes on the page as shown.
    fileprivate var paintedWords: [(word: PDFWord, isUpright: Bool)] {
        let upright = self.words.map { ($0, self.direction == 0) }
        let turned = self.turnedWords.map { ($0, false) }
        return (upright + turned).filter { !$0.0.isInvisible }.map { word, isUpright in
            var word = word
            word.box = self.shown(word.box)
            return (word, isUpright)
        }
    }
}

extension PDFWord {
    /// Whether the middle of another word lies in its box.
    fileprivate func covers(_ other: PDFWord) -> Bool {
        let x = (other.box.left + other.box.right) / 2
        let y = (other.box.top + other.box.bottom) / 2
        return x >= self.box.left && x <= self.box.right && y >= self.box.top - self.size / 4
            && y <= self.box.bottom + self.size / 4
    }
}
