internal import Bytes
internal import CPoppler
internal import Formats
internal import Records

/// Collects the pages of one document into flat arrays.
struct PDFSourceBuilder {
    private let options: PDFOptions
    private var source = PDFSource()
    private var styleNames: [[UInt8]] = []
    private var pitches: [PitchCount] = []
    private var flags: [UInt8] = []

    init(options: PDFOptions) { self.options = options }

    mutating func readInformation(_ document: PDFDocument) {
        self.source.information.title = informationEntry(document, "Title")
        self.source.information.author = informationEntry(document, "Author")
        self.source.information.subject = informationEntry(document, "Subject")
        self.source.information.programs =
            informationEntry(document, "Creator") + " " + informationEntry(document, "Producer")
        self.source.information.created = informationEntry(document, "CreationDate")
        self.source.information.modified = informationEntry(document, "ModDate")
        self.source.outline = outlineEntries(document)
        self.source.structure = readStructure(document)
    }

    mutating func readPages(_ document: PDFDocument, count: Int) {
        let limits = cpoppler_limits(
            operators: self.options.maximumPageOperators,
            glyphs: self.options.maximumPageGlyphs,
            forms: self.options.maximumPageForms,
            content: self.options.maximumPageContentBytes
        )
        self.source.isTruncated = count > self.options.maximumPages
        var failuresInARow = 0
        for index in 0..<min(count, self.options.maximumPages) {
            var status: Int32 = 0
            guard let page = document.door.read_page(document.handle, Int32(index), limits, &status)
            else {
                self.source.unreadablePageCount += 1
                failuresInARow += 1
                // A page tree may claim any number of pages that do not exist.
                if failuresInARow >= 1_000 { break }
                continue
            }
            failuresInARow = 0
            if status == Int32(CPOPPLER_CUT.rawValue) { self.source.isTruncated = true }
            self.add(
                document.door.view(page),
                number: Int32(index + 1),
                label: pageLabel(document, index)
            )
            document.door.free_page(page)
            if self.source.text.count > self.options.maximumTextBytes {
                self.source.isTruncated = true
                break
            }
        }
    }

    /// - Returns: nil when no page could be read.
    func finished() -> PDFSource? {
        guard !self.source.pages.isEmpty else { return nil }
        var result = self.source
        if !result.isMostlyTagged { result.structure = nil }
        result.styles = self.styleNames.indices.map { index in
            style(
                name: self.styleNames[index],
                flags: self.flags[index],
                pitch: self.pitches[index]
            )
        }
        return result
    }

    private mutating func add(_ view: cpoppler_page_view, number: Int32, label: String) {
        let styles = self.styles(of: view)
        let before = (self.source.characterCount, self.source.unmappedCount)
        self.source.characterCount += view.unmapped_glyphs
        self.source.unmappedCount += view.unmapped_glyphs
        self.source.overflowCount += view.overflowing_glyphs
        var page = PDFPage(
            number: number,
            label: label,
            width: Float(view.width),
            height: Float(view.height),
            words: [],
            turnedWords: []
        )
        let words = UnsafeBufferPointer(start: view.words, count: view.word_count)
        let text = UnsafeBufferPointer(start: view.text, count: view.text_length)
        let direction = mainDirection(of: words)
        page.words.reserveCapacity(words.count)
        page.direction = direction
        if direction % 2 == 1 { swap(&page.width, &page.height) }
        for word in words {
            let isMain = word.rotation == direction
            let style = word.font < 0 ? -1 : styles[Int(word.font)]
            if style >= 0 {
                let first = word.text_length > 0 ? text[Int(word.text_offset)] : 0
                self.pitches[Int(style)].add(word.fixed_pitch, isWide: first >= firstWideByte)
                self.flags[Int(style)] |= word.font_flags
            }
            let start = Int32(self.source.text.count)
            let slice = UnsafeBufferPointer(
                rebasing: text[Int(word.text_offset)..<Int(word.text_offset + word.text_length)]
            )
            self.appendCleaned(slice)
            let end = Int32(self.source.text.count)
            if isMain, movesOn(slice.first), !page.words.isEmpty {
                page.words[page.words.count - 1].hasBlankAfter = true
            }
            guard end > start else { continue }
            var copy = PDFWord(
                box: PDFBox(
                    left: word.left,
                    top: word.top,
                    right: word.right,
                    bottom: word.bottom
                ),
                baseline: word.baseline,
                size: max(word.font_size, 0.1),
                style: style,
                streamPosition: word.stream_position,
                textStart: start,
                textEnd: end,
                hasSpaceAfter: word.space_after != 0,
                hasBlankAfter: Int32(word.space_after) & Int32(CPOPPLER_BLANK.rawValue) != 0
                    || movesOn(slice.last),
                isInvisible: word.is_invisible != 0
            )
            guard copy.isFinite else { continue }
            if direction != 0 {
                copy.box.turn(direction, width: page.width, height: page.height)
                if direction != 3 { copy.baseline = page.height - copy.baseline }
            }
            copy.element =
                self.source.structure?.element(page: Int(number) - 1, number: word.marked_id)
                ?? PDFStructure.none
            if isMain { page.words.append(copy) } else { page.turnedWords.append(copy) }
        }
        let ruleBoxes = UnsafeBufferPointer(start: view.rules, count: view.rule_count)
        let beadBoxes = UnsafeBufferPointer(start: view.beads, count: view.bead_count)
        let slanted = UnsafeBufferPointer(start: view.slanted, count: view.slanted_count)
        for phrase in slanted {
            let start = self.source.text.count
            self.appendCleaned(
                UnsafeBufferPointer(
                    rebasing: text[
                        Int(phrase.text_offset)..<Int(phrase.text_offset + phrase.text_length)
                    ]
                )
            )
            guard self.source.text.count > start else { continue }
            let box = cpoppler_box(
                left: phrase.left,
                top: phrase.top,
                right: phrase.right,
                bottom: phrase.bottom
            )
            page.slanted.append(
                PDFSlantedText(
                    box: uprightBox(box, direction, page),
                    size: phrase.font_size,
                    text: start..<self.source.text.count
                )
            )
        }
        page.rules = ruleBoxes.map { uprightBox($0, direction, page) }
        page.beads = beadBoxes.map { uprightBox($0, direction, page) }
        let pictures = UnsafeBufferPointer(start: view.pictures, count: view.picture_count)
        page.pictures = pictures.map { picture in
            PDFPicture(
                box: uprightBox(picture.box, direction, page),
                pixelWidth: picture.width,
                pixelHeight: picture.height,
                streamPosition: picture.stream_position,
                isBilevel: picture.is_bilevel != 0,
                isOpaque: picture.is_opaque != 0
            )
        }
        page.hideWordsUnderScan()
        page.characterCount = self.source.characterCount - before.0
        page.unmappedCount = self.source.unmappedCount - before.1
        if page.allWords.count(where: \.isInvisible) * 2 > page.allWords.count {
            page.origin = .ocr
        }
        self.source.pages.append(page)
    }

