internal import CFiles
internal import Glibc

/// A folder under a temporary name, which appears under its own name whole and durable, or never.
///
/// Everything in it must be durable before ``commit()``; ``StagedFile`` and ``syncFolder(_:)`` see to
/// that. Dropped without a commit it removes itself. One that was left by a killed process is swept by
/// the next for the same name: its maker's lock on it is gone.
package struct StagedFolder: ~Copyable {
    /// The temporary path.
    package let path: String
    /// The name it takes.
    package let target: String
    private var descriptor: Int32

    /// Makes a temporary folder beside `target`.
    ///
    /// - Throws: ``StorageError`` `.alreadyExists` when something is at `target`, other than an empty
    ///   folder.
    package init(for target: String) throws(StorageError) {
        self.target = target
        (self.path, self.descriptor) = try Self.make(for: target)
    }

    /// Makes a temporary folder that is to take the place of the one at `target`.
    package init(replacing target: String) throws(StorageError) {
        self.target = target
        (self.path, self.descriptor) = try Self.make(for: target, isReplacing: true)
    }

    deinit {
        guard self.descriptor >= 0 else { return }
        try? removeFolder(self.path)
        close(self.descriptor)
    }

    /// Gives the folder its name.
    ///
    /// - Throws: ``StorageError`` `.alreadyExists` when the name was taken meanwhile.
    package mutating func commit() throws(StorageError) {
        try syncFolder(self.path)
        guard FileCalls.system.rename(self.path, self.target) == 0 else {
            let code = errno
            if code == ENOTEMPTY || code == EEXIST || code == ENOTDIR {
                try requireVacant(self.target)
            }
            throw StorageError("rename to \(self.target)", path: self.path, systemCode: code)
        }
        close(self.descriptor)
        self.descriptor = -1
        try syncFolder(parentFolder(of: self.target))
    }

    /// Exchanges the names of this folder and of the one at ``target``, in one step; what was there goes with
    /// this value.
    ///
    /// A file system that knows no exchange renames twice, and a process that is killed between the two
    /// leaves nothing at ``target``.
    package func exchange() throws(StorageError) {
        try syncFolder(self.path)
        if millrace_exchange(self.path, self.target) != 0 {
            guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) else {
                throw StorageError(
                    "exchange for \(self.target)",
                    path: self.path,
                    systemCode: errno
                )
            }
            try self.renameTwice()
        }
        try syncFolder(parentFolder(of: self.target))
    }

    private func renameTwice() throws(StorageError) {
        let aside = self.path + "-old"
        guard FileCalls.system.rename(self.target, aside) == 0 else {
            throw StorageError("rename to \(aside)", path: self.target, systemCode: errno)
        }
        guard FileCalls.system.rename(self.path, self.target) == 0 else {
            let code = errno
            _ = FileCalls.system.rename(aside, self.target)
            throw StorageError("rename to \(self.target)", path: self.path, systemCode: code)
        }
        guard FileCalls.system.rename(aside, self.path) == 0 else {
            throw StorageError("rename to \(self.path)", path: aside, systemCode: errno)
        }
    }
}

extension StagedFolder {
    /// The path of a new temporary folder, and its descriptor with the lock that tells it is in use.
    private static func make(
        for target: String,
        isReplacing: Bool = false
    ) throws(StorageError) -> (String, Int32) {
        if !isReplacing { try requireVacant(target) }
        let parent = parentFolder(of: target)
        try createFolder(parent)
        let prefix = "\(StagedFile.namePrefix)\(lastComponent(of: target))-"
        try sweep(prefix, in: parent)
        let path = "\(parent)/\(prefix)\(getpid())"
        try createFolder(path)
        let descriptor = try openFile(path, O_RDONLY | O_DIRECTORY)
        flock(descriptor, LOCK_EX | LOCK_NB)
        return (path, descriptor)
    }
}

/// Removes the folder at `path` with all in it; symbolic links are removed, not followed.
package func removeFolder(_ path: String) throws(StorageError) {
    for entry in try folderEntries(path) {
        guard let name = entry.name else {
            throw StorageError(.io, path: path, "holds a name that is not UTF-8; remove it by hand")
        }
        let child = "\(path)/\(name)"
        if try fileStatus(child, followingLinks: false).kind == .folder {
            try removeFolder(child)
        } else {
            try removeFile(child)
        }
    }
    guard rmdir(path) == 0 || errno == ENOENT else {
        throw StorageError("remove the folder", path: path, systemCode: errno)
    }
}

private func requireVacant(_ path: String) throws(StorageError) {
    guard fileExists(path) else { return }
    let isFolder = try fileStatus(path).kind == .folder
    guard isFolder, try folderEntries(path).isEmpty else {
        throw StorageError(
            .alreadyExists,
            path: path,
            "exists and is not an empty folder; name another one"
        )
    }
}

/// Removes staged folders whose makers are dead.
private func sweep(_ prefix: String, in parent: String) throws(StorageError) {
    for name in try folderEntries(parent).compactMap(\.name)
    where name.hasPrefix(prefix) && Int(name.dropFirst(prefix.count)) != nil {
        try removeAbandonedFolder("\(parent)/\(name)")
    }
}

/// Removes a staged folder whose maker is dead; returns whether it was one.
@discardableResult
func removeAbandonedFolder(_ path: String) throws(StorageError) -> Bool {
    guard let descriptor = try? openFile(path, O_RDONLY | O_DIRECTORY) else { return false }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    try removeFolder(path)
    return true
}

private func lastComponent(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? ""
}
