internal import Dataflow
internal import Glibc
internal import Records

/// The files of a source whose documents stand many to a file: one file, or those below a folder.
struct ContainerFiles: Sendable {
    /// A file as it is listed.
    struct Entry: Sendable {
        /// Relative to ``ContainerFiles/root``.
        let path: [UInt8]
        let version: ItemVersion
    }

    let source: String
    /// What the pipeline file names.
    let path: String
    private let include: [String]
    private let exclude: [String]
    private let workspace: String

    init(_ settings: SourceSettings) throws(ConnectorError) {
        self.source = settings.name
        self.path = settings.values.string("path", default: "")
        self.include = settings.values.strings("include")
        self.exclude = settings.values.strings("exclude")
        self.workspace = settings.workspace
        _ = try self.lister()
    }

    /// The folder that paths are relative to.
    var root: String { self.isFolder ? self.path : parent(of: self.path) }

    /// Whether the source is a folder of such files.
    var isFolder: Bool {
        var status = stat()
        return stat(self.path, &status) == 0 && isKind(status, S_IFDIR)
    }

    private func lister() throws(ConnectorError) -> FolderConnector {
        let isFolder = self.isFolder
        return try FolderConnector(
            name: self.source,
            root: isFolder ? self.path : parent(of: self.path),
            include: isFolder ? self.include : [escapedGlob(lastName(of: self.path))],
            exclude: isFolder ? self.exclude : [],
            includeHidden: !isFolder,
            leftOut: [self.workspace],
            maximumBytes: .max
        )
    }

    /// The files there are, in the order of their names.
    ///
    /// - Throws: `.unavailable` where there is no such file or folder.
    func list() throws(ConnectorError) -> (files: [Entry], report: ListingReport) {
        guard access(self.path, R_OK) == 0 else {
            throw ConnectorError(
                .unavailable,
                path: self.path,
                "it cannot be opened: \(systemMessage(errno)); check 'path' of source '\(self.source)'",
                systemCode: errno
            )
        }
        var files: [Entry] = []
        let report = try self.lister().list { item in
            let path = item.token.last == 0 ? Array(item.token.dropLast()) : item.token
            files.append(Entry(path: path, version: item.version))
        }
        return (files, report)
    }

    func open(_ path: [UInt8]) throws(ConnectorError) -> ContainerFile {
        try ContainerFile(Array(self.root.utf8) + [UInt8(ascii: "/")] + path)
    }
}

private func parent(of path: String) -> String {
    let head = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
    return head.isEmpty ? "/" : String(head)
}

private func lastName(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}

/// A glob for exactly this name.
private func escapedGlob(_ name: String) -> String {
    var glob = ""
    for character in name {
        if "*?[]{},\\".contains(character) { glob += "\\" }
        glob.append(character)
    }
    return glob
}

/// A file read at any place, on a thread that may wait.
final class ContainerFile: Sendable {
    /// Another one once the file is written to.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    let path: String
    let identity: Identity
    private let descriptor: Int32

    init(_ path: [UInt8]) throws(ConnectorError) {
        self.path = URIPath.string(path)
        let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW
        self.descriptor = (path + [0]).withUnsafeBytes { raw in
            raw.bindMemory(to: CChar.self).baseAddress.map { Glibc.open($0, flags) } ?? -1
        }
        guard self.descriptor >= 0 else {
            self.identity = Identity(device: 0, inode: 0, size: 0, seconds: 0, nanoseconds: 0)
            throw ConnectorError(
                errno == ENOENT ? .gone : .permanent,
                path: self.path,
                "it cannot be opened: \(systemMessage(errno))",
                systemCode: errno
            )
        }
        var status = stat()
        let isFile = fstat(self.descriptor, &status) == 0 && isKind(status, S_IFREG)
        self.identity = Identity(
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            size: Int(status.st_size),
            seconds: status.st_ctim.tv_sec,
            nanoseconds: status.st_ctim.tv_nsec
        )
        guard isFile else {
            throw ConnectorError(.permanent, path: self.path, "it is no file")
        }
    }

    deinit { if self.descriptor >= 0 { close(self.descriptor) } }

    /// Up to so many bytes from `offset` on; fewer at the end alone.
    func read(at offset: Int, count: Int) throws(ConnectorError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            filled = 0
            while filled < count {
                let result = pread(
                    self.descriptor,
                    target.baseAddress.map { $0 + filled },
                    count - filled,
                    off_t(offset + filled)
                )
                if result < 0, errno == EINTR { continue }
                if result < 0 { code = errno }
                if result <= 0 { break }
                filled += result
            }
        }
        guard code == 0 else {
            throw ConnectorError(
                .transient,
                path: self.path,
                "it cannot be read: \(systemMessage(code))",
                systemCode: code
            )
        }
        return bytes
    }
}