    /// Maps the page's font indices to the document's styles.
    private mutating func styles(of view: cpoppler_page_view) -> [Int32] {
        let names = UnsafeBufferPointer(start: view.fonts, count: view.fonts_length)
        return names.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { name in
            if let known = self.styleNames.firstIndex(where: { $0.elementsEqual(name) }) {
                return Int32(known)
            }
            self.styleNames.append(Array(name))
            self.pitches.append(PitchCount())
            self.flags.append(0)
            return Int32(self.styleNames.count - 1)
        }
    }
}

extension PDFSource {
    /// A tree that names a part of the text only says nothing about the rest.
    fileprivate var isMostlyTagged: Bool {
        guard let structure = self.structure else { return false }
        var tagged = 0
        var count = 0
        for page in self.pages {
            for word in page.words where word.element != PDFStructure.artifact {
                count += 1
                if structure[word.element] != nil { tagged += 1 }
            }
        }
        return tagged * 10 >= count * 9
    }
}

/// How many words of a style were set in equally wide glyphs, and how many were not.
struct PitchCount {
    var fixed = 0
    var proportional = 0
    /// Words in Chinese, Japanese or Korean signs, which are equally wide in any font.
    var wide = 0

    mutating func add(_ code: UInt8, isWide: Bool) {
        if isWide { self.wide += 1 }
        switch code {
        case 1: self.fixed += 1
        case 0: self.proportional += 1
        default: break
        }
    }
}

/// Whether the byte is a control that moves on, such as a tab or a backspace: it parts what stands beside it.
private func movesOn(_ byte: UInt8?) -> Bool { byte.map { $0 &- 0x08 < 6 } ?? false }

/// UTF-8 of U+3000 and above.
private let firstWideByte: UInt8 = 0xE3

/// The rotation of most words, by glyph count.
private func mainDirection(of words: UnsafeBufferPointer<cpoppler_word>) -> UInt8 {
    var counts: [UInt64] = [0, 0, 0, 0]
    for word in words { counts[Int(word.rotation & 3)] += UInt64(word.text_length) }
    var best = 0
    for direction in 1..<4 where counts[direction] > counts[best] { best = direction }
    return UInt8(best)
}

private func style(name: [UInt8], flags: UInt8, pitch: PitchCount) -> PDFStyle {
    let lower = String(decoding: name, as: UTF8.self).lowercased()
    let heavy = ["bold", "black", "heavy", "semibold", "demi", "cmbx", "sfbx", "-bd", "medi"]
    let fixedNames = [
        "mono", "courier", "consol", "typewriter", "cmtt", "sftt", "menlo", "fixed", "inconsolata",
    ]
    let named = flags & 1 != 0 || fixedNames.contains { lower.contains($0) }
    let isWide = pitch.wide * 2 > pitch.fixed + pitch.proportional
    let measured =
        named
        ? pitch.proportional <= pitch.fixed
        : pitch.fixed >= 20 && pitch.proportional * 20 <= pitch.fixed
    return PDFStyle(
        isBold: flags & 2 != 0 || heavy.contains { lower.contains($0) },
        isFixedPitch: measured && !isWide
    )
}

