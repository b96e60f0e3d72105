/// The words, labels and n-gram buckets of a fastText model: which rows of its matrix a text has.
struct FastTextDictionary {
    struct Label {
        var name: String
        var count: Int64
    }

    let labels: [Label]
    /// Rows are below this.
    let rowLimit: Int
    private let bytes: UnsafeRawBufferPointer
    /// Where the words are in the file, in the order of their rows.
    private var words: [Range<Int>] = []
    /// Open addressing over the words: their number and 1, or 0.
    private var slots: [UInt32]
    /// The rows that pruning left, by bucket; nil in a model that was not pruned.
    private let kept: [Int32: Int32]?
    private let wordNgrams: Int
    private let bucketCount: Int
    private let subwords: ClosedRange<Int>
    private let usesSubwords: Bool

    init(
        _ reader: inout FastTextReader,
        wordNgrams: Int,
        bucketCount: Int,
        subwords: ClosedRange<Int>,
        usesSubwords: Bool
    ) throws(FastTextModel.FormatError) {
        let unsound = FastTextModel.FormatError(message: "its dictionary is not sound")
        let size = Int(try reader.int32())
        let wordCount = Int(try reader.int32())
        let labelCount = Int(try reader.int32())
        _ = try reader.int64()
        let pruned = try reader.int64()
        // An entry takes ten bytes and more.
        guard wordCount >= 0, (1...FastTextModel.labelLimit).contains(labelCount),
            size == wordCount + labelCount, size <= reader.bytes.count / 10,
            pruned >= -1, pruned <= Int64(reader.bytes.count / 8)
        else { throw unsound }
        var labels: [Label] = []
        for index in 0..<size {
            let range = try reader.string()
            let count = try reader.int64()
            let kind = try reader.byte()
            guard (kind == 1) == (index >= wordCount), count >= 0, count < 1 << 48,
                range.count <= 4096
            else { throw unsound }
            if kind == 0 {
                self.words.append(range)
            } else {
                let name = String(decoding: reader.bytes[range], as: UTF8.self)
                let prefix = "__label__"
                labels.append(
                    Label(
                        name: name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name,
                        count: count
                    )
                )
            }
        }
        var rowLimit = wordCount + (usesSubwords || wordNgrams > 1 ? bucketCount : 0)
        if pruned >= 0 {
            var kept: [Int32: Int32] = [:]
            rowLimit = wordCount
            for _ in 0..<pruned {
                let bucket = try reader.int32()
                let row = try reader.int32()
                guard bucket >= 0, row >= 0 else { throw unsound }
                kept[bucket] = row
                rowLimit = max(rowLimit, wordCount + Int(row) + 1)
            }
            self.kept = kept
        } else {
            self.kept = nil
        }
        self.labels = labels
        self.rowLimit = rowLimit
        self.bytes = reader.bytes
        self.wordNgrams = wordNgrams
        self.bucketCount = bucketCount
        self.subwords = subwords
        self.usesSubwords = usesSubwords && bucketCount > 0
        var capacity = 16
        while capacity < wordCount * 2 { capacity *= 2 }
        self.slots = [UInt32](repeating: 0, count: capacity)
        for (number, range) in self.words.enumerated() {
            let word = UnsafeRawBufferPointer(rebasing: reader.bytes[range])
            var slot = Int(fastTextHash(word)) & (capacity - 1)
            while self.slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            self.slots[slot] = UInt32(number + 1)
        }
    }

    private func number(of word: UnsafeRawBufferPointer, hash: UInt32) -> Int? {
        var slot = Int(hash) & (self.slots.count - 1)
        while self.slots[slot] != 0 {
            let number = Int(self.slots[slot]) - 1
            if self.bytes[self.words[number]].elementsEqual(word) { return number }
            slot = (slot + 1) & (self.slots.count - 1)
        }
        return nil
    }

    /// Calls `body` with each row of the model's input that `text`, read as one line, has.
    func forEachRow(of text: UnsafeBufferPointer<UInt8>, _ body: (Int) -> Void) {
        var hashes: [Int32] = []
        var framed: [UInt8] = []
        for word in text.split(whereSeparator: isFastTextSpace) {
            framed.removeAll(keepingCapacity: true)
            framed.append(0x3C)
            framed.append(contentsOf: word)
            framed.append(0x3E)
            framed.withUnsafeBytes { framed in
                let word = UnsafeRawBufferPointer(rebasing: framed[1..<framed.count - 1])
                let hash = fastTextHash(word)
                if let number = self.number(of: word, hash: hash) { body(number) }
                hashes.append(Int32(bitPattern: hash))
                if self.usesSubwords { self.forEachSubword(of: framed, body) }
            }
        }
        var end = "</s>"
        end.withUTF8 { end in
            let hash = fastTextHash(UnsafeRawBufferPointer(end))
            if let number = self.number(of: UnsafeRawBufferPointer(end), hash: hash) {
                body(number)
            }
            hashes.append(Int32(bitPattern: hash))
        }
        guard self.wordNgrams > 1, self.bucketCount > 0 else { return }
        for start in hashes.indices {
            var hash = UInt64(bitPattern: Int64(hashes[start]))
            for next in hashes[start...].dropFirst().prefix(self.wordNgrams - 1) {
                hash = hash &* 116_049_371 &+ UInt64(bitPattern: Int64(next))
                self.give(bucket: Int(hash % UInt64(self.bucketCount)), body)
            }
        }
    }

    /// The n-grams of code points of a word between `<` and `>`.
    private func forEachSubword(of word: UnsafeRawBufferPointer, _ body: (Int) -> Void) {
        for start in word.indices where word[start] & 0xC0 != 0x80 {
            var hash = FastTextHash()
            var end = start
            var length = 1
            while end < word.count, length <= self.subwords.upperBound {
                repeat {
                    hash.add(word[end])
                    end += 1
                } while end < word.count && word[end] & 0xC0 == 0x80
                let isFrame = length == 1 && (start == 0 || end == word.count)
                if length >= self.subwords.lowerBound, !isFrame {
                    self.give(bucket: Int(hash.value) % self.bucketCount, body)
                }
                length += 1
            }
        }
    }

    private func give(bucket: Int, _ body: (Int) -> Void) {
        guard let kept = self.kept else { return body(self.words.count + bucket) }
        if let row = kept[Int32(truncatingIfNeeded: bucket)] { body(self.words.count + Int(row)) }
    }
}

private func isFastTextSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0
}

/// FNV-1a of 32 bits over bytes with their sign, as fastText has it.
private struct FastTextHash {
    private(set) var value: UInt32 = 2_166_136_261

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        self.value =
            (self.value ^ UInt32(bitPattern: Int32(Int8(bitPattern: byte)))) &* 16_777_619
    }
}

private func fastTextHash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var hash = FastTextHash()
    for byte in bytes { hash.add(byte) }
    return hash.value
}
