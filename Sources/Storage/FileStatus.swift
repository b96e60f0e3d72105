internal import Glibc

/// What a listing needs to know of a file without reading it.
package struct FileStatus: Hashable, Sendable {
    package enum Kind: UInt8, Sendable {
        case regular
        case folder
        case symbolicLink
        case other
    }

    package var size: Int
    /// Nanoseconds since 1970.
    package var modificationNanoseconds: Int64
    package var inode: UInt64
    package var device: UInt64
    package var kind: Kind

    package init(
        size: Int,
        modificationNanoseconds: Int64,
        inode: UInt64,
        device: UInt64,
        kind: Kind
    ) {
        self.size = size
        self.modificationNanoseconds = modificationNanoseconds
        self.inode = inode
        self.device = device
        self.kind = kind
    }
}

extension FileStatus {
    init(_ status: stat) {
        let seconds = Int64(status.st_mtim.tv_sec)
        self.init(
            size: Int(status.st_size),
            modificationNanoseconds: seconds &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec),
            inode: UInt64(status.st_ino),
            device: UInt64(status.st_dev),
            kind: Kind(mode: status.st_mode)
        )
    }

    init(descriptor: Int32, path: String) throws(StorageError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw StorageError("read the status", path: path, systemCode: errno)
        }
        self.init(status)
    }
}

extension FileStatus.Kind {
    fileprivate init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .symbolicLink
        default: self = .other
        }
    }
}

/// Size, time and identity of the file at `path`.
///
/// - Parameter followingLinks: False describes a symbolic link itself.
/// - Throws: ``StorageError`` `.notFound`, `.permission` or `.io`.
package func fileStatus(
    _ path: String,
    followingLinks: Bool = true
) throws(StorageError) -> FileStatus {
    var status = stat()
    guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
        throw StorageError("read the status", path: path, systemCode: errno)
    }
    return FileStatus(status)
}

/// Whether something exists at `path`; false too where it cannot be seen.
package func fileExists(_ path: String) -> Bool {
    (try? fileStatus(path, followingLinks: false)) != nil
}
