/// A naive Bayes model over byte n-grams: a byte automaton names the n-gram that ends at each byte,
/// and each n-gram has a log probability for each label.
///
/// The file is what `Ops/fetch-models py3langid` makes; its bytes are used in place.
///
/// Layout, little-endian: `MRNGRAM1`; six UInt32: states with children, slots, features, columns, row
/// stride, units a nat; 8 bytes a label; Int32 a prior; padding to 16; 8 bytes a state: the state to
/// fall back to and its base; padding to 16; 16 bytes a slot: the state it belongs to, the state to go
/// on from, its base, and the feature that ends there or -1; `stride` bytes a feature.
///
/// - Source: Lui and Baldwin, "langid.py" (ACL 2012), as trained for py3langid 0.4 (BSD-3); Aho and
///   Corasick (1975); Aoe, "An efficient digital search algorithm" (1989) for the slots.
// The bytes are never written, and `owner` keeps them alive.
package struct NgramModel: @unchecked Sendable {
    struct State {
        var number: UInt32
        /// The state's slot of byte 0; those of the others follow.
        var base: UInt32
    }

    struct Slot {
        var owner: UInt32
        var next: State
        var feature: Int32
    }

    package enum FormatError: Error, Hashable, Sendable {
        case notAModel
        case truncated
        case inconsistent
    }

    /// The label of each column, such as `pt`; a label may have two columns.
    package let labels: [String]
    let priors: [Int32]
    /// What each state falls back to.
    let failures: UnsafeBufferPointer<State>
    let slots: UnsafeBufferPointer<Slot>
    let rows: UnsafePointer<UInt8>
    let featureCount: Int
    let stride: Int
    /// Row and prior values a nat.
    let unitsPerNat: Int
    /// As many bytes before one decide the state there.
    let contextByteCount: Int
    private let owner: any Sendable & AnyObject

    static let columnLimit = 512
    private static let contextLimit = 16

    /// - Input: `bytes`, aligned to 16, stay valid while `owner` lives.
    /// - Throws: ``FormatError`` when any number points outside the file.
    /// - Complexity: O(states + slots) checks; weights are not read.
    package init(
        _ bytes: UnsafeRawBufferPointer,
        owner: any Sendable & AnyObject
    ) throws(FormatError) {
        guard bytes.count >= 32, bytes[..<8].elementsEqual("MRNGRAM1".utf8),
            let base = bytes.baseAddress,
            UInt(bitPattern: base) % 16 == 0
        else { throw .notAModel }
        let header = (0..<6).map {
            Int(UInt32(littleEndian: bytes.load(fromByteOffset: 8 + 4 * $0, as: UInt32.self)))
        }
        let (stateCount, slotCount, features) = (header[0], header[1], header[2])
        let (columns, stride) = (header[3], header[4])
        guard stateCount > 0, slotCount >= 256, (1...Self.columnLimit).contains(columns),
            stride >= columns, stride % 16 == 0, stride <= Self.columnLimit,
            features < 1 << 20,
            (1...1024).contains(header[5])
        else { throw .inconsistent }
        let failuresOffset = (32 + 12 * columns + 15) / 16 * 16
        let slotsOffset = failuresOffset + (8 * stateCount + 15) / 16 * 16
        let rowsOffset = slotsOffset + 16 * slotCount
        guard bytes.count == rowsOffset + features * stride else { throw .truncated }
        self.labels = (0..<columns).map { column in
            let name = bytes[(32 + 8 * column)..<(40 + 8 * column)]
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
        self.priors = (0..<columns).map {
            bytes.load(fromByteOffset: 32 + 8 * columns + 4 * $0, as: Int32.self)
        }
        self.failures = UnsafeBufferPointer(
            start: (base + failuresOffset).assumingMemoryBound(to: State.self),
            count: stateCount
        )
        self.slots = UnsafeBufferPointer(
            start: (base + slotsOffset).assumingMemoryBound(to: Slot.self),
            count: slotCount
        )
        self.rows = (base + rowsOffset).assumingMemoryBound(to: UInt8.self)
        self.featureCount = features
        self.stride = stride
        self.unitsPerNat = header[5]
        self.owner = owner
        guard Self.isConsistent(self.failures, self.slots, featureCount: features),
            let depth = Self.depth(self.slots, stateCount: stateCount)
        else { throw .inconsistent }
        self.contextByteCount = depth
    }

    /// Invariant: a failure has a lower number than its state, so that following them ends, and the
    /// root owns a slot of every byte.
    private static func isConsistent(
        _ failures: UnsafeBufferPointer<State>,
        _ slots: UnsafeBufferPointer<Slot>,
        featureCount: Int
    ) -> Bool {
        let baseLimit = slots.count - 255
        for (index, failure) in failures.enumerated() {
            guard failure.number < max(index, 1), failure.base < baseLimit,
                failure.number != 0 || failure.base == 0
            else { return false }
        }
        let areSlotsSound = slots.allSatisfy {
            $0.next.number < failures.count && $0.next.base < baseLimit
                && $0.feature < featureCount && $0.feature >= -1
        }
        return areSlotsSound && slots[..<256].allSatisfy { $0.owner == 0 }
    }

    /// The most bytes a state stands for; nil when they are more than any n-gram's.
    private static func depth(_ slots: UnsafeBufferPointer<Slot>, stateCount: Int) -> Int? {
        var depths = [Int](repeating: .max, count: stateCount)
        depths[0] = 0
        // Of each depth, the states one byte further on that nothing shorter leads to.
        for depth in 0..<Self.contextLimit {
            var isDeeper = false
            for slot in slots where slot.owner < stateCount && depths[Int(slot.owner)] == depth {
                let next = Int(slot.next.number)
                if depths[next] == .max {
                    depths[next] = depth + 1
                    isDeeper = true
                }
            }
            if !isDeeper { return depth }
        }
        return nil
    }
}
