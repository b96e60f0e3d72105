internal import Dataflow
internal import Glibc
internal import Hashing
internal import Records

extension SourceKind {
    static let maildir = SourceKind(
        "maildir",
        summary: "The messages of a Maildir and of the folders in it.",
        keys: [
            ParameterSpec("path", .path, summary: "The folder that has 'cur' and 'new'."),
            ParameterSpec(
                "include",
                .stringList,
                default: .list([.string("**")]),
                summary: "Globs of the messages to list, by folder and name: .Sent/**."
            ),
            ParameterSpec(
                "exclude",
                .stringList,
                default: .list([]),
                summary: "Globs of messages and folders to leave out, even when included."
            ),
        ],
        isLocal: true,
        make: { (settings) throws(ConnectorError) in try MaildirConnector(settings) }
    )
}

/// The messages of a Maildir: one a file.
///
/// A message's place is its folder and its unique name: neither being read, which moves it from `new` to
/// `cur`, nor its flags change that. What is being delivered, in `tmp`, is no message yet.
///
/// - Source: D. J. Bernstein, "Using maildir format"; folders as in Maildir++.
struct MaildirConnector: LocalConnector {
    private let source: String
    private let folder: FolderConnector
    private let patterns: PlacePatterns

    private static let slash = UInt8(ascii: "/")

    init(_ settings: SourceSettings) throws(ConnectorError) {
        self.source = settings.name
        self.patterns = try PlacePatterns(
            include: settings.values.strings("include"),
            exclude: settings.values.strings("exclude"),
            of: settings.name
        )
        self.folder = try FolderConnector(
            name: settings.name,
            root: settings.values.string("path", default: ""),
            include: ["**/{cur,new}/*"],
            exclude: ["**/tmp"],
            includeHidden: true,
            leftOut: [settings.workspace],
            maximumBytes: settings.maximumBytes
        )
    }

    var root: String { self.folder.root }

    func wouldList(_ names: [String], below folder: String) -> Bool {
        self.folder.wouldList(names, below: folder)
    }

    func list(_ visit: (ListedItem) throws -> Void) throws(ConnectorError) -> ListingReport {
        var (items, report) = try self.messages()
        guard !items.isEmpty || access("\(self.root)/cur", R_OK) == 0 else {
            throw ConnectorError(
                .unavailable,
                path: self.root,
                "it is no Maildir: it has no folder 'cur'; check 'path' of source '\(self.source)'"
            )
        }
        items.sort { $0.uri < $1.uri }
        for item in items {
            do { try visit(item) } catch {
                throw ConnectorError(
                    .stopped,
                    path: item.uri,
                    "the listing was stopped",
                    cause: error
                )
            }
            report.count(item)
        }
        return report
    }

    private func messages() throws(ConnectorError) -> ([ListedItem], ListingReport) {
        var items: [DocumentID: ListedItem] = [:]
        var unmatched = 0
        var report = try self.folder.list { file in
            guard let place = self.place(of: file.token) else { return }
            guard self.patterns.lists(place) else {
                unmatched += 1
                return
            }
            let item = self.item(file, place)
            // A message that is being moved is seen in both; 'cur' is where it goes.
            if items[item.id] == nil || self.isCurrent(file.token) { items[item.id] = item }
        }
        report.addUnmatched(unmatched)
        report.itemCount = 0
        report.byteCount = 0
        return (Array(items.values), report)
    }

    /// `folder/unique` of `folder/cur/unique:2,flags`; nil for what is no message.
    private func place(of token: [UInt8]) -> [UInt8]? {
        let path = token.last == 0 ? token.dropLast() : token[...]
        let parts = path.split(separator: Self.slash)
        guard let last = parts.last, last.first != UInt8(ascii: ".") else { return nil }
        let unique = last.prefix { $0 != UInt8(ascii: ":") }
        guard !unique.isEmpty else { return nil }
        return Array((parts.dropLast(2) + [unique]).joined(separator: [Self.slash]))
    }

    private func isCurrent(_ token: [UInt8]) -> Bool {
        token.split(separator: Self.slash).dropLast().last?.elementsEqual("cur".utf8) ?? false
    }

    private func item(_ file: ListedItem, _ place: [UInt8]) -> ListedItem {
        let uri = "\(self.source)/\(URIPath.string(place))"
        return ListedItem(
            id: documentID(uri: uri),
            uri: uri,
            token: file.token,
            version: file.version,
            size: file.size,
            modificationNanoseconds: file.modificationNanoseconds,
            mediaType: .mail,
            labels: file.labels
        )
    }

    func readNow(_ item: ListedItem, maximumBytes: Int) throws(ConnectorError) -> SourceDocument {
        do throws(ConnectorError) {
            return try self.folder.readNow(item, maximumBytes: maximumBytes)
        } catch {
            guard error.code == .gone else { throw error }
        }
        // It was read by its owner meanwhile, or got another flag.
        guard let moved = try self.messages().0.first(where: { $0.id == item.id }) else {
            throw ConnectorError(.gone, path: item.uri, "the message is not there any more")
        }
        return try self.folder.readNow(moved, maximumBytes: maximumBytes)
    }
}
