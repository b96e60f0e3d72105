internal import Dataflow
internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// Which documents a workspace must never take up again: keyed digests of URIs and of contents, so that the list
/// says nothing to who has it alone.
struct ForgottenDocuments: Sendable {
    private struct File: Codable {
        var version = 1
        /// HMAC-SHA256 in hexadecimal, ascending.
        var uris: [String]
        var contents: [String]
    }

    /// Choice: a hundred thousand documents take 7 MB.
    private static let byteCountMax = 1 << 30

    private let key: [UInt8]
    private var uris: Set<String> = []
    private var contents: Set<String> = []

    init(key: ErasureKey) { self.key = key.naming }

    /// Those of a workspace; nil where nothing was ever forgotten.
    ///
    /// - Throws: ``OperationError`` `.fatal` where the list or its key is lost or damaged: a run must not go on
    ///   without, it would bring documents back.
    static func read(_ layout: WorkspaceLayout) throws -> ForgottenDocuments? {
        guard fileExists(layout.forgotten) else { return nil }
        var forgotten = ForgottenDocuments(key: try ErasureKey.read(layout.erasureKey))
        let bytes = try readFile(layout.forgotten, maximumBytes: Self.byteCountMax)
        guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.version == 1
        else {
            throw OperationError(
                .fatal,
                "\(layout.forgotten): the list of forgotten documents cannot be read, and a run could bring "
                    + "them back; restore it from a backup"
            )
        }
        forgotten.uris = Set(file.uris)
        forgotten.contents = Set(file.contents)
        return forgotten
    }

    func write(_ layout: WorkspaceLayout) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let file = File(uris: self.uris.sorted(), contents: self.contents.sorted())
        try createFolder(layout.erasureFolder)
        try replaceFile(layout.forgotten, with: [UInt8](try encoder.encode(file)) + [0x0A])
    }

    /// What stands for a URI in the list and in receipts.
    func digest(uri: String) -> String { self.digest("uri ", Array(uri.utf8)) }
    func contains(uri: String) -> Bool { self.uris.contains(self.digest(uri: uri)) }
    func contains(uriDigest: String) -> Bool { self.uris.contains(uriDigest) }

    /// - Parameter content: SHA-256 of a document's bytes.
    func contains(content: Digest) -> Bool {
        !self.contents.isEmpty
            && self.contents.contains(self.digest("content ", Array(content.hex.utf8)))
    }

    mutating func add(uri: String) { self.uris.insert(self.digest(uri: uri)) }
    mutating func add(content: Digest) {
        self.contents.insert(self.digest("content ", Array(content.hex.utf8)))
    }

    private func digest(_ use: String, _ bytes: [UInt8]) -> String {
        Hex.encode(authenticationCode(of: Array(use.utf8) + bytes, key: self.key))
    }
}

/// What a run leaves out of its sources: what is forgotten, and what is older than it may be.
struct LeftOutDocuments: Sendable {
    let forgotten: ForgottenDocuments?
    private let retention: RetentionSettings
    /// Milliseconds since 1970.
    private let now: Int64

    static let forgottenReason = "forget: forgotten"

    init(forgotten: ForgottenDocuments?, retention: RetentionSettings, now: Int64) {
        self.forgotten = forgotten
        self.retention = retention
        self.now = now
    }

    var isEmpty: Bool {
        self.forgotten == nil && self.retention.days == nil && self.retention.sourceDays.isEmpty
            && !self.asksLabels
    }

    /// Whether a reason may depend on labels.
    var asksLabels: Bool { !self.retention.labelDays.isEmpty }

    /// Why a listed document is left out; nil for one that is taken.
    ///
    /// - Parameter labels: as far as they are known before it is read.
    func reason(
        uri: String,
        source: String,
        labels: [String],
        modificationNanoseconds: Int64
    ) -> String? {
        if let forgotten, forgotten.contains(uri: uri) { return Self.forgottenReason }
        let limits =
            [self.retention.days, self.retention.sourceDays[source]]
            + labels.map { self.retention.labelDays[$0] }
        // A time of 0 is none.
        guard let days = limits.compactMap({ $0 }).min(), modificationNanoseconds > 0,
            modificationNanoseconds < (self.now - Int64(days) * 86_400_000) * 1_000_000
        else { return nil }
        return "retention: over \(days) days old"
    }
}
