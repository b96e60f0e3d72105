/// Decodes the scalar at `index`, or measures the ill-formed subsequence there.
///
/// - Output: nil and the byte count of the maximal subpart when the bytes are ill-formed.
/// - Precondition: `index` is one of a byte.
/// - Source: Unicode 15, table 3-7 (well-formed UTF-8) and §3.9, U+FFFD substitution.
@inlinable @inline(__always)
package func decodeUTF8(
    _ bytes: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (codePoint: UInt32?, length: Int) {
    let lead = UInt32(bytes[index])
    if lead < 0x80 { return (lead, 1) }
    guard lead >= 0xC2, lead <= 0xF4 else { return (nil, 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard index + 1 < bytes.count else { return (nil, 1) }
    let second = UInt32(bytes[index + 1])
    let lowest: UInt32 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
    let highest: UInt32 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
    guard second >= lowest, second <= highest else { return (nil, 1) }
    if length == 2 { return ((lead & 0x1F) << 6 | second & 0x3F, 2) }
    guard index + 2 < bytes.count, bytes[index + 2] & 0xC0 == 0x80 else { return (nil, 2) }
    let third = UInt32(bytes[index + 2]) & 0x3F
    if length == 3 { return ((lead & 0x0F) << 12 | (second & 0x3F) << 6 | third, 3) }
    guard index + 3 < bytes.count, bytes[index + 3] & 0xC0 == 0x80 else { return (nil, 3) }
    let fourth = UInt32(bytes[index + 3]) & 0x3F
    return ((lead & 0x07) << 18 | (second & 0x3F) << 12 | third << 6 | fourth, 4)
}

/// The scalar at `index` and its byte count; an ill-formed byte reads as U+FFFD of one byte.
///
/// - Precondition: `index` is one of a byte.
@inlinable @inline(__always)
package func decodeScalar(
    _ bytes: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (scalar: UInt32, length: Int) {
    let (codePoint, length) = decodeUTF8(bytes, at: index)
    return codePoint.map { ($0, length) } ?? (0xFFFD, 1)
}

/// The scalar that ends before `end`, and its byte count; an ill-formed byte reads as U+FFFD of one
/// byte.
///
/// - Precondition: `0 < end`.
@inlinable @inline(__always)
package func decodeScalar(
    _ bytes: UnsafeBufferPointer<UInt8>,
    endingAt end: Int
) -> (scalar: UInt32, length: Int) {
    let start = scalarStart(bytes, before: end)
    let (scalar, length) = decodeScalar(bytes, at: start)
    return start + length == end ? (scalar, length) : (0xFFFD, 1)
}

/// Where the scalar begins that ends before `end`; three bytes further back at most.
///
/// - Precondition: `0 < end`.
@inlinable @inline(__always)
package func scalarStart(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
    var start = end &- 1
    let limit = max(0, end &- 4)
    while start > limit, bytes[start] & 0xC0 == 0x80 { start &-= 1 }
    return start
}
