/// The stable id of a document: the first 16 bytes of SHA-256(URI).
///
/// Made by `Hashing.documentID(uri:)`; never from order, time or randomness.
package struct DocumentID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package static let byteCount = 16

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil unless `bytes` holds exactly 16 bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: self.high)
        bytes.append(bigEndian: self.low)
        return bytes
    }

    package var hex: String { Hex.encode(self.bytes) }
    package var description: String { self.hex }

    /// The shard that owns this document; `shardCount` is fixed for the life of a workspace.
    package func shard(of shardCount: Int) -> Int { Int(self.high % UInt64(shardCount)) }

    package static func < (left: DocumentID, right: DocumentID) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}
