internal import Glibc

/// A file of a fixed length that is filled in places; what was not written is a hole and reads as zeros.
///
/// Nothing in it is synced: who reads it holds each place to what it has to be.
package final class SparseFile: Sendable {
    package let path: String
    package let byteCount: Int
    private let descriptor: Int32

    /// Opens the file at `path`, which is made anew where it is not there or has another length.
    package init(path: String, byteCount: Int) throws(StorageError) {
        let present = try? fileStatus(path)
        if present?.kind != .regular || present?.size != byteCount {
            try Self.make(path, byteCount: byteCount)
        }
        self.path = path
        self.byteCount = byteCount
        self.descriptor = try openFile(path, O_RDWR)
    }

    deinit { close(self.descriptor) }

    package func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
        precondition(offset >= 0 && offset + bytes.count <= self.byteCount, "within the file")
        try bytes.withRawBytes { (raw) throws(StorageError) in
            try FileCalls.system.writeAll(raw, to: self.descriptor, at: offset, path: self.path)
        }
    }

    /// Puts an empty one of this length in the place of what is there; who has that mapped keeps it.
    package static func make(_ path: String, byteCount: Int) throws(StorageError) {
        let staged = "\(parentFolder(of: path))/\(StagedFile.namePrefix)\(getpid())-sparse"
        unlink(staged)
        let descriptor = try openFile(staged, O_RDWR | O_CREAT | O_EXCL)
        defer {
            close(descriptor)
            unlink(staged)
        }
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
            throw StorageError("lengthen", path: staged, systemCode: errno)
        }
        guard FileCalls.system.rename(staged, path) == 0 else {
            throw StorageError("rename to \(path)", path: staged, systemCode: errno)
        }
    }
}

/// Bytes that the file at `path` takes on the disk, without its holes.
package func allocatedBytes(_ path: String) throws(StorageError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
        throw StorageError("read the status", path: path, systemCode: errno)
    }
    return Int(status.st_blocks) * 512
}
