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

/// The top bits of those of eight bytes that are `letter` in either case; bytes behind one of them may be
/// marked too.
@inline(__always)
private func foldedPlaces(of letter: UInt8, _ bytes: UnsafePointer<UInt8>) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let word = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    let other = (word | ones &* 0x20) ^ (ones &* UInt64(letter))
    return (other &- ones) & ~other & (ones &* 0x80)
}

/// The first index at or after `start` where a lower-case ASCII word occurs, in any case.
///
/// - Complexity: O(bytes).
package func firstIndex(
    of word: StaticString,
    in bytes: UnsafeBufferPointer<UInt8>,
    from start: Int
) -> Int? {
    let length = word.utf8CodeUnitCount
    guard length > 1, bytes.count - start >= length, let base = bytes.baseAddress else {
        return length == 1
            ? bytes.indices.dropFirst(start).first { matches(word, bytes, at: $0) } : nil
    }
    let first = word.utf8Start[0] | 0x20
    let second = word.utf8Start[1] | 0x20
    let last = bytes.count - length
    var index = start
    // Eight places at a time, most of which have not the first two bytes in a row.
    while index <= last, index + 8 < bytes.count {
        let isPair =
            foldedPlaces(of: first, base + index) & foldedPlaces(of: second, base + index + 1)
        if isPair != 0 {
            for place in index...min(index + 7, last) where matches(word, bytes, at: place) {
                return place
            }
        }
        index += 8
    }
    while index <= last {
        if base[index] | 0x20 == first, matches(word, bytes, at: index) { return index }
        index += 1
    }
    return nil
}

/// Whether a lower-case ASCII word occurs in the bytes, in any case.
package func contains(_ word: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    firstIndex(of: word, in: bytes, from: 0) != nil
}
