internal import CProcess
internal import Glibc

/// What parent and child exchange over a pipe: two little-endian u32 byte counts, a head, a body.
///
/// The body is the bytes of one document. It has a place of its own so that it is written from where
/// it lies and read to where it stays: no copy of a large document is made on either side.
package struct Frame: Hashable, Sendable {
    /// A head and a body larger than this together are refused on both sides.
    package static let byteCountMaximum = 1 << 30 + 1 << 20

    package var head: [UInt8]
    package var body: [UInt8]

    package init(head: [UInt8], body: [UInt8] = []) {
        self.head = head
        self.body = body
    }

    /// Writes the frame, looping over short writes.
    package func write(to descriptor: Int32, deadline: Deadline? = nil) throws(FrameError) {
        let byteCount = self.head.count + self.body.count
        guard byteCount <= Self.byteCountMaximum else { throw .tooLarge(byteCount) }
        let prefix = [UInt32(self.head.count).littleEndian, UInt32(self.body.count).littleEndian]
        var failure: FrameError?
        prefix.withUnsafeBytes { prefix in
            self.head.withUnsafeBytes { head in
                self.body.withUnsafeBytes { body in
                    do throws(FrameError) {
                        try writeAll([prefix, head, body], to: descriptor, deadline: deadline)
                    } catch {
                        failure = error
                    }
                }
            }
        }
        if let failure { throw failure }
    }

    /// Reads one frame; nil at a clean end of the stream, before a frame begins.
    ///
    /// - Parameters:
    ///   - deadline: when to give up; nil to wait for ever.
    ///   - byteCountMaximum: a frame that claims more is refused before any of it is read.
    package static func read(
        from descriptor: Int32,
        deadline: Deadline? = nil,
        byteCountMaximum: Int = Frame.byteCountMaximum
    ) throws(FrameError) -> Frame? {
        let prefix = try readAll(8, from: descriptor, deadline: deadline, mayEnd: true)
        guard let prefix else { return nil }
        let (headCount, bodyCount) = prefix.withUnsafeBytes {
            (
                Int(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))),
                Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
            )
        }
        guard headCount + bodyCount <= byteCountMaximum else {
            throw .tooLarge(headCount + bodyCount)
        }
        let head = try readAll(headCount, from: descriptor, deadline: deadline)
        let body = try readAll(bodyCount, from: descriptor, deadline: deadline)
        return Frame(head: head ?? [], body: body ?? [])
    }
}

package enum FrameError: Error, Hashable, Sendable {
    /// The other side is gone, perhaps in the middle of a frame.
    case closed
    case timedOut
    /// Nobody waits for the answer any more.
    case calledOff
    case tooLarge(Int)
    /// What came is none of what may come.
    case malformed
    /// An `errno`.
    case io(Int32)
}

/// A moment to give up at, on a clock that nobody sets.
package struct Deadline: Sendable {
    private let end: Double
    private let isCalledOff: (@Sendable () -> Bool)?

    /// What an answer that is on its way may still take, once nobody waits for it any more.
    private static let graceSeconds = 1.0
    private static let lookSeconds = 0.25

    /// - Parameter isCalledOff: looked at while waiting; once it says so, the wait ends within a second.
    package init(seconds: Double, isCalledOff: (@Sendable () -> Bool)? = nil) {
        self.end = Self.now + seconds
        self.isCalledOff = isCalledOff
    }

    /// Waits until `descriptor` is ready for `events` or has an end to tell.
    func wait(for descriptor: Int32, events: Int32) throws(FrameError) {
        var graceEnd = Double.infinity
        while true {
            let now = Self.now
            if graceEnd == .infinity, self.isCalledOff?() == true {
                graceEnd = now + Self.graceSeconds
            }
            guard self.end > now else { throw .timedOut }
            guard graceEnd > now else { throw .calledOff }
            let look = self.isCalledOff == nil ? 1000 : Self.lookSeconds
            let rest = min(self.end - now, graceEnd - now, look)
            if try poll(descriptor, events, milliseconds: Int32(rest * 1000 + 1)) { return }
        }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

private func poll(
    _ descriptor: Int32,
    _ events: Int32,
    milliseconds: Int32
) throws(FrameError) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    let count = Glibc.poll(&request, 1, milliseconds)
    if count < 0, errno != EINTR { throw .io(errno) }
    return count > 0
}

private func writeAll(
    _ parts: [UnsafeRawBufferPointer],
    to descriptor: Int32,
    deadline: Deadline?
) throws(FrameError) {
    var vectors = parts.filter { !$0.isEmpty }
        .map {
            iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
        }
    var first = 0
    while first < vectors.count {
        let count = vectors.withUnsafeBufferPointer { vectors in
            cprocess_write(
                descriptor,
                vectors.baseAddress?.advanced(by: first),
                Int32(vectors.count - first)
            )
        }
        if count > 0 {
            advance(&vectors, &first, by: count)
        } else if errno == EAGAIN {
            if let deadline {
                try deadline.wait(for: descriptor, events: POLLOUT)
            } else {
                _ = try poll(descriptor, POLLOUT, milliseconds: -1)
            }
        } else if errno != EINTR {
            throw errno == EPIPE ? .closed : .io(errno)
        }
    }
}

private func advance(_ vectors: inout [iovec], _ first: inout Int, by byteCount: Int) {
    var rest = byteCount
    while first < vectors.count, rest >= vectors[first].iov_len {
        rest -= vectors[first].iov_len
        first += 1
    }
    guard rest > 0, first < vectors.count else { return }
    vectors[first].iov_base = vectors[first].iov_base.advanced(by: rest)
    vectors[first].iov_len -= rest
}

/// Exactly `byteCount` bytes; nil when the stream ends before the first and `mayEnd` says it may.
private func readAll(
    _ byteCount: Int,
    from descriptor: Int32,
    deadline: Deadline?,
    mayEnd: Bool = false
) throws(FrameError) -> [UInt8]? {
    guard byteCount > 0 else { return [] }
    var failure: FrameError?
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
        do throws(FrameError) {
            while count < byteCount {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                )
                let read = try readSome(rest, from: descriptor, deadline: deadline)
                guard read > 0 else { break }
                count += read
            }
        } catch {
            failure = error
        }
    }
    if let failure { throw failure }
    if bytes.isEmpty, mayEnd { return nil }
    guard bytes.count == byteCount else { throw .closed }
    return bytes
}

/// What is there; 0 at the end of the stream.
private func readSome(
    _ buffer: UnsafeMutableRawBufferPointer,
    from descriptor: Int32,
    deadline: Deadline?
) throws(FrameError) -> Int {
    while true {
        if let deadline { try deadline.wait(for: descriptor, events: POLLIN) }
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count >= 0 { return count }
        if errno != EINTR { throw .io(errno) }
    }
}
