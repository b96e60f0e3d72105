internal import CZlib

/// Expands gzipped bytes as they come and says where one file in them ends: several may stand one behind
/// the other, each to be read by itself.
///
/// - Source: RFC 1952, by zlib.
// @unchecked: who has the value has it alone.
package final class GzipMember: @unchecked Sendable {
    private var stream = z_stream()
    package private(set) var isAtEnd = false

    private static let windowBitsOfGzip: Int32 = 15 + 16
    private static let chunkBytes = 1 << 16

    package init() throws(GunzipFault) {
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&self.stream, Self.windowBitsOfGzip, zlibVersion(), size) == Z_OK else {
            throw .corrupt
        }
    }

    private init(continuing other: GzipMember) throws(GunzipFault) {
        guard inflateCopy(&self.stream, &other.stream) == Z_OK else { throw .corrupt }
        self.isAtEnd = other.isAtEnd
    }

    /// One that goes on from here by itself.
    package func copy() throws(GunzipFault) -> GzipMember { try GzipMember(continuing: self) }

    deinit { inflateEnd(&self.stream) }

    /// Expands from `input` until it is used up, the file in it ends, or a chunk is full.
    ///
    /// - Returns: how many bytes of the input were used.
    package func expand(
        _ input: ArraySlice<UInt8>,
        into output: inout [UInt8]
    ) throws(GunzipFault) -> Int {
        guard !self.isAtEnd, !input.isEmpty else { return 0 }
        var status = Z_OK
        var used = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { target, count in
            input.withUnsafeBufferPointer { source in
                let length = min(source.count, 1 << 30)
                self.stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                self.stream.avail_in = UInt32(length)
                self.stream.next_out = target.baseAddress
                self.stream.avail_out = UInt32(target.count)
                status = inflate(&self.stream, Z_NO_FLUSH)
                used = length - Int(self.stream.avail_in)
            }
            count = target.count - Int(self.stream.avail_out)
        }
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw .corrupt
        }
        guard used > 0 || !chunk.isEmpty || status == Z_STREAM_END else { throw .corrupt }
        self.isAtEnd = status == Z_STREAM_END
        output += chunk
        return used
    }
}
