internal import Hashing
internal import Records
internal import Synchronization

/// The documents in files that hold many: each is one of the source's, found by the place of its bytes.
///
/// A listing reads the files whole, in constant memory, and keeps some hundreds of bytes for each document.
final class ContainerConnector<Form: ContainerForm>: LocalConnector {
    private let files: ContainerFiles
    private let form: Form
    private let maximumBytes: Int
    /// What the files were found to hold once they were no more as they had been listed.
    private let found = Mutex<(files: [ItemVersion], documents: [String: ContainedDocument])?>(nil)

    init(_ settings: SourceSettings, _ form: Form) throws(ConnectorError) {
        self.files = try ContainerFiles(settings)
        self.form = form
        self.maximumBytes = settings.maximumBytes
    }

    var root: String { self.files.root }

    /// A workspace is left out, and its files are of no such form.
    func wouldList(_ names: [String], below folder: String) -> Bool { false }

    func list(_ visit: (ListedItem) throws -> Void) throws(ConnectorError) -> ListingReport {
        var (documents, report) = try self.documents()
        documents.sort { $0.place < $1.place }
        for document in documents {
            let item = self.item(document)
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

    private func documents() throws(ConnectorError) -> ([ContainedDocument], ListingReport) {
        var (files, report) = try self.files.list()
        report.itemCount = 0
        report.byteCount = 0
        var documents: [ContainedDocument] = []
        let isFolder = self.files.isFolder
        for file in files {
            var problems: [String] = []
            var inFile: [ContainedDocument]?
            do throws(ConnectorError) {
                inFile = try self.form.documents(in: try self.files.open(file.path)) {
                    problems.append($0)
                }
            } catch {
                problems.append(error.message)
            }
            let name = URIPath.string(file.path)
            for problem in problems {
                report.add(
                    ListingReport.Problem(path: "\(self.files.source)/\(name)", message: problem)
                )
            }
            guard let inFile else {
                if problems.isEmpty { try self.leaveOut(name, isFolder, &report) }
                continue
            }
            for var document in inFile {
                document.path = file.path
                if isFolder, self.form.placesByFile { document.place = "\(name)/\(document.place)" }
                documents.append(document)
            }
        }
        return (self.form.settled(documents), report)
    }

    /// A folder may hold other files too; a file that was named may not be another.
    private func leaveOut(
        _ name: String,
        _ isFolder: Bool,
        _ report: inout ListingReport
    ) throws(ConnectorError) {
        guard isFolder else {
            throw ConnectorError(
                .unavailable,
                path: self.files.path,
                "it is no \(Form.name); check 'path' of source '\(self.files.source)'"
            )
        }
        report.addUnmatched()
    }

    private func item(_ document: ContainedDocument) -> ListedItem {
        let uri = "\(self.files.source)/\(document.place)"
        var token = CursorFields()
        token.add(document.path)
        token.add("\(document.offset)")
        token.add("\(document.size ?? -1)")
        if document.inner > 0 { token.add("\(document.inner)") }
        return ListedItem(
            id: documentID(uri: uri),
            uri: uri,
            token: token.bytes,
            version: document.version,
            size: document.size,
            modificationNanoseconds: document.modificationNanoseconds,
            mediaType: document.mediaType,
            metadata: document.metadata,
            labels: []
        )
    }

    // MARK: Reading

    func readNow(_ item: ListedItem, maximumBytes: Int) throws(ConnectorError) -> SourceDocument {
        let limit = min(maximumBytes, self.maximumBytes)
        let place = String(item.uri.dropFirst(self.files.source.count + 1))
        if let document = self.document(item, place),
            let read = try self.readOnce(document, item.uri, limit)
        {
            return read
        }
        // Messages were moved or taken out: the document may stand elsewhere now.
        let moved = try self.documentsNow()[place]
        guard let moved, let read = try self.readOnce(moved, item.uri, limit) else {
            throw ConnectorError(.gone, path: item.uri, "the files do not hold it any more")
        }
        return read
    }

    private func readOnce(
        _ document: ContainedDocument,
        _ uri: String,
        _ limit: Int
    ) throws(ConnectorError) -> SourceDocument? {
        let file: ContainerFile
        do throws(ConnectorError) {
            file = try self.files.open(document.path)
        } catch {
            if error.code == .gone { return nil }
            throw error
        }
        do throws(ConnectorError) {
            return try self.form.read(document, in: file, limit: limit)
        } catch {
            throw ConnectorError(
                error.code,
                path: uri,
                error.message,
                systemCode: error.systemCode
            )
        }
    }

    private func document(_ item: ListedItem, _ place: String) -> ContainedDocument? {
        guard let fields = CursorFields.parse(item.token), (3...4).contains(fields.count),
            let offset = Int(String(decoding: fields[1], as: UTF8.self)),
            let size = Int(String(decoding: fields[2], as: UTF8.self)), offset >= 0
        else { return nil }
        let inner = fields.count > 3 ? Int(String(decoding: fields[3], as: UTF8.self)) : 0
        guard let inner, inner >= 0 else { return nil }
        return ContainedDocument(
            place: place,
            path: fields[0],
            offset: offset,
            inner: inner,
            size: size < 0 ? nil : size,
            version: item.version,
            mediaType: item.mediaType
        )
    }

    /// By place; looked up anew only where a file changed since.
    private func documentsNow() throws(ConnectorError) -> [String: ContainedDocument] {
        let versions = try self.files.list().files.map(\.version)
        if let found = self.found.withLock({ $0 }), found.files == versions {
            return found.documents
        }
        let documents = Dictionary(try self.documents().0.map { ($0.place, $0) }) { first, _ in
            first
        }
        self.found.withLock { $0 = (versions, documents) }
        return documents
    }
}
