internal import Glibc
internal import Records

/// One listing of a folder: visits files in the order of their URIs.
///
/// Folders are opened relative to their parents, so a folder that is moved away meanwhile cannot
/// lead the walk out of the root; links are followed only when asked for and only within the root.
struct FolderWalk {
    /// Each level holds a descriptor; deeper folders are reported, not walked.
    static let depthMax = 128

    private let connector: FolderConnector
    /// Ends in `/`; nil when the root vanished, and then no link is followed.
    private let rootPrefix: [UInt8]?
    /// Folders that are never walked, whatever name leads to them.
    private let leftOut: Set<FolderIdentity>
    private(set) var report = ListingReport()
    /// Raw bytes below the root, for the system; empty or ending in `/` between entries.
    private var path: [UInt8] = []
    /// The same as the start of a URI.
    private var uri: [UInt8]
    /// Targets of followed links: each folder is entered by at most one link, so that links
    /// between folders cannot multiply paths.
    private var linkedFolders: Set<FolderIdentity> = []
    /// The folders from the root to here.
    private var ancestors: [FolderIdentity] = []

    init(_ connector: FolderConnector, canonicalRoot: [UInt8]?) {
        self.connector = connector
        let slash = UInt8(ascii: "/")
        self.rootPrefix = canonicalRoot.map { $0.last == slash ? $0 : $0 + [slash] }
        self.leftOut = Set(connector.leftOut.compactMap(FolderIdentity.init(ofFolder:)))
        self.uri = Array("\(connector.name)/".utf8)
    }

    mutating func walkRoot(
        _ folder: borrowing OpenFolder,
        _ visit: (ListedItem) throws -> Void
    ) throws(ConnectorError) {
        try self.walk(folder, self.connector.startMatch, visit)
    }

    private mutating func walk(
        _ folder: borrowing OpenFolder,
        _ match: FolderMatch,
        _ visit: (ListedItem) throws -> Void
    ) throws(ConnectorError) {
        var status = stat()
        guard fstat(folder.descriptor, &status) == 0 else {
            self.addProblem(errno)
            return
        }
        let identity = FolderIdentity(status)
        if self.leftOut.contains(identity) { return }
        self.ancestors.append(identity)
        defer { self.ancestors.removeLast() }
        let names = FolderNames(of: folder, followSymlinks: self.connector.followSymlinks)
        if names.systemCode != 0 { self.addProblem(names.systemCode) }
        for problem in names.problems { self.addProblem(problem.systemCode, name: problem.name) }

        let (pathCount, uriCount) = (self.path.count, self.uri.count)
        for entry in names.entries {
            self.path.append(contentsOf: names.names[entry.name])
            self.uri.append(contentsOf: names.uris[entry.uri])
            switch entry.kind {
            case .file where names.isSidecar(entry): break
            case .file: try self.visitFile(entry, names, folder, match, visit)
            case .folder: try self.enterFolder(entry, names, folder, match, visit)
            case .link: self.passOverLink(names.names[entry.name], match)
            case .special: self.report.skippedSpecialCount += 1
            }
            self.path.removeSubrange(pathCount...)
            self.uri.removeSubrange(uriCount...)
        }
    }

    private mutating func visitFile(
        _ entry: FolderNames.Entry,
        _ names: FolderNames,
        _ folder: borrowing OpenFolder,
        _ match: FolderMatch,
        _ visit: (ListedItem) throws -> Void
    ) throws(ConnectorError) {
        let name = names.names[entry.name]
        guard self.connector.include.advance(match.include, by: name).isMatch,
            !self.connector.exclude.advance(match.exclude, by: name).isMatch
        else {
            self.report.unmatchedCount += 1
            return
        }
        if entry.isLink, !self.isWithinRoot() {
            self.addSkippedLink()
            return
        }
        var status = stat()
        let flags = entry.isLink ? 0 : AT_SYMLINK_NOFOLLOW
        let descriptor = folder.descriptor
        guard names.withName(of: entry, { fstatat(descriptor, $0, &status, flags) }) == 0 else {
            if errno != ENOENT { self.addProblem(errno) }
            return
        }
        // Replaced by something else since its name was read.
        guard isKind(status, S_IFREG) else { return }
        var sidecar: stat?
        if !names.described.isEmpty, names.described.contains(Array(name)) {
            sidecar = self.sidecarStatus(
                of: name,
                in: folder,
                followsLinks: self.connector.followSymlinks
            )
        }
        let item = self.connector.item(
            path: self.path,
            uri: self.uri,
            status: status,
            sidecar: sidecar
        )
        self.report.count(item)
        do {
            try visit(item)
        } catch {
            throw ConnectorError(.stopped, path: item.uri, "the listing was stopped", cause: error)
        }
    }

