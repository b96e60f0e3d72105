#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The offset just after the line that `start` is in.
func lineEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = text.baseAddress, start < text.count,
        let found = memchr(base + start, 0x0A, text.count - start)
    else { return text.count }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
}
