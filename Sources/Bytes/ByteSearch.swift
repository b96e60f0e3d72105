internal import Glibc

/// The first index of a byte at or after `start`.
@inline(__always)
package func firstIndex(
    of byte: UInt8,
    in bytes: UnsafeBufferPointer<UInt8>,
    from start: Int
) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
}

/// The last index of a byte in a part of the buffer.
@inline(__always)
package func lastIndex(
    of byte: UInt8,
    in bytes: UnsafeBufferPointer<UInt8>,
    within range: Range<Int>
) -> Int? {
    let part = UnsafeBufferPointer(rebasing: bytes[range])
    return part.lastIndex(of: byte).map { range.lowerBound + $0 }
}

/// Whether the bytes at `index` spell a lower-case ASCII word, in any case.
package func matches(
    _ word: StaticString,
    _ bytes: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> Bool {
    let length = word.utf8CodeUnitCount
    guard index >= 0, index + length <= bytes.count else { return false }
    for offset in 0..<length where bytes[index + offset].asciiLowercased != word.utf8Start[offset] {
        return false
    }
    return true
}

/// Whether a lower-case ASCII word occurs in the bytes, in any case.
package func contains(_ word: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count >= word.utf8CodeUnitCount, word.utf8CodeUnitCount > 0 else { return false }
    let first = word.utf8Start[0]
    for index in 0...(bytes.count - word.utf8CodeUnitCount)
    where bytes[index] | 0x20 == first | 0x20 && matches(word, bytes, at: index) {
        return true
    }
    return false
}
