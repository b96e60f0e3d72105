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

    /// Whether `left` and `right`, cut at a hyphen at a line end, are written with the hyphen.
    func keepsHyphen(left: some Collection<UInt8>, right: some Collection<UInt8>) -> Bool {
        if self.words.contains(hash(left, right)) { return false }
        if self.compounds.contains(hash(left, [0x2D], right)) { return true }
        guard left.count >= 3, right.count >= 3 else { return false }
        return self.words.contains(hash(left)) && self.words.contains(hash(right))
    }

    private mutating func add(_ line: UnsafeBufferPointer<UInt8>, skipsFirst: Bool) {
        var index = 0
        var isFirst = true
        while index < line.count {
            while index < line.count, !isWordByte(line[index]) { index += 1 }
            let start = index
            var compoundStart = start
            var hasHyphen = false
            while index < line.count, isWordByte(line[index]) || isInnerHyphen(line, index) {
                if line[index] == 0x2D {
                    self.insert(line[compoundStart..<index], isFirst && skipsFirst)
                    compoundStart = index + 1
                    hasHyphen = true
                }
                index += 1
            }
            let isCut = index + 1 >= line.count && index < line.count && isHyphenByte(line[index])
            guard index > start else { continue }
            let isSkipped = isCut || (isFirst && skipsFirst)
            self.insert(line[compoundStart..<index], isSkipped)
            if hasHyphen, !isSkipped { self.compounds.insert(hash(line[start..<index])) }
            isFirst = false
        }
    }

    private mutating func insert(_ word: Slice<UnsafeBufferPointer<UInt8>>, _ isSkipped: Bool) {
        if !isSkipped, word.count > 1 { self.words.insert(hash(word)) }
    }
}

/// How a line's last word is cut: the bytes of the hyphen and whether it is a soft one.
func lineEndHyphen(_ line: some RandomAccessCollection<UInt8>) -> (length: Int, isSoft: Bool)? {
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
    return last >= 0x80 || ((last | 0x20) >= 0x61 && (last | 0x20) <= 0x7A)
}

@inline(__always)
private func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (byte >= 0x30 && byte <= 0x39)
        || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A)
}

@inline(__always)
private func isHyphenByte(_ byte: UInt8) -> Bool { byte == 0x2D || byte == 0xC2 || byte == 0xE2 }

@inline(__always)
private func isInnerHyphen(_ line: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    line[index] == 0x2D && index + 1 < line.count && isWordByte(line[index + 1])
}

/// FNV-1a over ASCII-lowered bytes.
private func hash(_ parts: any Collection<UInt8>...) -> UInt64 {
    var result: UInt64 = 0xCBF2_9CE4_8422_2325
    for part in parts {
        for byte in part {
            let lowered = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            result = (result ^ UInt64(lowered)) &* 0x100_0000_01B3
        }
    }
    return result
}
