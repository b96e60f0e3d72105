/// Under which keys groups find those that they are compared with, as they are stored.
package enum BandKey {
    /// A choice: among ten million documents one of 250 meets another whose key is equal by chance, which
    /// costs a comparison and decides nothing.
    package static let bitCount = 40

    /// The keys of a signature as they are stored, none twice.
    package static func stored(_ keys: [UInt64]) -> [UInt64] {
        let cut = keys.map { $0 >> UInt64(UInt64.bitWidth - Self.bitCount) }
        let distinct = Set(cut)
        return distinct.count == cut.count ? cut : distinct.sorted()
    }

    /// The keys of the bands that minimums are read as, in the order of the bands; none for none.
    ///
    /// Two documents of Jaccard similarity s share at least one with probability 1 - (1 - s^6)^21: .9983 at
    /// s = 0.8. Sharing one proves nothing: texts decide.
    package static func whole(ofMinimums minimums: [UInt32]) -> [UInt64] {
        guard minimums.count == Signature.hashCount else { return [] }
        return (0..<Signature.bandCount).map { band in
            var key = UInt64(band + 1)
            for row in 0..<Signature.rowsPerBand {
                let minimum = minimums[band * Signature.rowsPerBand + row]
                let product = (key ^ Self.factor)
                    .multipliedFullWidth(by: UInt64(minimum) ^ Self.seed)
                key = product.high ^ product.low
            }
            return key
        }
    }

    // Stored keys depend on them. An odd number with balanced bits, and the ASCII bytes `Millrace`.
    private static let factor: UInt64 = 0xA54F_F53A_5F1D_36F1
    private static let seed: UInt64 = 0x4D69_6C6C_7261_6365
}
