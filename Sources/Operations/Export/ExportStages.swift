internal import Dataflow
internal import Exports
internal import Hashing
internal import Objects
internal import Records
internal import Stages

/// An export that the pipeline itself asks for.
struct ExportStage: Sendable {
    /// The stage's name in the pipeline file.
    let name: String
    /// The index stage whose rows it brings over.
    let index: String
    let destination: ExportDestination
    /// Tells whether it is still the one that was sent to.
    let identity: String
}

extension Plan {
    /// The exports of the pipeline, in the order of its file.
    ///
    /// - Throws: ``OperationError`` `.configuration` for one that could never be made: a name or URL that is none,
    ///   or a credential that is not there. Nothing is asked of its server.
    func exportStages() throws -> [ExportStage] {
        try self.exports.map { node in
            do {
                let stage = ExportStage(
                    name: node.id,
                    index: try self.exportedIndex(node),
                    destination: try ExportDestination(node),
                    identity: sha256(canonicalJSON(.map(node.configuration))).hex
                )
                try stage.destination.check()
                return stage
            } catch {
                throw OperationError(.configuration, "stage '\(node.id)': \(error)")
            }
        }
    }

    /// - Invariant: one reads from the stage that the export reads from; validation holds the plan to it.
    private func exportedIndex(_ node: PlanNode) throws -> String {
        let indexes = self.nodes.filter { $0.uses == indexStageName && $0.inputs == node.inputs }
        guard let wanted = Parameters(node.configuration).text(ExportKeys.index) else {
            return indexes.first?.id ?? ""
        }
        guard indexes.contains(where: { $0.id == wanted }) else {
            throw ExportError(
                .noSuchIndex,
                "no index stage '\(wanted)' reads from \(node.inputs.joined(separator: ", ")); "
                    + "there is \(indexes.map(\.id).joined(separator: ", "))"
            )
        }
        return wanted
    }
}

extension ExportDestination {
    fileprivate init(_ node: PlanNode) throws {
        let values = Parameters(node.configuration)
        func text(_ key: String) -> String { values.text(key) ?? "" }
        func secret(_ key: String) -> SecretSource? { values.text(key).map { .environment($0) } }
        switch ExportKind(rawValue: node.uses) {
        case .lines:
            self = .lines(
                path: text(ExportKeys.output),
                withVectors: values.bool(ExportKeys.vectors)
            )
        case .arrays: self = .arrays(path: text(ExportKeys.output))
        case .parquet: self = .parquet(path: text(ExportKeys.output))
        case .postgres:
            let variable = secret(ExportKeys.dsnVariable)
            guard variable == nil || values.text(ExportKeys.dsn) == nil else {
                throw ExportError(.badTarget, "give 'dsn' or 'dsn_env', not both")
            }
            self = .postgres(
                dsn: variable ?? .given(text(ExportKeys.dsn)),
                table: text(ExportKeys.table)
            )
        case .qdrant:
            self = .qdrant(
                url: text(ExportKeys.url),
                collection: text(ExportKeys.collection),
                key: secret(ExportKeys.keyVariable)
            )
        case .openSearch:
            self = .openSearch(
                url: text(ExportKeys.url),
                index: text(ExportKeys.name),
                authorization: secret(ExportKeys.keyVariable)
            )
        case nil: throw StageConstructionError.unknown(node)
        }
    }

    /// Whether it could be asked at all; asks nobody.
    ///
    /// - Throws: `ExportError` `.badTarget`, `SecretError`.
    func check() throws {
        switch self {
        case .lines, .arrays, .parquet: break
        case .postgres(let dsn, let table):
            try PostgresTarget.check(table: table)
            _ = try dsn.read()
        case .qdrant(let url, let collection, let key):
            _ = try QdrantTarget(url: url, collection: collection, key: key?.read())
        case .openSearch(let url, let index, let authorization):
            _ = try OpenSearchTarget(url: url, index: index, authorization: authorization?.read())
        }
    }
}
