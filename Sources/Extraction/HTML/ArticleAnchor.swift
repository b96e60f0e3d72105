internal import Bytes

/// The text that a page's JSON-LD gives as its article, as a set of word triples: it tells which
/// visible blocks are the article, and is never output itself.
struct ArticleAnchor {
    /// Open addressing; 0 marks a free slot.
    private var slots: [UInt64]
    private var count = 0

    /// More than any article; what follows is not read.
    private static let byteLimit = 1 << 17
    /// Less could be a teaser or a caption.
    private static let minimumCount = 40

    /// Nil for text that is too short to tell an article by.
    init?(_ text: [UInt8]) {
        guard text.count >= Self.minimumCount else { return nil }
        let size = min(text.count, Self.byteLimit)
        var capacity = 64
        // A triple begins with a word, and a word and the blank after it are two bytes at least.
        while capacity < size { capacity *= 2 }
        self.slots = [UInt64](repeating: 0, count: capacity)
        var reader = WordTriples()
        text.withUnsafeBufferPointer { text in
            reader.read(UnsafeBufferPointer(rebasing: text[..<size])) { self.insert($0) }
        }
        guard self.count >= Self.minimumCount else { return nil }
    }

    private mutating func insert(_ triple: UInt64) {
        var slot = Int(truncatingIfNeeded: triple >> 20) & (self.slots.count - 1)
        while self.slots[slot] != 0 {
            if self.slots[slot] == triple { return }
            slot = (slot + 1) & (self.slots.count - 1)
        }
        self.slots[slot] = triple
        self.count += 1
    }

    private func contains(_ triple: UInt64) -> Bool {
        var slot = Int(truncatingIfNeeded: triple >> 20) & (self.slots.count - 1)
        while self.slots[slot] != 0 {
            if self.slots[slot] == triple { return true }
            slot = (slot + 1) & (self.slots.count - 1)
        }
        return false
    }

    /// Bytes of each subtree's text that the anchor has; nil where most of the anchor is not to be
    /// seen on the page.
    ///
    /// - Complexity: O(nodes + text bytes).
    func coverage(of arena: HTMLArena, _ scanned: ScannedPage) -> [Int32]? {
        var covered = [Int32](repeating: 0, count: arena.nodes.count)
        var block = [Int32](repeating: 0, count: arena.nodes.count)
        var reader = WordTriples()
        var owner: Int32 = 0
        var found = 0
        scanned.text.withUnsafeBufferPointer { text in
            var index = 1
            while index < arena.nodes.count {
                let node = arena.nodes[index]
                if node.isDropped {
                    index = Int(node.end)
                    continue
                }
                let outer = block[Int(node.parent)]
                block[index] = node.tag == .a || node.tag.role == .inline ? outer : Int32(index)
                if node.tag == .text {
                    if outer != owner { reader = WordTriples() }
                    owner = outer
                    let run = scanned.runs[Int(node.record)]
                    var matched: Int32 = 0
                    var seen: Int32 = 0
                    reader.read(
                        UnsafeBufferPointer(rebasing: text[Int(run.start)..<Int(run.end)])
                    ) { triple in
                        seen += 1
                        if self.contains(triple) { matched += 1 }
                    }
                    found += Int(matched)
                    if seen > 0 { covered[index] = (run.end - run.start) * matched / seen }
                }
                index += 1
            }
        }
        guard found * 2 >= self.count else { return nil }
        for index in stride(from: arena.nodes.count - 1, to: 0, by: -1) {
            covered[Int(arena.nodes[index].parent)] += covered[index]
        }
        return covered
    }
}

/// Hashes of every three words that follow each other.
private struct WordTriples {
    private var word = fnvBasis
    private var isInWord = false
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// Reads text that goes on after what was read before; markup in it is passed over.
    @inline(__always)
    mutating func read(_ text: UnsafeBufferPointer<UInt8>, _ note: (UInt64) -> Void) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                if isAlphanumeric(byte) {
                    self.add(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
                } else {
                    self.endWord(note)
                    if byte == 0x3C, let end = endOfTag(text, at: index) { index = end - 1 }
                }
                index += 1
            } else if byte == 0xC2 {
                // U+0080 to U+00BF: signs and blanks.
                self.endWord(note)
                index += 2
            } else if byte == 0xE2, index + 1 < text.count, text[index + 1] <= 0x81 {
                // U+2000 to U+207F: quotes, dashes and blanks.
                self.endWord(note)
                index += 3
            } else {
                // From U+3000 on scripts without blanks: a character is a word.
                let isWord = byte >= 0xE3 && byte <= 0xEF
                if isWord { self.endWord(note) }
                let end = min(text.count, index + (byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4))
                while index < end {
                    self.add(text[index])
                    index += 1
                }
                if isWord { self.endWord(note) }
            }
        }
    }

    @inline(__always)
    private mutating func add(_ byte: UInt8) {
        self.word = fnvStep(self.word, byte)
        self.isInWord = true
    }

    @inline(__always)
    private mutating func endWord(_ note: (UInt64) -> Void) {
        guard self.isInWord else { return }
        if self.first != 0 {
            note(
                ((self.first &* 31 &+ self.second) &* 31 &+ self.word) &* 0x9E37_79B9_7F4A_7C15 | 1
            )
        }
        self.first = self.second
        self.second = self.word
        self.word = fnvBasis
        self.isInWord = false
    }
}

/// The index after a tag in the text of JSON-LD that is itself HTML.
private func endOfTag(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
    guard index + 1 < text.count, text[index + 1] == 0x2F || isAlphanumeric(text[index + 1]),
        let end = firstIndex(of: 0x3E, in: text, from: index)
    else { return nil }
    return end - index <= 512 ? end + 1 : nil
}
