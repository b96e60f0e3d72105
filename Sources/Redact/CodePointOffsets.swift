/// The offsets in Unicode code points of ascending byte offsets of `text`.
///
/// - Precondition: the byte offsets ascend and are at most the byte count.
/// - Complexity: O(n), one pass however many offsets.
package func codePointOffsets(
    of byteOffsets: [Int],
    in text: UnsafeBufferPointer<UInt8>
) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(byteOffsets.count)
    var index = 0
    var count = 0
    for offset in byteOffsets {
        precondition(offset >= index && offset <= text.count, "byte offsets ascend in the text")
        while index < offset {
            if text[index] & 0xC0 != 0x80 { count += 1 }
            index += 1
        }
        result.append(count)
    }
    return result
}
