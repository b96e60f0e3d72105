internal import GRDB
internal import Glibc
internal import Storage

/// How a manifest is opened by someone who may not write beside it: on a read-only mount, or as another
/// user.
///
/// SQLite reads a file with a write-ahead log by way of an index in shared memory, a file that it makes
/// where it is missing. A reader that cannot make it may read the file alone if there is no log; then
/// nothing locks out a writer, so whoever reads looks afterwards whether the file is still the same.
/// - Source: <https://www.sqlite.org/wal.html#read_only_databases>, <https://www.sqlite.org/uri.html>
struct ReadAccess {
    /// What SQLite is to open.
    let name: String
    /// Whether SQLite needs a log that this user cannot take up where its writer was killed.
    let needsLog: Bool
    /// What the file was when it was opened without locks; nil where SQLite locks.
    private let status: FileStatus?
    private let path: String

    init(path: String) throws {
        self.path = path
        if access(parentFolder(of: path), W_OK) == 0 {
            self.name = path
            self.needsLog = false
            self.status = nil
            return
        }
        let log = (try? fileStatus(path + "-wal"))?.size ?? 0
        if log == 0 {
            self.name = "file:" + Self.escaped(path) + "?immutable=1"
            self.needsLog = false
            self.status = try fileStatus(path)
            return
        }
        self.name = path
        self.needsLog = true
        self.status = nil
    }

    /// - Throws: ``ManifestError`` `.busy` when the file was written while it was read without locks.
    func check() throws {
        guard let status = self.status else { return }
        let log = (try? fileStatus(self.path + "-wal"))?.size ?? 0
        guard log == 0, try fileStatus(self.path) == status else {
            throw ManifestError(
                .busy,
                path: self.path,
                "was written while it was read; run the same command again"
            )
        }
    }

    /// `error` as it is meant where the file could not be opened.
    func explained(_ error: any Error) -> any Error {
        guard self.needsLog, let error = error as? ManifestError, error.code == .permission else {
            return error
        }
        return ManifestError(
            .permission,
            path: self.path,
            "a writer that was killed left its log, which this user may not take up; run "
                + "'millrace resume PIPELINE' as the user and on the machine that write to it"
        )
    }

    /// `path` as it stands in a URI.
    private static func escaped(_ path: String) -> String {
        path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0...0x20, 0x7F...:
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            default: return String(UnicodeScalar(byte))
            }
        }.joined()
    }
}
