internal import CZlib

/// Why gzipped bytes could not be expanded.
package enum GunzipFault: Error, Hashable, Sendable {
    /// No gzip, damaged, or cut off.
    case corrupt
    /// They hold more than the limit.
    case tooLarge
}

/// What gzipped bytes hold: one file, or several that stand one behind the other.
///
/// - Parameter limit: the most bytes to expand; memory is taken as they come, not as a header claims.
/// - Source: RFC 1952, by zlib.
package func gunzip(_ bytes: [UInt8], limit: Int) throws(GunzipFault) -> [UInt8] {
    var stream = z_stream()
    let windowBitsOfGzip: Int32 = 15 + 16
    guard
        inflateInit2_(&stream, windowBitsOfGzip, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
            == Z_OK
    else { throw .corrupt }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let result: Result<Void, GunzipFault> = bytes.withUnsafeBufferPointer { input in
        guard input.count <= Int(UInt32.max) else { return .failure(.tooLarge) }
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        while true {
            let (status, count) = chunk.withUnsafeMutableBufferPointer { target in
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                let status = inflate(&stream, Z_NO_FLUSH)
                return (status, target.count - Int(stream.avail_out))
            }
            guard output.count + count <= limit else { return .failure(.tooLarge) }
            output += chunk[..<count]
            switch status {
            case Z_OK: if count == 0, stream.avail_in == 0 { return .failure(.corrupt) }
            case Z_STREAM_END:
                if stream.avail_in == 0 { return .success(()) }
                inflateReset(&stream)
            default: return .failure(.corrupt)
            }
        }
    }
    try result.get()
    return output
}
