internal import Glibc

/// Makes `bytes` durable at `path`, a name that is never used for other bytes.
///
/// - Throws: ``StorageError`` `.alreadyExists` when other bytes are there; equal bytes are a success.
package func writeOnce(_ bytes: [UInt8], to path: String) throws(StorageError) {
    guard fileExists(path) else { return try replaceFile(path, with: bytes) }
    let present = try? readFile(path, maximumBytes: bytes.count)
    guard present == bytes else {
        throw StorageError(
            .alreadyExists,
            path: path,
            "other bytes are there; names of this kind are never reused"
        )
    }
}

/// Makes `bytes` durable at `path` unless something is there: of several that do so at once, one does.
///
/// - Returns: whether this call made the file.
package func createFile(_ path: String, with bytes: [UInt8]) throws(StorageError) -> Bool {
    if fileExists(path) { return false }
    var file = try StagedFile(in: parentFolder(of: path))
    try file.write(bytes)
    return try file.commitNew(to: path)
}

/// Puts `bytes` at `path` by rename: a reader sees the old file or the new one, whole.
package func replaceFile(_ path: String, with bytes: [UInt8]) throws(StorageError) {
    var file = try StagedFile(in: parentFolder(of: path))
    try file.write(bytes)
    try file.commit(to: path)
}

/// The bytes of the regular file at `path`.
///
/// - Throws: ``StorageError`` `.tooLarge` over `maximumBytes` before anything is read, `.notRegular` for
///   folders, pipes and devices, `.changed` when size or time moved while it was read.
package func readFile(
    _ path: String,
    maximumBytes: Int
) throws(StorageError) -> [UInt8] {
    // Non-blocking, so that a named pipe without a writer cannot hang the open.
    let descriptor = try openFile(path, O_RDONLY | O_NONBLOCK)
    defer { close(descriptor) }
    let before = try FileStatus(descriptor: descriptor, path: path)
    try requireRegular(before, path: path)
    guard before.size <= maximumBytes else {
        throw StorageError(
            .tooLarge,
            path: path,
            "\(before.size) bytes, the limit is \(maximumBytes)"
        )
    }
    let bytes = try read(descriptor, upTo: before.size, path: path)
    let after = try FileStatus(descriptor: descriptor, path: path)
    guard bytes.count == before.size, after == before else {
        throw StorageError(.changed, path: path, "changed while it was read; it will be read again")
    }
    return bytes
}

private func read(
    _ descriptor: Int32,
    upTo limit: Int,
    path: String
) throws(StorageError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { target, initialized in
        while initialized < limit {
            let start = target.baseAddress.map { $0 + initialized }
            let count = Glibc.read(descriptor, start, limit - initialized)
            if count == 0 { return }
            if count > 0 {
                initialized += count
            } else if errno != EINTR {
                failure = errno
                return
            }
        }
    }
    guard failure == 0 else { throw StorageError("read", path: path, systemCode: failure) }
    return bytes
}

/// Calls `body` with the bytes of the file at `path`, piece by piece: also of one that a writer may cut short
/// meanwhile, which must not be mapped.
package func readPieces(
    _ path: String,
    _ body: (UnsafeRawBufferPointer) -> Void
) throws(StorageError) {
    let descriptor = try openFile(path, O_RDONLY | O_NONBLOCK)
    defer { close(descriptor) }
    try requireRegular(FileStatus(descriptor: descriptor, path: path), path: path)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    while true {
        let count = Glibc.read(descriptor, piece.baseAddress, piece.count)
        if count == 0 { return }
        if count > 0 {
            body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        } else if errno != EINTR {
            throw StorageError("read", path: path, systemCode: errno)
        }
    }
}

/// Makes the bytes of the file at `path` durable; its name is made so by its folder.
package func syncFile(_ path: String) throws(StorageError) {
    let descriptor = try openFile(path, O_RDONLY)
    defer { close(descriptor) }
    try FileCalls.system.syncAll(descriptor, path: path)
}
