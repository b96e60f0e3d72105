internal import Glibc

/// Makes `bytes` durable at offset `offset` of the file at `path`, which is made where it is not there; what
/// stood from there on is cut off.
///
/// A crash leaves the bytes before `offset` and any part of the new ones.
package func writeFile(
    _ path: String,
    from offset: Int,
    _ bytes: [UInt8]
) throws(StorageError) {
    let isNew = !fileExists(path)
    let descriptor = try FileCalls.system.openFile(path, O_RDWR | O_CREAT)
    defer { close(descriptor) }
    try requireRegular(FileStatus(descriptor: descriptor, path: path), path: path)
    guard ftruncate(descriptor, off_t(offset)) == 0 else {
        throw StorageError("cut", path: path, systemCode: errno)
    }
    try bytes.withRawBytes { (raw) throws(StorageError) in
        try FileCalls.system.writeAll(raw, to: descriptor, at: offset, path: path)
    }
    try FileCalls.system.syncAll(descriptor, path: path)
    if isNew { try syncFolder(parentFolder(of: path)) }
}