extension PDFWord {
    fileprivate var isFinite: Bool {
        self.box.left.isFinite && self.box.top.isFinite && self.box.right.isFinite
            && self.box.bottom.isFinite && self.baseline.isFinite && self.size.isFinite
    }
}

extension PDFBox {
    /// Turns a page of sideways text upright; `width` and `height` are those of the turned page.
    fileprivate mutating func turn(_ direction: UInt8, width: Float, height: Float) {
        let box = self
        switch direction {
        case 1:
            self = PDFBox(
                left: box.top,
                top: height - box.right,
                right: box.bottom,
                bottom: height - box.left
            )
        case 2:
            self = PDFBox(
                left: width - box.right,
                top: height - box.bottom,
                right: width - box.left,
                bottom: height - box.top
            )
        default:
            self = PDFBox(
                left: width - box.bottom,
                top: box.left,
                right: width - box.top,
                bottom: box.right
            )
        }
    }
}

private func uprightBox(_ source: cpoppler_box, _ direction: UInt8, _ page: PDFPage) -> PDFBox {
    var box = PDFBox(
        left: source.left,
        top: source.top,
        right: source.right,
        bottom: source.bottom
    )
    if direction != 0 { box.turn(direction, width: page.width, height: page.height) }
    return box
}

private func informationEntry(_ document: PDFDocument, _ key: String) -> String {
    var length = 0
    guard let text = document.door.info(document.handle, key, &length) else { return "" }
    defer { cpoppler_free_text(text) }
    let bytes = UnsafeRawBufferPointer(start: text, count: min(length, 4_096))
    return String(decoding: bytes, as: UTF8.self)
}

/// The position where the file gives no label.
private func pageLabel(_ document: PDFDocument, _ index: Int) -> String {
    var length = 0
    guard let text = document.door.page_label(document.handle, Int32(index), &length) else {
        return String(index + 1)
    }
    defer { cpoppler_free_text(text) }
    let bytes = UnsafeRawBufferPointer(start: text, count: min(length, 64))
    let label = bytes.filter { $0 >= 0x20 && $0 != 0x7F }
    return label.isEmpty ? String(index + 1) : String(decoding: label, as: UTF8.self)
}

private func outlineEntries(_ document: PDFDocument) -> [PDFOutlineEntry] {
    var length = 0
    guard let text = document.door.outline(document.handle, 10_000, &length) else { return [] }
    defer { cpoppler_free_text(text) }
    let bytes = UnsafeRawBufferPointer(start: text, count: length)
    return bytes.split(separator: 0x0A).compactMap { line in
        guard let tab = line.firstIndex(of: 0x09) else { return nil }
        let depth = line[line.startIndex..<tab].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return PDFOutlineEntry(depth: depth, title: Array(line[(tab + 1)...]))
    }
}

extension PDFSourceBuilder {
    /// Appends a word's text without controls, ligatures and invisible characters.
    ///
    /// A soft hyphen stays: whether it joins two lines is decided where lines meet.
    private mutating func appendCleaned(_ bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                self.source.characterCount += 1
                if byte >= 0x20, byte != .delete {
                    self.source.text.append(byte)
                } else {
                    self.source.unmappedCount += 1
                    // A control that moves on, amid a word, parts it.
                    if movesOn(byte), index > 0, index + 1 < bytes.count {
                        self.source.text.append(.space)
                    }
                }
                index += 1
                continue
            }
            let (scalar, length) = decodeScalar(bytes, at: index)
            self.append(scalar, from: bytes, at: index, length: length)
            index += length
        }
    }

    private mutating func append(
        _ scalar: UInt32,
        from bytes: UnsafeBufferPointer<UInt8>,
        at index: Int,
        length: Int
    ) {
        self.source.characterCount += 1
        switch scalar {
        case 0x80...0x9F, 0xE000...0xF8FF, 0xFFFD, 0xF0000...0x10FFFF:
            self.source.unmappedCount += 1
            // A private-use glyph is often a bullet; anything else has no reading.
            if scalar >= 0xE000, scalar <= 0xF8FF, bytes.count == length {
                appendScalar(0x2022, to: &self.source.text)
            }
        case 0x00AD:
            self.source.hasSoftHyphens = true
            self.source.text.append(contentsOf: [0xC2, 0xAD])
        case 0x00A0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000:
            self.source.text.append(0x20)
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F:
            break
        case 0xFB00: self.source.text.append(contentsOf: "ff".utf8)
        case 0xFB01: self.source.text.append(contentsOf: "fi".utf8)
        case 0xFB02: self.source.text.append(contentsOf: "fl".utf8)
        case 0xFB03: self.source.text.append(contentsOf: "ffi".utf8)
        case 0xFB04: self.source.text.append(contentsOf: "ffl".utf8)
        case 0xFB05, 0xFB06: self.source.text.append(contentsOf: "st".utf8)
        default:
            for offset in 0..<length { self.source.text.append(bytes[index + offset]) }
        }
    }
}
