/// The pages that are pictures of text: without any text of their own, or with a stamp alone.
///
/// A fax head, a court's stamp, a Bates number or the clerk's "received" is text that a program put on a
/// scanned sheet. Such a page is covered by pictures, and its few words are small and stand at the
/// sheet's edges, run at a slant, stand at the same place of other scanned sheets, or stand on a picture
/// of black and white pixels. A sheet with text that is not seen went through OCR and is none.
///
/// - Output: indices into the source's pages.
/// - Complexity: O(n) for n words and pictures; pages of much text are not looked at.
func scannedPages(of source: PDFSource) -> Set<Int> {
    let covered = source.pages.indices.filter { page in
        source.pages[page].hasText && source.pages[page].mayBeStampedScan(source)
    }
    let places = stampPlaces(on: covered, of: source)
    let silent = source.pages.indices.filter { page in
        !source.pages[page].hasText && !source.pages[page].pictures.isEmpty
    }
    let stamped = covered.filter { page in
        source.pages[page].allWords.allSatisfy { word in
            isStamp(word, on: source.pages[page])
                || places[StampPlace(word, source), default: 0] >= fewestRunningPages
        }
    }
    return Set(silent).union(stamped)
}

/// Part of a page that pictures cover on a scan; fax machines and croppers leave margins.
private let scanShare = 0.7
/// Bytes of text past which a page has more than a stamp.
private let longestStamp = 400
/// Parts of the page's height and width along its edges where stamps stand.
private let edgeShare: Float = 0.12
/// Size of a stamp's type by the page's height: a title over a picture is larger.
private let largestStamp: Float = 0.025

/// Where a word stands and what it says, digits aside.
private struct StampPlace: Hashable {
    let left: Int
    let top: Int
    let text: [UInt8]

    init(_ word: PDFWord, _ source: PDFSource) {
        self.left = Int((word.box.left / 4).rounded())
        self.top = Int((word.box.top / 4).rounded())
        self.text = source.text[Int(word.textStart)..<Int(word.textEnd)].map { byte in
            (0x30...0x39).contains(byte) ? 0x30 : byte
        }
    }
}

/// On how many of the pages each word stands.
private func stampPlaces(on pages: [Int], of source: PDFSource) -> [StampPlace: Int] {
    guard pages.count >= fewestRunningPages else { return [:] }
    var counts: [StampPlace: Int] = [:]
    for page in pages {
        for place in Set(source.pages[page].allWords.map({ StampPlace($0, source) })) {
            counts[place, default: 0] += 1
        }
    }
    return counts
}

private func isStamp(_ word: PDFWord, on page: PDFPage) -> Bool {
    guard word.size <= largestStamp * max(page.height, page.width) else { return false }
    if page.isBilevelPicture { return true }
    let down = edgeShare * page.height
    let across = edgeShare * page.width
    return word.box.bottom <= down || word.box.top >= page.height - down
        || word.box.right <= across || word.box.left >= page.width - across
}

extension PDFPage {
    var allWords: [PDFWord] { self.words + self.turnedWords }

    /// Whether pictures cover the page and it has no more text than a stamp, all of it painted.
    func mayBeStampedScan(_ source: PDFSource) -> Bool {
        guard !self.pictures.isEmpty else { return false }
        var length = 0
        for word in self.words { length += Int(word.textEnd - word.textStart) }
        for word in self.turnedWords { length += Int(word.textEnd - word.textStart) }
        for phrase in self.slanted { length += phrase.text.count }
        return length <= longestStamp && !self.allWords.contains(where: \.isInvisible)
            && self.pictureShare >= scanShare
    }

    /// Marks the words that lie under a picture of the page.
    mutating func hideWordsUnderScan() {
        let positions = self.pictures.filter { $0.isOpaque && self.share(of: [$0]) >= scanShare }
            .map(\.streamPosition)
        guard let last = positions.max(), last > 0 else { return }
        for index in self.words.indices where self.words[index].streamPosition < last {
            self.words[index].isInvisible = true
        }
        for index in self.turnedWords.indices
        where self.turnedWords[index].streamPosition < last {
            self.turnedWords[index].isInvisible = true
        }
    }

    /// Whether one picture of black and white pixels covers the page.
    fileprivate var isBilevelPicture: Bool {
        self.pictures.contains { $0.isBilevel && self.share(of: [$0]) >= scanShare }
    }

    /// The part of the page that pictures cover.
    var pictureShare: Double { self.share(of: self.pictures) }

    /// The part of the page that the pictures cover, by the middles of 64 times 64 cells.
    private func share(of pictures: [PDFPicture]) -> Double {
        guard self.width > 0, self.height > 0 else { return 0 }
        var rows = [UInt64](repeating: 0, count: 64)
        for picture in pictures {
            let columns = cells(picture.box.left, picture.box.right, of: self.width)
            guard !columns.isEmpty else { continue }
            let mask = (UInt64.max >> UInt64(64 - columns.count)) << UInt64(columns.lowerBound)
            for row in cells(picture.box.top, picture.box.bottom, of: self.height) {
                rows[row] |= mask
            }
        }
        return Double(rows.reduce(0) { $0 + $1.nonzeroBitCount }) / (64 * 64)
    }
}

/// The cells of 64 whose middles lie between two points of a length.
private func cells(_ start: Float, _ end: Float, of length: Float) -> Range<Int> {
    func cell(_ point: Float) -> Int {
        let place = (point / length * 64).rounded()
        return place.isFinite ? Int(max(0, min(64, place))) : 0
    }
    let first = cell(start)
    return first..<max(first, cell(end))
}
