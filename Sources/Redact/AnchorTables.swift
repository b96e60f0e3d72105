internal import CKernels

/// The triples as ``ck_anchor_masks(_:_:_:_:_:_:)`` wants them: packed into the sets of both forms of its
/// tables.
let anchorTables: ck_anchors_t = {
    var tables = ck_anchors_t()
    withUnsafeMutableBytes(of: &tables.low) { low in
        withUnsafeMutableBytes(of: &tables.high) { high in fillHalves(low, high) }
    }
    withUnsafeMutableBytes(of: &tables.wide, fillWide)
    return tables
}()

/// What a set of triples lets through: all combinations of its bytes.
private protocol AnchorSet {
    init()
    /// About how often.
    var cost: Int { get }
    func joined(_ other: Self) -> Self
}

/// Each triple joins the set that grows least by it, the wide ones first, so that the narrow ones keep
/// out of their sets.
private func packed<Group: AnchorSet>(_ triples: [Group], into count: Int) -> [Group] {
    let ordered = triples.enumerated().sorted {
        $0.element.cost != $1.element.cost
            ? $0.element.cost > $1.element.cost : $0.offset < $1.offset
    }
    var groups = [Group](repeating: Group(), count: count)
    for (_, triple) in ordered {
        var best = 0
        var bestJoined = groups[0].joined(triple)
        for index in 1..<count {
            let joined = groups[index].joined(triple)
            if joined.cost - groups[index].cost < bestJoined.cost - groups[best].cost {
                best = index
                bestJoined = joined
            }
        }
        groups[best] = bestJoined
    }
    return groups
}

private func fillHalves(
    _ low: UnsafeMutableRawBufferPointer,
    _ high: UnsafeMutableRawBufferPointer
) {
    let groups = packed(AnchorTriple.all.map(NibbleSet.init), into: 8 * Int(CK_ANCHOR_GROUPS))
    for (index, group) in groups.enumerated() {
        for place in 0..<3 {
            for nibble in 0..<16 {
                let entry = (index / 8 * 3 + place) * 16 + nibble
                let bit = UInt8(1) << UInt8(index % 8)
                if group.low[place] >> UInt16(nibble) & 1 == 1 { low[entry] |= bit }
                if group.high[place] >> UInt16(nibble) & 1 == 1 { high[entry] |= bit }
            }
        }
    }
}

private func fillWide(_ wide: UnsafeMutableRawBufferPointer) {
    let count = 8 * Int(CK_ANCHOR_WIDE_GROUPS)
    let groups = packed(AnchorTriple.all.map(SeptetSet.init), into: count)
    for (index, group) in groups.enumerated() {
        for place in 0..<3 {
            for byte in 0..<128 where group.places[place].contains(byte) {
                wide[(index / 8 * 3 + place) * 128 + byte] |= 1 << UInt8(index % 8)
            }
        }
    }
}

/// Sets that stand for all combinations of the halves of their bytes.
private struct NibbleSet: AnchorSet {
    var low = SIMD3<UInt16>()
    var high = SIMD3<UInt16>()
    var cost = 0

    init() {}

    init(_ triple: AnchorTriple) {
        for (place, bytes) in triple.bytes.enumerated() {
            for byte in bytes {
                self.low[place] |= 1 << UInt16(byte & 15)
                self.high[place] |= 1 << UInt16(byte >> 4)
            }
        }
        self = NibbleSet().joined(self)
    }

    func joined(_ other: NibbleSet) -> NibbleSet {
        var group = self
        group.low |= other.low
        group.high |= other.high
        group.cost = 1
        Self.weights.withUnsafeBufferPointer { weights in
            for place in 0..<3 {
                var sum = 0
                var rest = group.high[place]
                while rest != 0 {
                    let row = rest.trailingZeroBitCount * 512
                    sum += Int(weights[row + Int(group.low[place] & 0xFF)])
                    sum += Int(weights[row + 256 + Int(group.low[place] >> 8)])
                    rest &= rest - 1
                }
                group.cost *= sum
            }
        }
        return group
    }

    /// How often the bytes of each set of low four bits occur, for each high four bits and each half.
    private static let weights: [UInt16] = {
        var weights = [UInt16](repeating: 0, count: 16 * 512)
        for high in 0..<16 {
            for half in 0..<2 {
                for set in 1..<256 {
                    // A set weighs what it does without its lowest member, and that.
                    let lowest = set.trailingZeroBitCount
                    let place = high * 512 + half * 256
                    let byte = UInt8(high << 4 | half << 3 | lowest)
                    weights[place + set] = weights[place + (set & (set - 1))] + Anchor.share(byte)
                }
            }
        }
        return weights
    }()
}

/// Sets of bytes by their low seven bits.
private struct SeptetSet: AnchorSet {
    struct Septets {
        var low: UInt64 = 0
        var high: UInt64 = 0
        var share = 0

        func contains(_ septet: Int) -> Bool {
            (septet < 64 ? self.low >> UInt64(septet) : self.high >> UInt64(septet - 64)) & 1 == 1
        }

        mutating func insert(_ septet: UInt8) {
            if septet < 64 {
                self.low |= 1 << UInt64(septet)
            } else {
                self.high |= 1 << UInt64(septet - 64)
            }
        }

        mutating func formUnion(_ other: Septets) {
            self.share += Self.share(of: other.low & ~self.low, from: 0)
            self.share += Self.share(of: other.high & ~self.high, from: 64)
            self.low |= other.low
            self.high |= other.high
        }

        private static func share(of bits: UInt64, from base: UInt8) -> Int {
            var sum = 0
            var rest = bits
            while rest != 0 {
                sum += Int(Anchor.share(base + UInt8(rest.trailingZeroBitCount)))
                rest &= rest - 1
            }
            return sum
        }
    }

    private(set) var places = InlineArray<3, Septets>(repeating: Septets())
    var cost: Int { self.places[0].share * self.places[1].share * self.places[2].share }

    init() {}

    init(_ triple: AnchorTriple) {
        for (place, bytes) in triple.bytes.enumerated() {
            var septets = Septets()
            for byte in bytes { septets.insert(byte & 0x7F) }
            self.places[place].formUnion(septets)
        }
    }

    func joined(_ other: SeptetSet) -> SeptetSet {
        var group = self
        for place in 0..<3 { group.places[place].formUnion(other.places[place]) }
        return group
    }
}
