internal import Dataflow
internal import Foundation
internal import Hashing
internal import Records

/// What of a record makes a document: paths such as `page.body`, where a key with dots in it comes first.
struct RecordMapping: Sendable {
    let source: String
    let id: String
    let content: String
    let isBase64: Bool
    let mediaType: MediaType?
    let title: String?
    let deletedAt: String?
    let metadata: [String]
    let labels: [String]
    let maximumBytes: Int
    private let digest: Digest

    static let keys =
        [
            ParameterSpec(
                "id",
                .string,
                summary: "Where a record's id is: its place in the source."
            )
        ] + ContentKeys.all + [
            ParameterSpec(
                "updated_at",
                .string,
                isOptional: true,
                summary:
                    "Where the time of its last change is. A record is compared by all that is taken of it, "
                    + "so this key is not needed."
            ),
            ParameterSpec(
                "deleted_at",
                .string,
                isOptional: true,
                summary: "What is neither null, false, 0 nor empty once it is deleted."
            ),
            ParameterSpec(
                "metadata",
                .names,
                default: .list([]),
                summary: "Paths that say more of it."
            ),
            ParameterSpec(
                "labels",
                .names,
                default: .list([]),
                summary:
                    "Paths of access labels, one each or a list; a record without any is not taken in."
            ),
        ]

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let values = settings.values
        let content = try ContentKeys(settings)
        self.source = settings.name
        self.id = values.string("id", default: "")
        self.content = content.place
        self.isBase64 = values.text("bytes") != nil
        self.mediaType = content.mediaType
        self.title = content.title
        self.deletedAt = values.text("deleted_at")
        self.metadata = values.strings("metadata")
        self.labels = values.strings("labels")
        self.maximumBytes = settings.maximumBytes
        let words =
            [self.id, self.content, self.mediaType?.name ?? "", self.title ?? ""] + self.metadata
            + ["labels"] + self.labels
        self.digest = sha256(words.map { "\($0.utf8.count):\($0)" }.joined())
    }

    func finding(in record: JSONValue) -> LineFinding {
        guard let name = record.at(self.id)?.text, !name.isEmpty else {
            return .problem("it has nothing at '\(self.id)', where its id should be")
        }
        if let deletedAt, record.at(deletedAt)?.isSet ?? false {
            return .deleted(self.item(name, version: .unknown).id)
        }
        do throws(ConnectorError) {
            return .document(try self.document(name, record))
        } catch {
            return .document(.refused(source: self.source, place: name, error))
        }
    }

    private func document(_ name: String, _ record: JSONValue) throws(ConnectorError) -> ListedItem
    {
        let uri = "\(self.source)/\(URIPath.string(Array(name.utf8)))"
        let bytes = try self.bytes(of: record, uri)
        var metadata: [String: String] = [:]
        for path in self.metadata { metadata[path] = record.at(path)?.text }
        let labels = try self.labels(of: record, uri)
        let document = SourceDocument(
            bytes: bytes,
            title: self.title.flatMap { record.at($0)?.text } ?? "",
            metadata: metadata,
            labels: labels
        )
        var version = CursorFields()
        version.add(self.digest.bytes)
        version.add(bytes)
        version.add(document.title)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            version.add(key)
            version.add(value)
        }
        return self.item(
            name,
            version: ItemVersion(of: version.bytes),
            labels: labels,
            content: document
        )
    }

    private func item(
        _ name: String,
        version: ItemVersion,
        labels: [String] = [],
        content: SourceDocument? = nil
    ) -> ListedItem {
        ListedItem(
            source: self.source,
            place: name,
            version: version,
            size: content?.bytes.count,
            mediaType: self.mediaType,
            labels: labels,
            content: content
        )
    }

    private func bytes(of record: JSONValue, _ uri: String) throws(ConnectorError) -> [UInt8] {
        guard let value = record.at(self.content), let text = value.text else { return [] }
        let bytes: [UInt8]
        if self.isBase64 {
            guard let data = Data(base64Encoded: text) else {
                throw ConnectorError(.permanent, path: uri, "'\(self.content)' is not in Base64")
            }
            bytes = [UInt8](data)
        } else {
            bytes = Array(text.utf8)
        }
        guard bytes.count <= self.maximumBytes else {
            throw ConnectorError(
                .tooLarge,
                path: uri,
                "'\(self.content)' has \(bytes.count) bytes, limit \(self.maximumBytes); raise "
                    + "'maximum_bytes' to take it"
            )
        }
        return bytes
    }

    private func labels(of record: JSONValue, _ uri: String) throws(ConnectorError) -> [String] {
        guard !self.labels.isEmpty else { return [] }
        var labels: [String] = []
        for path in self.labels {
            guard let value = record.at(path), value != .null else { continue }
            guard let strings = value.strings else {
                throw ConnectorError(.permanent, path: uri, "its labels at '\(path)' are no texts")
            }
            labels += strings
        }
        guard !labels.isEmpty else {
            throw ConnectorError(
                .permanent,
                path: uri,
                "it has no label at \(self.labels.joined(separator: ", "))"
            )
        }
        return try Labels.checked(labels, of: uri)
    }
}
