internal import Glibc

/// A file mapped for reading.
///
/// - Invariant: only files that are written once are mapped; a file cut short under its mapping
///   would kill the process at the next access.
// The mapping is read-only and never moves before deinit, so threads may share it.
package final class MappedFile: @unchecked Sendable {
    package let path: String
    /// Valid while this object lives; keep the object, not the pointer.
    package let bytes: UnsafeRawBufferPointer

    /// Maps the regular file at `path`; an empty file gives empty bytes.
    ///
    /// - Throws: ``StorageError`` `.notFound`, `.permission`, `.notRegular` or `.io`.
    package init(path: String) throws(StorageError) {
        let descriptor = try openFile(path, O_RDONLY | O_NONBLOCK)
        defer { close(descriptor) }
        let status = try FileStatus(descriptor: descriptor, path: path)
        try requireRegular(status, path: path)
        self.path = path
        guard status.size > 0 else {
            self.bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let address = mmap(nil, status.size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else {
            throw StorageError("map", path: path, systemCode: errno)
        }
        self.bytes = UnsafeRawBufferPointer(start: address, count: status.size)
    }

    deinit {
        guard let base = self.bytes.baseAddress else { return }
        munmap(UnsafeMutableRawPointer(mutating: base), self.bytes.count)
    }

    package var byteCount: Int { self.bytes.count }

    /// Calls `body` with the bytes and keeps the mapping alive until it returns.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(self.bytes)
    }

    /// Calls `body` with the bytes in order, in pieces, and lets go of the pages behind it: however large
    /// the file is, little of it counts as memory of this process.
    package func forEachPiece(
        of byteCount: Int = 1 << 20,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        defer { withExtendedLifetime(self) {} }
        var start = 0
        while start < self.byteCount {
            let end = min(start + byteCount, self.byteCount)
            try body(UnsafeRawBufferPointer(rebasing: self.bytes[start..<end]))
            self.release(start..<end)
            start = end
        }
    }

    /// Lets go of the whole pages of a range; they are read again when touched.
    package func release(_ range: Range<Int>) {
        let page = Int(getpagesize())
        let start = (range.lowerBound + page - 1) / page * page
        let isEnd = range.upperBound == self.byteCount
        let end = isEnd ? self.byteCount : range.upperBound / page * page
        guard let base = self.bytes.baseAddress, start < end else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
    }

    /// Tells the kernel how the bytes will be read; a hint, so failure is no error.
    package func advise(_ access: Access) {
        guard let base = self.bytes.baseAddress else { return }
        let advice =
            switch access {
            case .sequential: MADV_SEQUENTIAL
            case .random: MADV_RANDOM
            case .soon: MADV_WILLNEED
            case .done: MADV_DONTNEED
            }
        madvise(UnsafeMutableRawPointer(mutating: base), self.bytes.count, Int32(advice))
    }

    package enum Access: Sendable {
        case sequential
        case random
        case soon
        /// The pages may be dropped; they are read again when touched.
        case done
    }
}

func requireRegular(_ status: FileStatus, path: String) throws(StorageError) {
    guard status.kind == .regular else {
        let found = status.kind == .folder ? "a folder" : "not a regular file"
        throw StorageError(.notRegular, path: path, "\(found), where a file is needed")
    }
}
