internal import Glibc

/// The state of both pattern sets of a folder source at a place in the tree.
struct FolderMatch {
    var include: GlobSet.State
    var exclude: GlobSet.State
}

extension FolderConnector {
    var startMatch: FolderMatch {
        FolderMatch(include: self.include.start, exclude: self.exclude.start)
    }

    /// The state inside the folder `name`; nil when no file in it can be listed.
    func match(_ match: FolderMatch, entering name: some Sequence<UInt8>) -> FolderMatch? {
        let slash = CollectionOfOne(UInt8(ascii: "/"))
        let excluded = self.exclude.advance(match.exclude, by: name)
        let inner = FolderMatch(
            include: self.include.advance(self.include.advance(match.include, by: name), by: slash),
            exclude: self.exclude.advance(excluded, by: slash)
        )
        if excluded.isMatch || self.exclude.matchesAllBelow(inner.exclude) { return nil }
        return inner.include.canContinue ? inner : nil
    }

    /// Whether the patterns would list a file of one of these names below the absolute path `folder`, which
    /// need not exist.
    ///
    /// - Parameter names: relative to `folder`.
    package func wouldList(_ names: [String], below folder: String) -> Bool {
        guard let root = canonicalPath(self.root), let folder = canonicalFolder(folder) else {
            return false
        }
        let prefix = root == [UInt8(ascii: "/")] ? root : root + [UInt8(ascii: "/")]
        guard folder == root || folder.starts(with: prefix) else { return false }
        let relative = folder.dropFirst(prefix.count)
        return names.contains { name in
            self.wouldList(Array(relative + (relative.isEmpty ? [] : [0x2F])) + Array(name.utf8))
        }
    }

    private func wouldList(_ path: [UInt8]) -> Bool {
        var components = path.split(separator: UInt8(ascii: "/"))
        guard let name = components.popLast() else { return false }
        var match = self.startMatch
        for component in components {
            guard let inner = self.match(match, entering: component) else { return false }
            match = inner
        }
        return self.include.advance(match.include, by: name).isMatch
            && !self.exclude.advance(match.exclude, by: name).isMatch
    }
}

/// A folder wherever its name stands.
struct FolderIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
    }

    /// Nil where there is no folder.
    init?(ofFolder path: String) {
        var status = stat()
        guard stat(path, &status) == 0, isKind(status, S_IFDIR) else { return nil }
        self.init(status)
    }
}

/// The path with every link resolved as far as it exists, or nil.
private func canonicalFolder(_ path: String) -> [UInt8]? {
    var existing = Array(path.utf8)
    var rest: [UInt8] = []
    while true {
        if let resolved = canonicalPath(existing + [0]) {
            return rest.isEmpty || resolved.last == 0x2F
                ? resolved + rest.dropFirst() : resolved + rest
        }
        guard let slash = existing.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        rest = existing[slash...] + rest
        existing = slash == 0 ? [UInt8(ascii: "/")] : Array(existing[..<slash])
        if rest.count > Int(PATH_MAX) { return nil }
    }
}
