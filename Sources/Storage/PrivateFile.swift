internal import Glibc

/// Makes `bytes` durable at `path`, readable by their owner alone from the first moment on.
///
/// - Throws: ``StorageError`` `.alreadyExists` where something is there: a key is never replaced.
package func createPrivateFile(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    let staged = "\(parentFolder(of: path))/\(StagedFile.namePrefix)\(getpid())-private"
    unlink(staged)
    let descriptor = try FileCalls.system.openFile(staged, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    defer {
        close(descriptor)
        unlink(staged)
    }
    try bytes.withRawBytes { (raw) throws(StorageError) in
        try FileCalls.system.writeAll(raw, to: descriptor, at: 0, path: staged)
    }
    try FileCalls.system.syncAll(descriptor, path: staged)
    // Fails where the name is taken, which a rename would not.
    guard link(staged, path) == 0 else {
        throw StorageError("make", path: path, systemCode: errno)
    }
    try syncFolder(parentFolder(of: path))
}

/// Makes an empty file at `path`, readable by its owner alone; one that is there is left as it is.
package func makePrivateFile(_ path: String) throws(StorageError) {
    let isNew = !fileExists(path)
    close(try FileCalls.system.openFile(path, O_RDWR | O_CREAT, mode: 0o600))
    if isNew { try syncFolder(parentFolder(of: path)) }
}

/// Makes a folder at `path` that its owner alone may look into; one that is there is left as it is.
package func createPrivateFolder(_ path: String) throws(StorageError) {
    if fileExists(path) { return try createFolder(path) }
    try createFolder(path)
    guard chmod(path, 0o700) == 0 else {
        throw StorageError("change the rights of", path: path, systemCode: errno)
    }
}

/// Whether others than the owner of the file at `path` may read or write it.
package func isSharedFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
}

/// Takes from others than its owner what they may do with the file at `path`.
package func makePrivate(_ path: String) throws(StorageError) {
    guard chmod(path, 0o600) == 0 else {
        throw StorageError("change the rights of", path: path, systemCode: errno)
    }
}
