internal import GRDB
internal import Records
internal import Storage

/// Why a manifest could not be opened, read or written; the caller decides by ``code``.
package struct ManifestError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case notFound = "not_found"
        /// The file is damaged, or is not one of ours.
        case corrupt
        /// Written by a newer version of this program.
        case tooNew = "too_new"
        /// Needs a migration, which a reader must not do.
        case tooOld = "too_old"
        /// Another connection held the file longer than the time-out.
        case busy
        case noSpace = "no_space"
        case permission
        case io
        /// A caller named a document or run that the manifest does not have.
        case unknownKey = "unknown_key"
        case internalError = "internal"
    }

    package let code: Code
    package let path: String
    /// What happened, to which file, and what to do next; never document text.
    package let message: String

    package init(_ code: Code, path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = "\(path): \(message)"
    }

    package var description: String { self.message }
}

extension ManifestError {
    /// The error for one of SQLite; its SQL and arguments are left out, for they may hold text.
    init(_ error: DatabaseError, path: String) {
        let code = Code(error.resultCode)
        let cause = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        self.init(code, path: path, cause + code.remedy)
    }

    /// `error` as a caller of this room should see it; errors of the caller's own closures pass.
    static func translated(_ error: any Error, path: String) -> any Error {
        switch error {
        case let error as DatabaseError:
            ManifestError(error, path: path)
        case is ByteReaderError, is RowDecodingError, is BadColumn:
            ManifestError(.corrupt, path: path, "a column is damaged" + Code.corrupt.remedy)
        default:
            error
        }
    }
}

/// A column that does not hold what its schema says.
struct BadColumn: Error {}

extension ManifestError.Code {
    init(_ code: ResultCode) {
        switch code {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .corrupt
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_FULL: self = .noSpace
        case .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH, .SQLITE_CANTOPEN: self = .permission
        case .SQLITE_IOERR: self = .io
        default: self = .internalError
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .corrupt: "; run 'millrace verify', then rebuild it or restore a backup"
        case .busy: "; another process is at work on it, try again when it has ended"
        case .noSpace: "; free space, then run the same command again"
        case .permission: "; check that this user may write the file and its folder"
        case .io: "; check the disk, then run the same command again"
        default: ""
        }
    }
}
