internal import Glibc
internal import Hashing
internal import Records

/// The files below a folder.
///
/// A URI is the source's name, `/`, and the relative path; see ``URIPath`` for names that are not
/// UTF-8. Hidden files and folders are listed only where a pattern spells out their dot, or with
/// `includeHidden`. Empty files are listed: what becomes of them is decided later, in the open.
package struct FolderConnector: LocalConnector {
    package let name: String
    package let root: String
    package let followSymlinks: Bool
    package let maximumBytes: Int
    let include: GlobSet
    let exclude: GlobSet
    let leftOut: [String]

    /// - Parameters:
    ///   - root: absolute; it need not exist before ``list(_:)``.
    ///   - include: globs of files to list, relative to `root`.
    ///   - exclude: globs of files and folders to leave out, with all that is in them.
    ///   - followSymlinks: whether links are followed, as long as they stay below `root`.
    ///   - leftOut: absolute paths of folders that are never listed, whatever link leads to them.
    ///   - maximumBytes: the largest file that ``readNow(_:maximumBytes:)`` gives.
    /// - Throws: `.configuration`, naming the glob that cannot be used.
    package init(
        name: String,
        root: String,
        include: [String] = ["**"],
        exclude: [String] = [],
        followSymlinks: Bool = false,
        includeHidden: Bool = false,
        leftOut: [String] = [],
        maximumBytes: Int
    ) throws(ConnectorError) {
        guard root.hasPrefix("/") else {
            throw ConnectorError(
                .configuration,
                path: root,
                "the path of source '\(name)' is not absolute"
            )
        }
        guard !include.isEmpty else {
            throw ConnectorError(
                .configuration,
                path: root,
                "'include' of source '\(name)' is empty; leave it out to list every file"
            )
        }
        self.name = name
        self.root = root
        self.followSymlinks = followSymlinks
        self.leftOut = leftOut
        self.maximumBytes = maximumBytes
        self.include = try globSet(include, key: "include", of: name, hidden: includeHidden)
        self.exclude = try globSet(exclude, key: "exclude", of: name, hidden: true)
    }

    package func list(
        _ visit: (ListedItem) throws -> Void
    ) throws(ConnectorError) -> ListingReport {
        let descriptor = open(self.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw self.rootMissing(errno) }
        guard let folder = OpenFolder(taking: descriptor) else { throw self.rootMissing(errno) }
        var walk = FolderWalk(self, canonicalRoot: canonicalPath(self.root))
        try walk.walkRoot(folder, visit)
        return walk.report
    }

    private func rootMissing(_ systemCode: Int32) -> ConnectorError {
        ConnectorError(
            .unavailable,
            path: self.root,
            "the folder of source '\(self.name)' cannot be opened: \(systemMessage(systemCode)); "
                + "check that it exists and is mounted",
            systemCode: systemCode
        )
    }

    /// - Parameter sidecar: of the file that says more of this one; its token ends in a zero then.
    func item(path: [UInt8], uri: [UInt8], status: stat, sidecar: stat? = nil) -> ListedItem {
        let uri = String(decoding: uri, as: UTF8.self)
        let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? -1
        return ListedItem(
            id: documentID(uri: uri),
            uri: uri,
            // A copy: sharing the walk's own would have it made anew for every file, each time as large as
            // the one before or larger.
            token: sidecar == nil ? path.withUnsafeBufferPointer(Array.init) : path + [0],
            version: self.version(status, sidecar),
            size: Int(status.st_size),
            modificationNanoseconds: nanoseconds(status.st_mtim),
            mediaType: MediaType(ofName: path[(slash + 1)...]),
            labels: sidecar == nil ? [] : nil
        )
    }
}

extension FolderConnector {
    /// Size, time, inode and the time of the last change, which no user can set; manifests from before
    /// versions were opaque have been given the same.
    private func version(_ status: stat, _ sidecar: stat?) -> ItemVersion {
        let own = self.words(status)
        guard let sidecar else { return ItemVersion(own) }
        return ItemVersion(of: own.bytes + self.words(sidecar).bytes)
    }

    private func words(_ status: stat) -> Digest {
        Digest(
            UInt64(bitPattern: Int64(status.st_size)),
            UInt64(bitPattern: nanoseconds(status.st_mtim)),
            UInt64(status.st_ino),
            UInt64(bitPattern: nanoseconds(status.st_ctim))
        )
    }
}

func globSet(
    _ patterns: [String],
    key: String,
    of source: String,
    hidden: Bool
) throws(ConnectorError) -> GlobSet {
    func failure(_ error: GlobError, _ pattern: String) -> ConnectorError {
        ConnectorError(
            .configuration,
            path: pattern,
            "'\(key)' of source '\(source)': \(error.message)"
        )
    }
    for pattern in patterns {
        do throws(GlobError) {
            _ = try parseGlob(pattern)
        } catch {
            throw failure(error, pattern)
        }
    }
    do throws(GlobError) {
        return try GlobSet(patterns, wildcardsMatchDots: hidden)
    } catch {
        throw failure(error, key)
    }
}

func nanoseconds(_ time: timespec) -> Int64 {
    // A hostile file system may hold any time; saturate rather than trap.
    let (seconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return time.tv_sec < 0 ? .min : .max }
    let (sum, sumOverflow) = seconds.addingReportingOverflow(Int64(time.tv_nsec))
    return sumOverflow ? .max : sum
}

func isKind(_ status: stat, _ kind: mode_t) -> Bool { status.st_mode & S_IFMT == kind }

/// The path with every link resolved, or nil.
func canonicalPath(_ path: String) -> [UInt8]? { canonicalPath(Array(path.utf8) + [0]) }

/// The zero-terminated path with every link resolved, or nil.
func canonicalPath(_ path: [UInt8]) -> [UInt8]? {
    path.withUnsafeBufferPointer { buffer -> [UInt8]? in
        guard let base = buffer.baseAddress else { return nil }
        let resolved = base.withMemoryRebound(to: CChar.self, capacity: buffer.count) {
            realpath($0, nil)
        }
        guard let resolved else { return nil }
        defer { free(resolved) }
        return Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
    }
}
