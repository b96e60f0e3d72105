internal import Bytes

/// The words of a document and its hyphenated compounds, to tell a line-end hyphen that only
/// breaks a word from one that belongs to it.
struct PDFVocabulary {
    private var words: Set<UInt64> = []
    private var compounds: Set<UInt64> = []

    /// Reads the rows' text; parts of words cut at a line end are left out.
    init(_ layout: PDFLayout) {
        var previousEndsInHyphen = false
        layout.text.withUnsafeBufferPointer { text in
            for column in layout.columns {
                for row in column.rows {
                    let line = UnsafeBufferPointer(rebasing: text[row.text])
                    self.add(line, skipsFirst: previousEndsInHyphen)
                    previousEndsInHyphen = lineEndHyphen(line) != nil
                }
            }
        }
    }

    /// How the document writes a word whose two parts a hyphen at a line end separates.
    enum Spelling {
        case joined, hyphenated, bothParts, unknown
    }

    func spelling(left: ArraySlice<UInt8>, right: ArraySlice<UInt8>) -> Spelling {
        let first = WordHash(left)
        var joined = first
        joined.add(contentsOf: right)
        if self.words.contains(joined.value) { return .joined }
        var compound = first
        compound.add(0x2D)
        compound.add(contentsOf: right)
        if self.compounds.contains(compound.value) { return .hyphenated }
        guard left.count >= 3, right.count >= 3, self.words.contains(first.value),
            self.words.contains(WordHash(right).value)
        else { return .unknown }
        return .bothParts
    }

    /// Whether a word stands in the text, letters of ASCII in any case.
    func holds(_ word: ArraySlice<UInt8>) -> Bool { self.words.contains(WordHash(word).value) }

    private mutating func add(_ line: UnsafeBufferPointer<UInt8>, skipsFirst: Bool) {
        var index = 0
        var isSkipped = skipsFirst
        while index < line.count {
            guard isWordByte(line[index]) else {
                index += 1
                continue
            }
            let start = index
            var partStart = index
            var part = WordHash()
            var compound = WordHash()
            while index < line.count {
                let byte = line[index]
                if isWordByte(byte) {
                    part.add(byte)
                } else if isInnerHyphen(line, index) {
                    self.insert(part, length: index - partStart, isSkipped: isSkipped)
                    part = WordHash()
                    partStart = index + 1
                } else {
                    break
                }
                compound.add(byte)
                index += 1
            }
            if index + 1 == line.count, line[index] == 0x2D { isSkipped = true }
            self.insert(part, length: index - partStart, isSkipped: isSkipped)
            if partStart > start, !isSkipped { self.compounds.insert(compound.value) }
            isSkipped = false
        }
    }

    private mutating func insert(_ word: WordHash, length: Int, isSkipped: Bool) {
        if !isSkipped, length > 1 { self.words.insert(word.value) }
    }
}

/// How a line's last word is cut: the bytes of the hyphen and whether it is a soft one.
func lineEndHyphen(_ line: some RandomAccessCollection<UInt8>) -> (length: Int, isSoft: Bool)? {
    guard let last = line.last, last == 0x2D || last == 0xAD || last == 0x90 else { return nil }
    let tail = Array(line.suffix(4))
    let end = tail.count
    if end >= 2, tail[end - 2] == 0xC2, tail[end - 1] == 0xAD { return (2, true) }
    guard end >= 2 else { return nil }
    if tail[end - 1] == 0x2D { return isLetterEnd(tail[..<(end - 1)]) ? (1, false) : nil }
    // U+2010, the hyphen proper.
    if end >= 4, tail[end - 3] == 0xE2, tail[end - 2] == 0x80, tail[end - 1] == 0x90 {
        return isLetterEnd(tail[..<(end - 3)]) ? (3, false) : nil
    }
    return nil
}

private func isLetterEnd(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let last = bytes.last else { return false }
    return isLetterByte(last)
}

/// Letters, digits and all outside of ASCII.
@inline(__always)
func isWordByte(_ byte: UInt8) -> Bool { byte >= 0x80 || byte.isASCIIAlphanumeric }

/// ASCII letters and all outside of ASCII.
@inline(__always)
func isLetterByte(_ byte: UInt8) -> Bool { byte >= 0x80 || byte.isASCIILetter }

@inline(__always)
private func isInnerHyphen(_ line: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    line[index] == 0x2D && index + 1 < line.count && isWordByte(line[index + 1])
}

/// FNV-1a over ASCII-lowered bytes.
private struct WordHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        let lowered = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        self.value = (self.value ^ UInt64(lowered)) &* 0x100_0000_01B3
    }

    init() {}

    init(_ bytes: ArraySlice<UInt8>) { self.add(contentsOf: bytes) }

    mutating func add(contentsOf bytes: ArraySlice<UInt8>) {
        for byte in bytes { self.add(byte) }
    }
}
