internal import Glibc

/// What changes when a file is replaced or written to: equal identities mean equal bytes, but for a file that
/// was written to within the clock's grain of being looked at.
package struct FileIdentity: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
    package let byteCount: Int
    /// Nanoseconds since 1970.
    package let modified: Int64
    /// When bytes, name or rights were changed last; no program can set it back.
    package let changed: Int64
    /// Whether nobody but this user and root may have written the file.
    package let isOwn: Bool

    /// Nil for what is no regular file, or cannot be looked at.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
        self.byteCount = Int(status.st_size)
        self.modified = nanoseconds(status.st_mtim)
        self.changed = nanoseconds(status.st_ctim)
        self.isOwn =
            (status.st_uid == geteuid() || status.st_uid == 0) && status.st_mode & 0o022 == 0
    }
}

private func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}
