internal import Exports
internal import Foundation
internal import Objects
internal import Segments

/// Where the rows of an export go.
package enum ExportDestination: Sendable {
    /// One file of JSON lines.
    case lines(path: String, withVectors: Bool)
    /// A folder with `vectors.npy` and `chunks.jsonl`.
    case arrays(path: String)
    /// A Parquet file, written by the Python package `millrace` with pyarrow.
    case parquet(path: String)
    /// A table of PostgreSQL; the connection string is in an environment variable, or holds no password.
    case postgres(dsn: SecretSource, table: String)
    case qdrant(url: String, collection: String, key: SecretSource?)
    /// The value of the header `Authorization` is in an environment variable.
    case openSearch(url: String, index: String, authorization: SecretSource?)
}

/// Where a credential of an export is read from.
package enum SecretSource: Sendable {
    case environment(String)
    case given(String)
}

package struct ExportRequest: Sendable {
    package var workspace: String
    package var destination: ExportDestination
    package var index: String?
    /// Compare every row, also where the target's seal says that all is there.
    package var verifies = false
    /// Whether it should end early; the same request again goes on.
    var isStopping: @Sendable () -> Bool = { false }

    package init(workspace: String, destination: ExportDestination) {
        self.workspace = workspace
        self.destination = destination
    }
}

package struct ExportReport: Sendable, Codable {
    /// What and where, without credentials.
    package var target: String
    package var snapshot: Int
    package var index: String
    /// Of all rows together: equal digests, equal rows.
    package var digest: String
    package var inserted: Int
    package var updated: Int
    package var deleted: Int
    /// Rows that were there already, as they should be.
    package var unchanged: Int
    /// Rows of the target in the end.
    package var rows: Int
}

/// Brings the chunks of the published snapshot to another system: sends what is new or changed, deletes what is
/// gone, and compares the counts at the end.
///
/// - Throws: ``OperationError`` `.noSuchState` without a snapshot, `.configuration` for a target that cannot be
///   used, `.fatal` where it did not take what was sent; the same request again goes on from there.
package func export(_ request: ExportRequest) throws -> ExportReport {
    try translatingErrors {
        do {
            let rows = try openRows(request)
            if case .parquet(let path) = request.destination {
                return try exportParquet(rows, path, request)
            }
            let (place, outcome) = try send(rows, request)
            return ExportReport(place, rows.shape, outcome)
        } catch let error as ExportError {
            let isUsage = error.code == .badTarget || error.code == .noSuchIndex
            throw OperationError(isUsage ? .configuration : .fatal, error.message)
        } catch let error as SecretError {
            throw OperationError(.configuration, error.message)
        }
    }
}

private func openRows(_ request: ExportRequest) throws -> SnapshotRows {
    let snapshot = try publishedSnapshot(workspace: request.workspace)
    return try SnapshotRows(
        workspace: request.workspace,
        snapshot: snapshot,
        index: request.index
    )
}

private func send(
    _ rows: SnapshotRows,
    _ request: ExportRequest
) throws -> (place: String, outcome: ExportOutcome) {
    func sent(_ target: some ExportTarget) throws -> (String, ExportOutcome) {
        var target = target
        let outcome = try reconcile(
            rows,
            into: &target,
            verifying: request.verifies,
            isStopping: request.isStopping
        )
        return (target.place, outcome)
    }
    switch request.destination {
    case .lines(let path, let withVectors):
        return (path, try exportLines(rows, to: path, withVectors: withVectors))
    case .arrays(let path): return (path, try exportArrays(rows, to: path))
    case .parquet(let path): return (path, ExportOutcome())
    case .postgres(let dsn, let table):
        return try sent(PostgresTarget(dsn: dsn.read(), table: table))
    case .qdrant(let url, let collection, let key):
        return try sent(QdrantTarget(url: url, collection: collection, key: key?.read()))
    case .openSearch(let url, let index, let authorization):
        return try sent(
            OpenSearchTarget(url: url, index: index, authorization: authorization?.read())
        )
    }
}

extension SecretSource {
    func read() throws -> Secret {
        switch self {
        case .environment(let name): try SecretOrigin.environment(name).read()
        case .given(let value): Secret(value)
        }
    }
}

extension ExportReport {
    init(_ place: String, _ shape: ExportShape, _ outcome: ExportOutcome) {
        self.init(
            target: place,
            snapshot: shape.snapshot,
            index: shape.index,
            digest: shape.digest,
            inserted: outcome.inserted,
            updated: outcome.updated,
            deleted: outcome.deleted,
            unchanged: outcome.rowCount - outcome.inserted - outcome.updated,
            rows: outcome.rowCount
        )
    }
}
