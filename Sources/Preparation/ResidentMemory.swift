internal import Glibc

/// This process's resident memory, read from a descriptor that was opened before the sandbox closed
/// `/proc`.
struct ResidentMemory: ~Copyable {
    /// Above this an idle child gives memory back, or its place to a new child.
    ///
    /// A child with all its tables touched rests at 60 to 100 MiB.
    private static let restingBytesMaximum = 192 << 20

    private let descriptor: Int32

    init() { self.descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC) }

    deinit { if self.descriptor >= 0 { close(self.descriptor) } }

    var isOverRestingSize: Bool { self.byteCount > Self.restingBytesMaximum }

    /// 0 where it cannot be told.
    private var byteCount: Int {
        withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { buffer in
            let count = pread(self.descriptor, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else { return 0 }
            // "size resident shared ...", in pages.
            let fields = buffer[..<count].split(separator: UInt8(ascii: " "))
            guard fields.count > 1 else { return 0 }
            let pages = fields[1].reduce(0) { $0 * 10 + Int($1) - Int(UInt8(ascii: "0")) }
            return pages * Int(getpagesize())
        }
    }
}
