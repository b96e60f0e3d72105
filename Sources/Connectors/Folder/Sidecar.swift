internal import Records

/// `NAME.meta.json` beside a file: what is known of the file and does not stand in it.
///
/// An object: `title`, `labels` (texts), `media_type`, and under `metadata` or beside these whatever else is to
/// be found with the document. Labels that cannot be read keep the document out: they are never "public".
struct Sidecar {
    static let suffix = ".meta.json"
    static let bytesMaximum = 1 << 20

    private let line: JSONValue
    private let labels: [String]

    /// The name of the file that one of this name describes; nil for any other name.
    static func described(by name: ArraySlice<UInt8>) -> [UInt8]? {
        guard name.count > self.suffix.utf8.count,
            name.suffix(self.suffix.utf8.count)
                .elementsEqual(self.suffix.utf8)
        else { return nil }
        return Array(name.dropLast(self.suffix.utf8.count))
    }

    static func path(of path: [UInt8]) -> [UInt8] { path + Array(self.suffix.utf8) }

    init(_ bytes: [UInt8], of uri: String) throws(ConnectorError) {
        guard let value = JSONValue(bytes[...]), case .object = value else {
            throw ConnectorError(
                .permanent,
                path: uri,
                "its \(Self.suffix) is no JSON object; mend or remove it"
            )
        }
        self.line = value
        self.labels = try CommandDocument(value).labels(of: uri) ?? []
    }

    func describe(_ document: inout SourceDocument) {
        let said = CommandDocument(self.line)
        document.title = said.title
        document.mediaType = said.mediaType
        document.labels = self.labels
        if case .object(let members) = self.line {
            let own = ["title", "labels", "media_type", "metadata"]
            for member in members where !own.contains(member.key) {
                document.metadata[member.key] = member.value.text
            }
        }
        document.metadata.merge(said.metadata) { $1 }
    }
}
