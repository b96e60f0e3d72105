internal import Bytes
internal import Connectors
internal import Foundation
internal import Hashing
internal import Manifests
internal import Records
internal import Storage

/// A listed document that has to be looked at, as a line of JSON.
///
/// What a listing tells of the document's contents is not redacted, so it is not written: whoever prepares
/// the document lists its source again.
private struct WorkDocument: Decodable {
    var id: DocumentID
    var source: String
    var isKnown: Bool
    var listed: Item?

    struct Item: Decodable {
        var uri: String
        var priority: Int
        var token: Data
        var size: Int?
        var modified: Int64?
        var version: String
        var mediaType: String
        var labels: [String]?
    }

    init(_ document: PendingDocument) {
        let listed = document.listed
        self.id = listed.id
        self.source = document.item.source
        self.isKnown = document.isKnown
        guard listed.content == nil, listed.title.isEmpty, listed.metadata.isEmpty else { return }
        self.listed = Item(
            uri: listed.uri,
            priority: document.item.priority,
            token: Data(listed.token),
            size: listed.size,
            modified: listed.modificationNanoseconds,
            version: listed.version.digest.hex,
            mediaType: listed.mediaType.name,
            labels: listed.labels
        )
    }

    /// Written by hand: a plan writes a line for every document, and does so alone.
    func write(to text: inout JSONText) {
        text.object { text in
            text.key("id")
            text.string(self.id.hex)
            text.key("isKnown")
            text.boolean(self.isKnown)
            if let listed = self.listed {
                text.key("listed")
                listed.write(to: &text)
            }
            text.key("source")
            text.string(self.source)
        }
    }

    var spooled: SpooledDocument {
        SpooledDocument(
            id: self.id,
            source: self.source,
            isKnown: self.isKnown,
            pending: self.listed.map { item in
                let listed = ListedItem(
                    id: self.id,
                    uri: item.uri,
                    token: [UInt8](item.token),
                    version: ItemVersion(Digest(hex: item.version) ?? .zero),
                    size: item.size,
                    modificationNanoseconds: item.modified,
                    mediaType: MediaType(item.mediaType),
                    labels: item.labels
                )
                return PendingDocument(
                    item: SourceItem(listed, source: self.source, priority: item.priority),
                    listed: listed,
                    isKnown: self.isKnown
                )
            }
        )
    }
}

extension WorkDocument.Item {
    fileprivate func write(to text: inout JSONText) {
        text.object { text in
            if let labels = self.labels {
                text.key("labels")
                text.array(labels) { $0.string($1) }
            }
            text.key("mediaType")
            text.string(self.mediaType)
            if let modified = self.modified {
                text.key("modified")
                text.integer(Int(modified))
            }
            text.key("priority")
            text.integer(self.priority)
            if let size = self.size {
                text.key("size")
                text.integer(size)
            }
            text.key("token")
            text.string(self.token.base64EncodedString())
            text.key("uri")
            text.string(self.uri)
            text.key("version")
            text.string(self.version)
        }
    }
}

/// A document that is to be looked at, as one process wrote it for others.
struct SpooledDocument: Sendable {
    let id: DocumentID
    let source: String
    let isKnown: Bool
    /// Nil where its source has to be listed again for it.
    let pending: PendingDocument?
}

/// Writes the documents of a listing into one file a shard; a file's name is the hash of its bytes.
struct WorkDocumentWriter {
    private let files: WorkFiles
    private var outputs: [ContentFile?]
    private var line = JSONText()
    private(set) var count = 0
    private(set) var newCount = 0

    init(_ files: WorkFiles, shardCount: Int) {
        self.files = files
        self.outputs = Array(repeating: nil, count: shardCount)
    }

    mutating func add(_ document: PendingDocument) throws {
        let shard = document.item.id.shard(of: self.outputs.count)
        let output = try self.outputs[shard] ?? ContentFile(in: self.files.inputsFolder)
        self.outputs[shard] = output
        self.line.removeAll()
        WorkDocument(document).write(to: &self.line)
        try output.write(self.line.bytes + [UInt8(ascii: "\n")])
        self.count += 1
        if !document.isKnown { self.newCount += 1 }
    }

    /// The names of the files, by shard; nil for a shard without documents.
    mutating func finish() throws -> [String?] {
        try self.outputs.map { output in
            guard let output else { return nil }
            return try output.finish { self.files.input($0) }
        }
    }
}

/// Calls `body` with every document of the file of that name, in its order.
///
/// - Throws: ``OperationError`` `.fatal` where the bytes are not those of the name.
func visitWorkDocuments(
    _ name: String,
    _ files: WorkFiles,
    _ body: (SpooledDocument) throws -> Void
) throws {
    let path = files.input(name)
    let file = try MappedFile(path: path)
    try file.withBytes { bytes in
        guard sha256(bytes).hex == name else {
            throw OperationError(.fatal, "\(path): its bytes do not fit its name; \(files.wayOut)")
        }
        let decoder = JSONDecoder()
        var start = 0
        while start < bytes.count {
            let rest = bytes[start...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = Data(bytes[start..<end])
            guard let document = try? decoder.decode(WorkDocument.self, from: line) else {
                throw OperationError(.fatal, "\(path): a line is no document; \(files.wayOut)")
            }
            try body(document.spooled)
            start = end + 1
        }
    }
}
