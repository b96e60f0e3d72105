internal import Dataflow
internal import Dispatch
internal import Hashing
internal import Records
internal import Synchronization

/// The files of one commit: a blob's id is a file's version, and its bytes are read by it.
///
/// What a working tree, a filter or a hook would make of a file plays no part.
final class GitConnector: Connector {
    private let source: String
    private let repository: GitRepository
    private let ref: String
    private let include: GlobSet
    private let exclude: GlobSet
    private let wantsHistory: Bool
    private let maximumBytes: Int
    private let queue = DispatchQueue(label: "millrace.git")
    private let reader = Mutex<ChildProgram?>(nil)

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let values = settings.values
        let ref = values.string("ref", default: "")
        guard !ref.isEmpty, !ref.hasPrefix("-") else {
            throw settings.failure("ref", "'\(ref)' names no branch, tag or commit")
        }
        self.source = settings.name
        self.repository = GitRepository(path: values.string("repository", default: ""))
        self.ref = ref
        let includesAll = values.strings("include")
        self.include = try globSet(
            includesAll.isEmpty ? ["**"] : includesAll,
            key: "include",
            of: settings.name,
            hidden: true
        )
        self.exclude = try globSet(
            values.strings("exclude"),
            key: "exclude",
            of: settings.name,
            hidden: true
        )
        self.wantsHistory = values.bool("history")
        self.maximumBytes = settings.maximumBytes
    }

    var capabilities: ConnectorCapabilities {
        ConnectorCapabilities(givesDeltas: true, readsRemotely: false)
    }

    /// All of it in one page: a tree of a million files is some 100 MB.
    ///
    /// A checkpoint is the commit.
    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        try await waiting(on: self.queue) { () throws(ConnectorError) in
            let commit = try self.repository.commit(of: self.ref)
            let since = cursor?.text.flatMap { GitRepository.isObjectName($0) ? $0 : nil }
            let changed = try since.flatMap { (since) throws(ConnectorError) in
                try self.repository.changes(from: since, to: commit)
            }
            var page = ListingPage(items: [], isDelta: changed != nil)
            page.checkpoint = ListingCursor(commit)
            let history = try self.history(of: commit)
            var listed: Set<[UInt8]> = []
            for entry in try self.repository.tree(of: commit) {
                guard self.isWanted(entry.path) else {
                    page.report.addUnmatched()
                    continue
                }
                switch entry.kind {
                case .file: break
                case .link:
                    page.report.addSkippedLink(
                        "\(self.source)/\(URIPath.string(entry.path))"
                    )
                    continue
                case .other: continue
                }
                listed.insert(entry.path)
                if changed?.contains(entry.path) ?? true {
                    page.items.append(self.item(entry, history[entry.path]))
                }
            }
            for path in (changed ?? []).subtracting(listed) {
                page.deleted.append(self.item(GitEntry(path: path), nil).id)
            }
            return page
        }
    }

    private func history(of commit: String) throws(ConnectorError) -> [[UInt8]: GitChange] {
        self.wantsHistory ? try self.repository.lastChanges(before: commit) : [:]
    }

    private func isWanted(_ path: [UInt8]) -> Bool {
        guard self.include.matches(path) else { return false }
        // What leaves a folder out leaves out all that is in it.
        var end: Int? = path.count
        while let current = end {
            if self.exclude.matches(path[..<current]) { return false }
            end = path[..<current].lastIndex(of: UInt8(ascii: "/"))
        }
        return true
    }

    private func item(_ entry: GitEntry, _ change: GitChange?) -> ListedItem {
        let uri = "\(self.source)/\(URIPath.string(entry.path))"
        let slash = entry.path.lastIndex(of: UInt8(ascii: "/")) ?? -1
        var metadata: [String: String] = [:]
        if let change { metadata = ["commit": change.commit, "authored": change.authored] }
        return ListedItem(
            id: documentID(uri: uri),
            uri: uri,
            token: Array(entry.object.utf8),
            version: ItemVersion(of: "\(entry.object) \(change?.commit ?? "")"),
            size: entry.size,
            modificationNanoseconds: nil,
            mediaType: MediaType(ofName: entry.path[(slash + 1)...]),
            metadata: metadata,
            labels: []
        )
    }

    func read(_ item: ListedItem, maximumBytes: Int) async throws(ConnectorError) -> SourceDocument
    {
        let object = String(decoding: item.token, as: UTF8.self)
        guard GitRepository.isObjectName(object) else {
            throw ConnectorError(
                .permanent,
                path: item.uri,
                "its place in the repository cannot be read"
            )
        }
        let limit = min(maximumBytes, self.maximumBytes)
        return try await waiting(on: self.queue) { () throws(ConnectorError) in
            let kept = self.reader.withLock { reader in
                defer { reader = nil }
                return reader
            }
            let reader: ChildProgram
            if let kept { reader = kept } else { reader = try self.repository.blobReader() }
            let bytes = try self.repository.blob(object, of: item.uri, limit: limit, from: reader)
            self.reader.withLock { $0 = reader }
            return SourceDocument(bytes: bytes)
        }
    }
}
