internal import CKernels
internal import CZlib

/// Compresses to raw DEFLATE, reusing its tables from one call to the next.
///
/// Not for concurrent use: one per worker.
/// - Source: RFC 1951, by zlib.
package final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 1 is fastest, 9 smallest.
    package init(level: Int = 6) {
        precondition((0...9).contains(level), "zlib levels are 0 to 9")
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        let status = deflateInit2_(
            self.stream,
            Int32(level),
            Z_DEFLATED,
            rawWindowBits,
            8,
            Z_DEFAULT_STRATEGY,
            zlibVersion(),
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(status == Z_OK, "zlib has no memory for a compressor")
    }

    deinit {
        deflateEnd(self.stream)
        self.stream.deallocate()
    }

    package func deflate(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        precondition(bytes.count <= Int(UInt32.max), "zlib takes at most 4 GiB at once")
        deflateReset(self.stream)
        let bound = Int(deflateBound(self.stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { target, initialized in
            self.stream.pointee.set(input: bytes, output: UnsafeMutableRawBufferPointer(target))
            let status = CZlib.deflate(self.stream, Z_FINISH)
            precondition(status == Z_STREAM_END, "deflateBound holds any output")
            initialized = bound - Int(self.stream.pointee.avail_out)
        }
    }

    package func deflate(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { self.deflate($0) }
    }
}

/// Expands raw DEFLATE, reusing its window from one call to the next.
///
/// Not for concurrent use: one per worker.
package final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>

    package init() {
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        let status = inflateInit2_(
            self.stream,
            rawWindowBits,
            zlibVersion(),
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(status == Z_OK, "zlib has no memory for an expander")
    }

    deinit {
        inflateEnd(self.stream)
        self.stream.deallocate()
    }

    /// The `byteCount` bytes that `bytes` stands for.
    ///
    /// - Throws: ``StorageError`` `.corrupt` when the stream is damaged, or holds more or fewer bytes.
    package func inflate(
        _ bytes: UnsafeRawBufferPointer,
        byteCount: Int
    ) throws(StorageError) -> [UInt8] {
        try checkInflatedCount(byteCount, from: bytes.count)
        inflateReset(self.stream)
        var status: Int32 = Z_OK
        // One byte more than expected tells a stream that is too long from one that ends in time.
        let result = [UInt8](unsafeUninitializedCapacity: byteCount + 1) { target, initialized in
            let room = UnsafeMutableRawBufferPointer(target)
            self.stream.pointee.set(
                input: bytes,
                output: UnsafeMutableRawBufferPointer(rebasing: room[...byteCount])
            )
            status = CZlib.inflate(self.stream, Z_FINISH)
            initialized = byteCount + 1 - Int(self.stream.pointee.avail_out)
        }
        guard status == Z_STREAM_END, result.count == byteCount,
            self.stream.pointee.avail_in == 0
        else {
            throw StorageError(
                .corrupt,
                path: "",
                "compressed bytes are damaged or not \(byteCount) bytes long"
            )
        }
        return result
    }

    package func inflate(_ bytes: [UInt8], byteCount: Int) throws(StorageError) -> [UInt8] {
        try bytes.withRawBytes { (raw) throws(StorageError) in
            try self.inflate(raw, byteCount: byteCount)
        }
    }
}

/// Raw DEFLATE of `bytes`; for many calls, keep a ``Deflater``.
package func deflate(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
    Deflater(level: level).deflate(bytes)
}

/// The `byteCount` bytes that `bytes` stands for; for many calls, keep an ``Inflater``.
///
/// - Throws: ``StorageError`` `.corrupt`.
package func inflate(_ bytes: [UInt8], byteCount: Int) throws(StorageError) -> [UInt8] {
    try Inflater().inflate(bytes, byteCount: byteCount)
}

/// The first `byteCount` bytes of what `bytes` stands for; the rest is not expanded.
///
/// In half the time of ``inflate(_:byteCount:)``, and less for a shorter part. Of a damaged stream it may give
/// other bytes, or bytes where that one throws: it is for who compares a hash.
///
/// - Throws: ``StorageError`` `.corrupt` when the stream is damaged, or holds fewer bytes.
package func inflatePrefix(
    _ bytes: UnsafeRawBufferPointer,
    byteCount: Int
) throws(StorageError) -> [UInt8] {
    try checkInflatedCount(byteCount, from: bytes.count)
    let room = byteCount + Int(MR_INFLATE_SLACK)
    var found: Int64 = 0
    let result = [UInt8](unsafeUninitializedCapacity: room) { target, initialized in
        if let input = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            let output = target.baseAddress
        {
            found = mr_inflate_prefix(input, bytes.count, output, byteCount)
        }
        initialized = max(0, Int(found))
    }
    guard result.count == byteCount else {
        throw StorageError(
            .corrupt,
            path: "",
            "compressed bytes are damaged or fewer than \(byteCount) bytes long"
        )
    }
    return result
}

/// CRC-32 of `bytes` as in gzip and PNG (ISO 3309), going on from `crc`.
package func crc32(_ bytes: UnsafeRawBufferPointer, continuing crc: UInt32 = 0) -> UInt32 {
    guard let base = bytes.baseAddress else { return crc }
    return UInt32(
        truncatingIfNeeded: crc32_z(
            UInt(crc),
            base.assumingMemoryBound(to: UInt8.self),
            bytes.count
        )
    )
}

/// CRC-32 of `bytes`.
package func crc32(_ bytes: [UInt8], continuing crc: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { crc32($0, continuing: crc) }
}

/// Raw streams: no header, no checksum; the manifests and segments carry their own.
private let rawWindowBits: Int32 = -15

/// DEFLATE cannot expand more than 1,032 times, so a larger claim is refused before memory is taken.
private func checkInflatedCount(_ byteCount: Int, from inputCount: Int) throws(StorageError) {
    guard byteCount >= 0, byteCount < Int(UInt32.max), inputCount <= Int(UInt32.max),
        byteCount / 1_032 <= inputCount
    else {
        throw StorageError(
            .corrupt,
            path: "",
            "\(inputCount) compressed bytes cannot hold \(byteCount)"
        )
    }
}

extension z_stream {
    fileprivate mutating func set(
        input: UnsafeRawBufferPointer,
        output: UnsafeMutableRawBufferPointer
    ) {
        let source = UnsafeMutableRawPointer(mutating: input.baseAddress)
        self.next_in = source?.assumingMemoryBound(to: UInt8.self)
        self.avail_in = UInt32(input.count)
        self.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        self.avail_out = UInt32(output.count)
    }
}
