/// The bytes of a small file, where a mapped one would be.
final class OwnedBytes: Sendable {
    // Written once, in `init`; nobody holds the memory in another way.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init(_ contents: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(contents.count, 1),
            alignment: 16
        )
        copy.copyBytes(from: contents)
        self.bytes = UnsafeRawBufferPointer(rebasing: copy[..<contents.count])
    }

    deinit { UnsafeMutableRawPointer(mutating: self.bytes.baseAddress)?.deallocate() }
}
