internal import Glibc

/// Length-prefixed frames over a pipe: a little-endian u32 byte count, then the payload.
package enum Frame {
    /// A frame larger than this is refused on both sides.
    package static let byteCountMaximum = 1 << 30

    /// Writes one frame, looping over short writes.
    package static func write(_ payload: [UInt8], to descriptor: Int32) throws(FrameError) {
        guard payload.count <= self.byteCountMaximum else { throw .tooLarge(payload.count) }
        var header = UInt32(payload.count).littleEndian
        try withUnsafeBytes(of: &header) { (bytes) throws(FrameError) in
            try self.writeAll(bytes, to: descriptor)
        }
        do {
            try payload.withUnsafeBytes { try self.writeAll($0, to: descriptor) }
        } catch let error as FrameError {
            throw error
        } catch {
            throw .io(EIO)
        }
    }

    /// Reads one frame; nil at a clean end of the stream, before a frame begins.
    ///
    /// - Parameter deadline: seconds to wait for the frame, or nil to wait for ever.
    package static func read(
        from descriptor: Int32,
        deadlineSeconds: Double? = nil
    ) throws(FrameError) -> [UInt8]? {
        let end = deadlineSeconds.map { monotonicSeconds() + $0 }
        var header: [UInt8] = [0, 0, 0, 0]
        guard try self.readAll(into: &header, from: descriptor, end: end, mayEnd: true) else {
            return nil
        }
        let byteCount = header.withUnsafeBytes {
            Int(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)))
        }
        guard byteCount <= self.byteCountMaximum else { throw .tooLarge(byteCount) }
        var payload = [UInt8](repeating: 0, count: byteCount)
        _ = try self.readAll(into: &payload, from: descriptor, end: end, mayEnd: false)
        return payload
    }

    private static func writeAll(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32
    ) throws(FrameError) {
        var offset = 0
        while offset < bytes.count {
            let count = Glibc.write(
                descriptor,
                bytes.baseAddress?.advanced(by: offset),
                bytes.count - offset
            )
            if count > 0 {
                offset += count
            } else if errno != EINTR {
                throw errno == EPIPE ? .closed : .io(errno)
            }
        }
    }

    private static func readAll(
        into buffer: inout [UInt8],
        from descriptor: Int32,
        end: Double?,
        mayEnd: Bool
    ) throws(FrameError) -> Bool {
        var offset = 0
        while offset < buffer.count {
            if let end { try self.wait(for: descriptor, until: end) }
            let count = buffer.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count > 0 {
                offset += count
            } else if count == 0 {
                if mayEnd, offset == 0 { return false }
                throw .closed
            } else if errno != EINTR {
                throw .io(errno)
            }
        }
        return true
    }

    private static func wait(for descriptor: Int32, until end: Double) throws(FrameError) {
        while true {
            let rest = end - monotonicSeconds()
            guard rest > 0 else { throw .timedOut }
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = poll(&request, 1, Int32(min(rest * 1000 + 1, 1_000_000)))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw .io(errno) }
        }
    }

    private static func monotonicSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

package enum FrameError: Error, Hashable, Sendable {
    /// The other side is gone.
    case closed
    case timedOut
    case tooLarge(Int)
    /// An `errno`.
    case io(Int32)
}
