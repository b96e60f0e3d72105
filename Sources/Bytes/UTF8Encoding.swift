/// Appends a scalar as UTF-8.
@inlinable @inline(__always)
package func appendScalar(_ scalar: UInt32, to output: inout [UInt8]) {
    switch scalar {
    case 0..<0x80:
        output.append(UInt8(truncatingIfNeeded: scalar))
    case 0x80..<0x800:
        output.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
        output.append(continuation(scalar))
    case 0x800..<0x10000:
        output.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
        output.append(continuation(scalar >> 6))
        output.append(continuation(scalar))
    default:
        output.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18 & 0x07))
        output.append(continuation(scalar >> 12))
        output.append(continuation(scalar >> 6))
        output.append(continuation(scalar))
    }
}

/// Writes a scalar as UTF-8 and gives the number of bytes, 1 to 4; `output` has room for four.
@inlinable @inline(__always)
package func encodeScalar(_ scalar: UInt32, to output: UnsafeMutablePointer<UInt8>) -> Int {
    if scalar < 0x80 {
        output[0] = UInt8(truncatingIfNeeded: scalar)
        return 1
    }
    if scalar < 0x800 {
        output[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        output[1] = continuation(scalar)
        return 2
    }
    if scalar < 0x10000 {
        output[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        output[1] = continuation(scalar >> 6)
        output[2] = continuation(scalar)
        return 3
    }
    output[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18 & 0x07)
    output[1] = continuation(scalar >> 12)
    output[2] = continuation(scalar >> 6)
    output[3] = continuation(scalar)
    return 4
}

@inlinable @inline(__always)
package func continuation(_ bits: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: 0x80 | bits & 0x3F)
}
