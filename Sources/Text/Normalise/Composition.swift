import CICU

/// Pieces handed to ICU: large enough to amortise the call, small enough to stay in cache.
private let pieceByteCount = 1 << 16

/// Appends the NFC form of `text`, piece by piece; pieces end at line ends, which never compose.
func appendComposed(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    guard let base = text.baseAddress else { return }
    output.reserveCapacity(output.count + text.count)
    let usual = min(text.count + text.count / 2, pieceByteCount * 2) + 16
    var buffer = [UInt8](repeating: 0, count: usual)
    var start = 0
    while start < text.count {
        let end = pieceEnd(text, from: start)
        let count = end - start
        if buffer.count < count { buffer = [UInt8](repeating: 0, count: count + count / 2) }
        var needed = compose(base + start, count, into: &buffer)
        if needed > buffer.count {
            buffer = [UInt8](repeating: 0, count: needed)
            needed = compose(base + start, count, into: &buffer)
        }
        precondition(needed >= 0, "ICU has no NFC data")
        output.append(contentsOf: buffer[..<needed])
        start = end
    }
}

private func compose(_ input: UnsafePointer<UInt8>, _ count: Int, into buffer: inout [UInt8]) -> Int
{
    let capacity = buffer.count
    return buffer.withUnsafeMutableBufferPointer {
        Int(cicu_nfc_utf8(input, count, $0.baseAddress, capacity))
    }
}

/// The end of the piece that starts at `start`: just after a line end where there is one.
///
/// A line over 1 GiB is cut before an ASCII byte: ASCII starts a new composition, so a cut there
/// is exact unless a mark follows it, and then nothing before the cut takes part.
private func pieceEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start + pieceByteCount
    let limit = start + 1 << 30
    while end < text.count, text[end - 1] != 0x0A {
        if end >= limit, text[end] < 0x80 { break }
        end += 1
    }
    return min(end, text.count)
}
