/// The offset of the scalar that ends just before `offset`.
///
/// - Precondition: `0 < offset`.
@inline(__always)
func scalarStart(_ bytes: UnsafePointer<UInt8>, before offset: Int) -> Int {
    var start = offset &- 1
    let limit = max(0, offset &- 4)
    while start > limit, bytes[start] & 0xC0 == 0x80 { start &-= 1 }
    return start
}

/// Writes `scalar` as UTF-8 and gives the number of bytes, 1 to 4.
@inline(__always)
func encodeScalar(_ scalar: UInt32, to output: UnsafeMutablePointer<UInt8>) -> Int {
    if scalar < 0x80 {
        output[0] = UInt8(truncatingIfNeeded: scalar)
        return 1
    }
    func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: scalar >> shift & 0x3F | 0x80) }
    if scalar < 0x800 {
        output[0] = UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0)
        output[1] = tail(0)
        return 2
    }
    if scalar < 0x1_0000 {
        output[0] = UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0)
        output[1] = tail(6)
        output[2] = tail(0)
        return 3
    }
    output[0] = UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0)
    output[1] = tail(12)
    output[2] = tail(6)
    output[3] = tail(0)
    return 4
}
