/// Literal bytes by the last two bytes of the anchor in them.
///
/// Nearly every anchor is one of another word. So what tells that lies in flat arrays, side by side, and the
/// row that the bytes belong to is looked at after they fit.
struct AnchorIndex: Sendable {
    struct Entry: Sendable {
        /// The place of the row.
        let row: Int
        /// Bytes of the literal before the anchor's end; it may lie one before the literal's own.
        let anchorEnd: Int
        fileprivate let bytes: Range<Int>

        var count: Int { self.bytes.count }
    }

    private let bytes: [UInt8]
    private let entries: [Entry]
    /// List `n` is the entries from `bounds[n - 1]` to `bounds[n]`; list 0 is empty.
    private let bounds: [UInt16]
    private let lists: [UInt16]

    /// - Parameter rows: each row's literal, where its anchor ends in it, and the anchor's bytes; in the order
    ///   in which they are tried.
    init(_ rows: [(literal: [UInt8], anchorEnd: Int, triple: [[UInt8]])]) {
        var bytes: [UInt8] = []
        var byPair: [Int: [Entry]] = [:]
        for (place, row) in rows.enumerated() {
            let entry = Entry(
                row: place,
                anchorEnd: row.anchorEnd,
                bytes: bytes.count..<bytes.count + row.literal.count
            )
            bytes += row.literal
            for second in row.triple[1] {
                for third in row.triple[2] {
                    byPair[Int(second) << 8 | Int(third), default: []].append(entry)
                }
            }
        }
        var entries: [Entry] = []
        var bounds: [UInt16] = [0]
        var lists = [UInt16](repeating: 0, count: 1 << 16)
        for (pair, own) in byPair.sorted(by: { $0.key < $1.key }) {
            entries += own
            lists[pair] = UInt16(bounds.count)
            bounds.append(UInt16(entries.count))
        }
        self.bytes = bytes
        self.entries = entries
        self.bounds = bounds
        self.lists = lists
    }

    /// The places of the entries whose anchors end in `pair`.
    func places(_ pair: Int) -> Range<Int> {
        let list = Int(self.lists[pair])
        return list == 0 ? 0..<0 : Int(self.bounds[list - 1])..<Int(self.bounds[list])
    }

    subscript(place: Int) -> Entry { self.entries[place] }

    /// Whether the entry's bytes are at `start`, letters of the text in either case where `isFolded`.
    func fits(
        _ entry: Entry,
        _ text: UnsafeBufferPointer<UInt8>,
        at start: Int,
        isFolded: Bool
    ) -> Bool {
        guard start >= 0, start + entry.bytes.count <= text.count else { return false }
        for (offset, place) in entry.bytes.enumerated() {
            let byte = text[start + offset]
            let read = isFolded && byte &- 0x41 < 26 ? byte | 0x20 : byte
            if read != self.bytes[place] { return false }
        }
        return true
    }
}