    /// Nil where it is not there any more.
    private func sidecarStatus(
        of name: ArraySlice<UInt8>,
        in folder: borrowing OpenFolder,
        followsLinks: Bool
    ) -> stat? {
        var status = stat()
        let descriptor = folder.descriptor
        let path = Sidecar.path(of: Array(name)) + [0]
        let result = path.withUnsafeBytes { bytes in
            bytes.baseAddress.map {
                fstatat(
                    descriptor,
                    $0.assumingMemoryBound(to: CChar.self),
                    &status,
                    followsLinks ? 0 : AT_SYMLINK_NOFOLLOW
                )
            }
        }
        return result == 0 ? status : nil
    }

    private mutating func enterFolder(
        _ entry: FolderNames.Entry,
        _ names: FolderNames,
        _ folder: borrowing OpenFolder,
        _ match: FolderMatch,
        _ visit: (ListedItem) throws -> Void
    ) throws(ConnectorError) {
        guard let inner = self.connector.match(match, entering: names.names[entry.name]) else {
            return
        }
        if entry.isLink, !self.isWithinRoot() {
            self.addSkippedLink()
            return
        }
        guard self.ancestors.count < Self.depthMax else {
            self.addProblem(ELOOP, message: "deeper than \(Self.depthMax) folders")
            return
        }
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (entry.isLink ? 0 : O_NOFOLLOW)
        let descriptor = folder.descriptor
        let opened = names.withName(of: entry) { openat(descriptor, $0, flags) }
        guard opened >= 0, let inside = OpenFolder(taking: opened) else {
            // Gone since its name was read, and so are the documents in it.
            if errno != ENOENT { self.addProblem(errno) }
            return
        }
        if entry.isLink, !self.mayEnterByLink(inside) {
            self.addSkippedLink()
            return
        }
        self.path.append(UInt8(ascii: "/"))
        try self.walk(inside, inner, visit)
    }

    /// False for a folder that is being walked, or that a link has led to before.
    private mutating func mayEnterByLink(_ folder: borrowing OpenFolder) -> Bool {
        var status = stat()
        guard fstat(folder.descriptor, &status) == 0 else { return false }
        let identity = FolderIdentity(status)
        if self.ancestors.contains(identity) { return false }
        return self.linkedFolders.insert(identity).inserted
    }

    /// Counts a link that is not followed, if a document could be behind it: where it leads is not asked,
    /// since that may be a disk that does not answer.
    private mutating func passOverLink(_ name: ArraySlice<UInt8>, _ match: FolderMatch) {
        guard !self.connector.exclude.advance(match.exclude, by: name).isMatch,
            self.connector.include.advance(match.include, by: name).isMatch
                || self.connector.match(match, entering: name) != nil
        else { return }
        self.addSkippedLink()
    }

    private mutating func addSkippedLink() {
        let uri = self.uri.last == UInt8(ascii: "/") ? self.uri.dropLast() : self.uri[...]
        self.report.addSkippedLink(String(decoding: uri, as: UTF8.self))
    }

    /// Whether the link at `path` leads to a place below the root.
    private func isWithinRoot() -> Bool {
        guard let rootPrefix = self.rootPrefix,
            let target = canonicalPath(Array("\(self.connector.root)/".utf8) + self.path + [0])
        else { return false }
        return target.starts(with: rootPrefix)
    }

    private mutating func addProblem(
        _ systemCode: Int32,
        name: [UInt8] = [],
        message: String? = nil
    ) {
        self.report.add(
            ListingReport.Problem(
                path: String(decoding: self.uri, as: UTF8.self) + URIPath.string(name),
                systemCode: systemCode,
                message: message ?? systemMessage(systemCode)
            )
        )
    }
}
