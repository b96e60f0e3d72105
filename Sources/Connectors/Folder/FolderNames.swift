internal import Glibc

/// The names in one folder, in the order of the URIs below it.
struct FolderNames {
    enum Kind {
        case file
        case folder
        /// A link that is not followed, or that leads nowhere.
        case link
        /// A socket, pipe or device.
        case special
    }

    struct Entry {
        /// Of `names`, without the zero that follows.
        fileprivate(set) var name: Range<Int>
        /// Of `uris`; a folder's ends in `/`.
        fileprivate(set) var uri: Range<Int>
        /// Of the target, where a link is followed.
        fileprivate(set) var kind: Kind
        fileprivate(set) var isLink: Bool
    }

    /// Raw bytes, each name followed by a zero.
    private(set) var names: [UInt8] = []
    /// Names as parts of URIs.
    private(set) var uris: [UInt8] = []
    private(set) var entries: [Entry] = []
    /// Files that have another one beside them that says more of them.
    private(set) var described: Set<[UInt8]> = []
    /// Names whose kind could not be told, with the error numbers.
    private(set) var problems: [(name: [UInt8], systemCode: Int32)] = []
    /// What ended the reading of names early, or 0.
    private(set) var systemCode: Int32 = 0

    init(of folder: borrowing OpenFolder, followSymlinks: Bool) {
        var types: [Int] = []
        self.systemCode = folder.forEachName { name, type in
            let start = self.names.count
            self.names.append(contentsOf: name)
            self.names.append(0)
            types.append(type)
            self.entries.append(
                Entry(name: start..<start + name.count, uri: 0..<0, kind: .special, isLink: false)
            )
        }
        self.classify(types, descriptor: folder.descriptor, followSymlinks: followSymlinks)
        self.sort()
        self.findSidecars()
    }

    /// Whether an entry is there for another one.
    func isSidecar(_ entry: Entry) -> Bool {
        guard !self.described.isEmpty else { return false }
        return Sidecar.described(by: self.names[entry.name]).map(self.described.contains) ?? false
    }

    private mutating func findSidecars() {
        let files = self.entries.filter { $0.kind == .file }
        let described = files.compactMap { Sidecar.described(by: self.names[$0.name]) }
        guard !described.isEmpty else { return }
        let names = Set(files.map { Array(self.names[$0.name]) })
        self.described = Set(described).intersection(names)
    }

    func withName<Result>(
        of entry: Entry,
        _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        self.names.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { preconditionFailure("an entry has a name") }
            return body((base + entry.name.lowerBound).assumingMemoryBound(to: CChar.self))
        }
    }

    private mutating func classify(_ types: [Int], descriptor: Int32, followSymlinks: Bool) {
        var known: [Entry] = []
        known.reserveCapacity(self.entries.count)
        for (index, var entry) in self.entries.enumerated() {
            switch self.kind(entry, types[index], descriptor, followSymlinks) {
            case .success(let kind): entry.kind = kind
            case .failure(let error):
                // A name that vanished since it was read is no problem: it is not there.
                if error.code != ENOENT {
                    self.problems.append((Array(self.names[entry.name]), error.code))
                }
                continue
            }
            entry.isLink = types[index] == Int(DT_LNK)
            let start = self.uris.count
            self.names.withUnsafeBytes {
                URIPath.append(
                    component: UnsafeRawBufferPointer(rebasing: $0[entry.name]),
                    to: &self.uris
                )
            }
            if entry.kind == .folder { self.uris.append(UInt8(ascii: "/")) }
            entry.uri = start..<self.uris.count
            known.append(entry)
        }
        self.entries = known
    }

    private func kind(
        _ entry: Entry,
        _ type: Int,
        _ descriptor: Int32,
        _ followSymlinks: Bool
    ) -> Result<Kind, SystemError> {
        switch type {
        case Int(DT_REG): return .success(.file)
        case Int(DT_DIR): return .success(.folder)
        case Int(DT_LNK) where !followSymlinks: return .success(.link)
        // Some file systems do not tell the kind with the name.
        case Int(DT_LNK), Int(DT_UNKNOWN):
            var status = stat()
            let flags = followSymlinks ? 0 : AT_SYMLINK_NOFOLLOW
            let result = self.withName(of: entry) { fstatat(descriptor, $0, &status, flags) }
            if result == 0 { return .success(Self.kind(status)) }
            let leadsNowhere = type == Int(DT_LNK) && (errno == ENOENT || errno == ELOOP)
            return leadsNowhere ? .success(.link) : .failure(SystemError(code: errno))
        default: return .success(.special)
        }
    }

    private static func kind(_ status: stat) -> Kind {
        if isKind(status, S_IFREG) { return .file }
        if isKind(status, S_IFDIR) { return .folder }
        return isKind(status, S_IFLNK) ? .link : .special
    }

    private mutating func sort() {
        self.uris.withUnsafeBufferPointer { uris in
            self.entries.sort { left, right in
                UnsafeBufferPointer(rebasing: uris[left.uri])
                    .lexicographicallyPrecedes(UnsafeBufferPointer(rebasing: uris[right.uri]))
            }
        }
    }
}

struct SystemError: Error {
    let code: Int32
}
