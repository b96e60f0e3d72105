internal import Glibc

/// What a file operation ran into; the caller decides by ``code``.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case notFound = "not_found"
        case permission
        /// The disk, the quota or the file size limit is exhausted.
        case noSpace = "no_space"
        case io
        /// The bytes are not what was written.
        case corrupt
        /// Another process holds the workspace; ``StorageError/holder`` names it.
        case locked
        /// Written by a newer version of this program.
        case tooNew = "too_new"
        /// Larger than the caller's limit.
        case tooLarge = "too_large"
        /// A folder, socket or device where a regular file is needed.
        case notRegular = "not_regular"
        /// A write-once name is taken by other bytes.
        case alreadyExists = "already_exists"
        /// The file changed while it was read.
        case changed
    }

    package let code: Code
    package let path: String
    /// What happened, to which path, and what to do next; never document text.
    package let message: String
    /// The system's error number, 0 where the system reported none.
    package let systemCode: Int32
    /// Who holds the lock, where `code` is `locked` and the lock file could be read.
    package let holder: LockHolder?

    package init(
        _ code: Code,
        path: String,
        _ message: String,
        systemCode: Int32 = 0,
        holder: LockHolder? = nil
    ) {
        self.code = code
        self.path = path
        self.message = path.isEmpty ? message : "\(path): \(message)"
        self.systemCode = systemCode
        self.holder = holder
    }

    package var description: String { self.message }
}

extension StorageError {
    /// The error for a system call that failed with `systemCode`.
    ///
    /// - Parameter action: What was tried, as a verb: `open`, `write`.
    init(_ action: String, path: String, systemCode: Int32) {
        let code = Code(systemCode: systemCode)
        let cause = String(cString: strerror(systemCode))
        let text = "cannot \(action): \(cause)\(code.remedy)"
        self.init(code, path: path, text, systemCode: systemCode)
    }
}

extension StorageError.Code {
    init(systemCode: Int32) {
        switch systemCode {
        case ENOENT, ENOTDIR: self = .notFound
        case EACCES, EPERM, EROFS: self = .permission
        case ENOSPC, EDQUOT, EFBIG: self = .noSpace
        case EISDIR, ENXIO: self = .notRegular
        case EEXIST: self = .alreadyExists
        default: self = .io
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .notFound: "; check the path"
        case .permission: "; give this user access, or run as the owner"
        case .noSpace: "; free space or raise the limit, then run the same command again"
        case .io: "; check the disk, then run the same command again"
        default: ""
        }
    }
}
