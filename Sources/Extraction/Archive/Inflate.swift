internal import CZlib
internal import Records

/// How DEFLATE data is framed.
enum DeflateFraming {
    /// As in zip files.
    case none
    /// One gzip member with its header and trailer; zlib checks the sum and the length.
    case gzip

    fileprivate var windowBits: Int32 { self == .gzip ? 31 : -15 }
}

/// What became of one DEFLATE stream.
enum InflateEnd: Equatable {
    /// The stream ended after this many bytes of input.
    case finished(consumed: Int)
    /// The input ended first.
    case truncated
    case damaged
    /// There is more than `limit` bytes of output.
    case overLimit
}

/// Appends what one DEFLATE stream at the start of `input` stands for.
///
/// - Output: `output` never grows beyond `limit` bytes, and memory grows with what was written, not
///   with what a header promises.
/// - Complexity: O(output).
func inflate(
    _ input: UnsafeRawBufferPointer,
    framing: DeflateFraming,
    limit: Int,
    into output: inout [UInt8]
) -> InflateEnd {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, framing.windowBits, zlibVersion(), size) == Z_OK else {
        return .damaged
    }
    defer { inflateEnd(&stream) }
    stream.next_in = UnsafeMutablePointer(
        mutating: input.bindMemory(to: UInt8.self).baseAddress
    )
    stream.avail_in = UInt32(min(input.count, Int(UInt32.max)))
    var status = Z_OK
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunkByteCount) { chunk in
        while true {
            stream.next_out = chunk.baseAddress
            stream.avail_out = UInt32(chunkByteCount)
            status = CZlib.inflate(&stream, Z_NO_FLUSH)
            let written = chunkByteCount - Int(stream.avail_out)
            guard output.count + written <= limit else { return .overLimit }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: chunk[..<written]))
            switch status {
            case Z_STREAM_END: return .finished(consumed: input.count - Int(stream.avail_in))
            case Z_OK: break
            case Z_BUF_ERROR: return .truncated
            default: return .damaged
            }
            // Everything was read, and nothing more comes of it.
            if stream.avail_in == 0, written == 0 { return .truncated }
        }
    }
}

private let chunkByteCount = 64 << 10

/// The CRC-32 of the bytes (ISO 3309, as in zip and gzip).
func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    var value = crc32(0, nil, 0)
    var rest = bytes
    while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
        value = crc32(value, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
    }
    return UInt32(truncatingIfNeeded: value)
}

/// How far compressed bytes may grow.
struct ExpansionLimit {
    /// Bytes a small file may always grow to.
    static let floor = 16 << 20
    /// Text packs 3 to 20 to 1, logs up to 60 to 1; DEFLATE itself ends at 1,032 to 1.
    static let ratio = 100

    /// Bytes that `compressedCount` bytes may stand for.
    static func bytes(for compressedCount: Int) -> Int {
        let (product, overflow) = compressedCount.multipliedReportingOverflow(by: Self.ratio)
        return max(Self.floor, overflow ? Int.max : product)
    }
}
