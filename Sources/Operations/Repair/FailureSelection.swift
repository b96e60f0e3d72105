internal import Manifests
internal import Records
internal import Storage

/// Which dead letters a verb is about; one that sets nothing means all of them.
package struct FailureFilter: Sendable, Hashable {
    package var stage: String?
    package var code: String?
    package var source: String?
    /// Only those that ended their workers.
    package var isQuarantined = false

    package init() {}

    /// - Throws: ``OperationError`` `.configuration` naming the codes there are.
    func check() throws {
        guard let code = self.code, StageFailure.Code(rawValue: code) == nil else { return }
        let names = StageFailure.Code.allCases.map(\.rawValue).sorted().joined(separator: ", ")
        throw OperationError(.configuration, "'\(code)' is no failure code; they are \(names)")
    }

    func includes(_ failure: FailureReport) -> Bool {
        (self.stage ?? failure.stage) == failure.stage
            && (self.code ?? failure.code) == failure.code
            && (self.source ?? failure.source) == failure.source
            && (!self.isQuarantined || failure.state == .quarantined)
    }
}

/// The dead letters of a workspace as they were at one moment.
struct FailureTable {
    /// Fewer digits of an id name too many documents to be meant.
    private static let prefixLengthMinimum = 4

    let workspace: String
    /// With the ids of the documents, by URI.
    let rows: [(id: DocumentID, report: FailureReport)]

    init(_ reader: WorkspaceReader) throws {
        var rows: [(id: DocumentID, report: FailureReport)] = []
        for shard in 0..<reader.shardCount {
            guard let manifest = try reader.shard(shard) else { continue }
            for letter in try manifest.deadLetters() {
                let isServed = try manifest.listingRow(of: letter.id)?.state == .stale
                rows.append((letter.id, FailureReport(letter, shard: shard, isServed: isServed)))
            }
        }
        self.workspace = reader.layout.root
        self.rows = rows.sorted { $0.report.uri < $1.report.uri }
    }

    /// The rows that `names` name, by their URIs, ids or the beginnings of ids; each once.
    ///
    /// - Throws: ``OperationError`` `.noSuchState` for a name of no dead letter, `.configuration` for
    ///   one of several.
    func named(_ names: [String]) throws -> [(id: DocumentID, report: FailureReport)] {
        let ids = Set(try names.map { try self.named($0).id })
        return self.rows.filter { ids.contains($0.id) }
    }

    func named(_ name: String) throws -> (id: DocumentID, report: FailureReport) {
        if let row = self.rows.first(where: { $0.report.uri == name }) { return row }
        let prefix = name.lowercased()
        let rows =
            prefix.utf8.count < Self.prefixLengthMinimum
            ? [] : self.rows.filter { $0.report.id.hasPrefix(prefix) }
        switch rows.count {
        case 1: return rows[0]
        case 0:
            throw OperationError(
                .noSuchState,
                "no document that failed is called '\(name)'; 'millrace failures ls --workspace "
                    + "\(self.workspace)' lists them"
            )
        default:
            throw OperationError(
                .configuration,
                "'\(name)' begins the ids of \(rows.count) documents; give more of it: "
                    + rows.prefix(4).map(\.report.id).joined(separator: ", ")
            )
        }
    }
}
