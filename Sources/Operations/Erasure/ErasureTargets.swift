internal import Hashing
internal import Manifests
internal import Records

/// Whom `forget` is asked about.
package enum ErasureRequest: Sendable {
    case uris([String])
    /// The keyed digest of a value, as 'audit pii --document' prints it: every document that holds the value.
    case pseudonym(String)
    /// A file with a line for each group of documents: filters as of `search --filter`, all of which hold.
    case query(path: String)

    var name: String {
        switch self {
        case .uris: "uri"
        case .pseudonym: "pseudonym"
        case .query: "query"
        }
    }
}

/// The documents that a request names, with those taken out of them.
struct ErasureTargets {
    struct Document {
        let id: DocumentID
        let uri: String
        let isChild: Bool
        var contentHash: Digest?
        /// Of the clean text; nil without a version.
        var textHash: Digest?
        /// What it is known by among duplicates.
        var exact: Digest?
        var chunkHashes: [Digest] = []
    }

    private(set) var documents: [Document] = []
    /// Documents of other URIs with the same text.
    private(set) var copies: [DocumentID] = []
    /// URIs that were asked for and that the workspace does not have.
    private(set) var unknownURIs: [String] = []

    private let shards: [ShardManifest]

    init(_ request: ErasureRequest, in shards: [ShardManifest], includesCopies: Bool) throws {
        self.shards = shards
        var ids: Set<DocumentID> = []
        switch request {
        case .uris(let uris):
            for uri in uris {
                if let id = try Self.id(of: uri, in: shards) {
                    ids.insert(id)
                } else {
                    self.unknownURIs.append(uri)
                }
            }
        case .pseudonym(let text): ids = try Self.ids(ofPseudonym: text, in: shards)
        case .query(let path): ids = try Self.ids(ofQuery: path, in: shards)
        }
        try self.take(ids)
        self.copies = try self.findCopies()
        if includesCopies, !self.copies.isEmpty {
            try self.take(Set(self.copies))
            self.copies = []
        }
        self.documents.sort { $0.id < $1.id }
    }

    /// Those of the ids that are there, with what was taken out of them.
    init(ids: Set<DocumentID>, in shards: [ShardManifest]) throws {
        self.shards = shards
        try self.take(ids)
        self.documents.sort { $0.id < $1.id }
        self.copies = try self.findCopies()
    }

    // MARK: Finding

    /// A listed document's, or that of one taken out of a listed one, whose id begins as its parent's.
    private static func id(of uri: String, in shards: [ShardManifest]) throws -> DocumentID? {
        let own = documentID(uri: uri)
        if try shards[own.shard(of: shards.count)].listingRow(of: own) != nil { return own }
        for parent in enclosingURIs(of: uri) {
            let id = documentID(uri: uri, inside: documentID(uri: parent))
            if try shards[id.shard(of: shards.count)].listingRow(of: id) != nil { return id }
        }
        return nil
    }

    private static func ids(
        ofPseudonym text: String,
        in shards: [ShardManifest]
    ) throws -> Set<DocumentID> {
        let digits = text.lowercased()
        guard digits.utf8.count == 16, let digest = UInt64(digits, radix: 16) else {
            throw OperationError(
                .configuration,
                "'\(text)' is not the keyed digest of a value: 16 hexadecimal digits, as 'millrace audit pii "
                    + "PIPELINE --document URI' prints them where the policy has a key"
            )
        }
        var ids: Set<DocumentID> = []
        for shard in shards {
            try shard.visitRedactions { record in
                if record.redactions.contains(where: { $0.digest == digest }) {
                    ids.insert(record.id)
                }
            }
        }
        return ids
    }

    private static func ids(ofQuery path: String, in shards: [ShardManifest]) throws -> Set<
        DocumentID
    > {
        let lines = try readLines(path)
        guard !lines.isEmpty else {
            throw OperationError(
                .configuration,
                "\(path): holds no line; one is as uri=docs/mail/ or source=mail"
            )
        }
        let rules = try lines.map { number, line in
            try line.split { $0 == "\t" || $0 == " " }.map { word in
                do {
                    return try DocumentCondition(String(word))
                } catch let error as OperationError {
                    throw OperationError(.configuration, "\(path):\(number): \(error.message)")
                }
            }
        }
        var ids: Set<DocumentID> = []
        for shard in shards {
            try shard.visitTexts { text in
                let holds = rules.contains { rule in rule.allSatisfy { $0.holds(for: text) } }
                if holds { ids.insert(text.id) }
            }
        }
        return ids
    }

    /// Documents whose clean text is that of a target, those removed as its duplicates, and those it repeats.
    private func findCopies() throws -> [DocumentID] {
        let own = Set(self.documents.map(\.id))
        let texts = Set(self.documents.compactMap(\.textHash))
        var copies: Set<DocumentID> = []
        for shard in self.shards {
            try shard.visitTextHashes { id, hash in
                if texts.contains(hash) { copies.insert(id) }
            }
            for document in self.documents {
                copies.formUnion(try shard.duplicates(of: document.id))
            }
        }
        for document in self.documents {
            if let record = try self.shard(of: document.id).document(document.id),
                let canonical = record.resolution.canonical
            {
                copies.insert(canonical)
            }
        }
        return copies.subtracting(own).sorted()
    }

    // MARK: Taking

    private mutating func take(_ ids: Set<DocumentID>) throws {
        var known = Set(self.documents.map(\.id))
        var wanted = ids
        for shard in Set(ids.map { $0.shard(of: self.shards.count) }).sorted() {
            try self.shards[shard].visitListing { row in
                if let parent = row.parent, ids.contains(parent) { wanted.insert(row.id) }
            }
        }
        for id in wanted.sorted() where known.insert(id).inserted {
            if let document = try self.document(id, self.shard(of: id)) {
                self.documents.append(document)
            }
        }
    }

    private func document(_ id: DocumentID, _ shard: ShardManifest) throws -> Document? {
        guard let row = try shard.listingRow(of: id), let record = try shard.document(id) else {
            return nil
        }
        var document = Document(
            id: id,
            uri: record.item.uri,
            isChild: row.parent != nil,
            contentHash: record.version?.contentHash ?? record.listedHash
        )
        document.textHash = record.version?.document.textHash
        document.exact = record.version?.document.signature?.exact
        for summary in record.chunkSets {
            document.chunkHashes +=
                try shard.chunks(of: id, stage: summary.stage)?.chunks
                .map(\.textHash) ?? []
        }
        return document
    }

    private func shard(of id: DocumentID) -> ShardManifest {
        self.shards[id.shard(of: self.shards.count)]
    }
}

/// One filter, held against what a manifest knows of a document.
private struct DocumentCondition {
    private let key: String
    private let value: String

    init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let key = String(parts[0])
        guard parts.count == 2, !parts[1].isEmpty,
            ["uri", "source", "lang", "title"].contains(key) || key.hasPrefix("meta.")
        else {
            throw OperationError(
                .configuration,
                "'\(text)' is none of uri=PREFIX, source=NAME, lang=TAG, title=TEXT and meta.KEY=TEXT"
            )
        }
        self.key = key
        self.value = String(parts[1])
    }

    func holds(for text: StoredText) -> Bool {
        switch self.key {
        case "uri": text.uri.hasPrefix(self.value)
        case "source": text.source == self.value
        case "lang": text.language == self.value
        case "title": text.title == self.value
        default: text.metadata[String(self.key.dropFirst("meta.".count))] == self.value
        }
    }
}
