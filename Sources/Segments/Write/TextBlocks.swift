internal import Storage

/// Packs the chunks' texts, end to end, into blocks that are compressed one by one.
final class TextBlocks {
    private let deflater = Deflater(level: SegmentFormat.deflateLevel)
    private let offsets: Spill
    private let text: Spill
    private var block: [UInt8] = []
    /// Uncompressed bytes so far: where the next text starts.
    private(set) var byteCount = 0

    init(offsets: Spill, text: Spill) {
        self.offsets = offsets
        self.text = text
        self.block.reserveCapacity(SegmentFormat.textBlockByteCount)
    }

    func append(_ text: ArraySlice<UInt8>) throws {
        self.byteCount += text.count
        var rest = text
        while !rest.isEmpty {
            let room = SegmentFormat.textBlockByteCount - self.block.count
            self.block.append(contentsOf: rest.prefix(room))
            rest = rest.dropFirst(room)
            if self.block.count == SegmentFormat.textBlockByteCount { try self.writeBlock() }
        }
    }

    /// Writes the last block and the end of it.
    func finish() throws {
        if !self.block.isEmpty { try self.writeBlock() }
        try self.offsets.append(little: UInt64(self.text.byteCount))
    }

    private func writeBlock() throws {
        try self.offsets.append(little: UInt64(self.text.byteCount))
        try self.text.append(self.deflater.deflate(self.block))
        self.block.removeAll(keepingCapacity: true)
    }
}
