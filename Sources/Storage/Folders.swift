internal import Glibc

/// Makes the folder at `path` and its missing parents, each made durable in its own parent.
package func createFolder(_ path: String) throws(StorageError) {
    if FileCalls.system.makeFolder(path, 0o755) == 0 {
        try syncFolder(parentFolder(of: path))
        return
    }
    switch errno {
    case EEXIST:
        guard try fileStatus(path).kind == .folder else {
            throw StorageError(.alreadyExists, path: path, "a file is where a folder is needed")
        }
    case ENOENT where parentFolder(of: path) != path:
        try createFolder(parentFolder(of: path))
        try createFolder(path)
    case let systemCode:
        throw StorageError("create the folder", path: path, systemCode: systemCode)
    }
}

/// Makes the names in the folder at `path` durable.
package func syncFolder(_ path: String) throws(StorageError) {
    try syncFolder(path, calls: .system)
}

func syncFolder(_ path: String, calls: FileCalls) throws(StorageError) {
    let descriptor = try openFile(path, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    try calls.syncAll(descriptor, path: path)
}

/// One name in a folder.
package struct FolderEntry: Hashable, Sendable {
    /// Nil where the name is not UTF-8, and so cannot be named in a URI or opened by `String`.
    package let name: String?
    /// Nil where the file system does not tell; ask ``fileStatus(_:followingLinks:)``.
    package let kind: FileStatus.Kind?
}

/// The names in the folder at `path` without `.` and `..`, in the order of the file system.
///
/// - Throws: also when the listing ends in an error: half a listing must never pass for a whole one.
package func folderEntries(_ path: String) throws(StorageError) -> [FolderEntry] {
    guard let stream = opendir(path) else {
        throw StorageError("list the folder", path: path, systemCode: errno)
    }
    defer { closedir(stream) }
    var entries: [FolderEntry] = []
    while true {
        errno = 0
        guard let entry = readdir(stream) else {
            guard errno == 0 else {
                throw StorageError("list the folder", path: path, systemCode: errno)
            }
            return entries
        }
        let name = entryName(entry)
        if name == "." || name == ".." { continue }
        entries.append(FolderEntry(name: name, kind: entryKind(entry.pointee.d_type)))
    }
}

private func entryName(_ entry: UnsafeMutablePointer<dirent>) -> String? {
    // The record may be shorter than the declared array, so the name is read in place.
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    let start = UnsafeRawPointer(entry).advanced(by: offset)
    return String(validatingCString: start.assumingMemoryBound(to: CChar.self))
}

private func entryKind(_ type: UInt8) -> FileStatus.Kind? {
    switch Int(type) {
    case Int(DT_REG): .regular
    case Int(DT_DIR): .folder
    case Int(DT_LNK): .symbolicLink
    case Int(DT_UNKNOWN): nil
    default: .other
    }
}

/// Removes what writers that died left in the folder at `path`; returns how many files and folders.
///
/// - Precondition: the caller holds the workspace lock, so no writer is at work there.
@discardableResult
package func removeStagedFiles(in path: String) throws(StorageError) -> Int {
    var count = 0
    for entry in try folderEntries(path) {
        guard let name = entry.name, name.hasPrefix(StagedFile.namePrefix) else { continue }
        let staged = path + "/" + name
        if try fileStatus(staged, followingLinks: false).kind != .folder {
            try removeFile(staged)
        } else if try !removeAbandonedFolder(staged) {
            continue
        }
        count += 1
    }
    return count
}

/// Removes the file at `path`; a file that is gone already is no error.
package func removeFile(_ path: String) throws(StorageError) {
    guard FileCalls.system.remove(path) == 0 || errno == ENOENT else {
        throw StorageError("remove", path: path, systemCode: errno)
    }
}

/// Gives the file at `path` a second name on the same file system.
package func linkFile(_ path: String, as other: String) throws(StorageError) {
    guard link(path, other) == 0 else {
        throw StorageError("link to \(other)", path: path, systemCode: errno)
    }
}

/// Bytes this user may still write to the file system that holds `path`.
package func freeBytes(at path: String) throws(StorageError) -> Int {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else {
        throw StorageError("ask for free space", path: path, systemCode: errno)
    }
    let (bytes, overflow) = Int(clamping: status.f_bavail)
        .multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
    return overflow ? Int.max : bytes
}

/// The folder that holds `path`; `.` for a bare name, `/` for the root.
package func parentFolder(of path: String) -> String {
    var trimmed = Substring(path)
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
}
