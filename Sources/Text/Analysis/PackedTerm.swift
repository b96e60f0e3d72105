/// The first 16 bytes of a term in two words, zero after its end.
///
/// No term holds a zero byte, so two terms of up to 16 bytes are equal when their words are.
struct PackedTerm: Equatable {
    static let byteCount = 16

    var low: UInt64
    var high: UInt64

    init(low: UInt64 = 0, high: UInt64 = 0) {
        self.low = low
        self.high = high
    }

    /// - Precondition: 16 bytes from `bytes` may be read, whatever `count` is.
    @inline(__always)
    init(_ bytes: UnsafeRawPointer, count: Int) {
        self.low = bytes.loadUnaligned(as: UInt64.self)
        self.high = 0
        if count < 8 {
            self.low &= (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
        } else if count > 8 {
            self.high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            if count < 16 {
                self.high &= (1 &<< UInt64(truncatingIfNeeded: (count &- 8) &* 8)) &- 1
            }
        }
    }

    @inline(__always)
    var hash: UInt64 {
        let product = (self.low ^ 0x9E37_79B9_7F4A_7C15)
            .multipliedFullWidth(by: self.high ^ 0xC2B2_AE3D_27D4_EB4F)
        return product.high ^ product.low
    }

    /// The words as numbers that order as the bytes do.
    @inline(__always)
    static func isAscending(_ left: PackedTerm, _ right: PackedTerm) -> Bool {
        left.low != right.low
            ? left.low.bigEndian < right.low.bigEndian
            : left.high.bigEndian < right.high.bigEndian
    }
}
