internal import Dataflow
internal import Segments
package import Telemetry

/// What a published snapshot is made of, for those who have to decide whether it may be used.
///
/// - Source: the questions of Gebru et al., Datasheets for Datasets (2021), as far as a program can answer.
package struct Datasheet: Sendable, Codable {
    package struct Source: Sendable, Codable {
        package var name: String
        /// The kind of the source, such as `folder`; empty for one the pipeline does not name any more.
        package var type: String
        /// Served documents.
        package var documents: Int
        /// Why it was not listed completely by the last run; nil when it was.
        package var problem: String?
    }

    package struct Index: Sendable, Codable {
        package var name: String
        /// Empty for an index without vectors.
        package var model: String
        package var dimensions: Int
    }

    package var workspace: String
    package var pipeline: String
    /// When this was written, `2026-11-21 02:00:07 UTC`.
    package var time: String
    package var snapshot: Int
    package var digest: String
    package var documents: Int
    package var chunks: Int
    package var indexes: [Index]
    package var sources: [Source]
    /// Served documents by language tag; the empty tag where it is not known.
    package var languages: [String: Int]
    package var mediaTypes: [String: Int]
    /// Served documents by what they say of their licence; the empty one where they say nothing.
    package var licences: [String: Int]
    /// Served documents by access label; the empty one for those without.
    package var labels: [String: Int]
    /// Values replaced, by kind, in all documents that are known.
    package var redactions: [String: Int]
    /// How the known documents stand now.
    package var accounts: DocumentAccounts
    package var nearDuplicates: GroupReport?
    /// Documents that are not in it, by the code of their failure.
    package var failures: [String: Int]
    /// Documents that are left out, by the stage that did it and why.
    package var exclusions: [String: Int]
    /// The stages, in their order: `chunk (chunk)`.
    package var stages: [String]
}

/// Describes the published snapshot of a pipeline.
///
/// What is served is counted from its segments; redactions, duplicates and failures are those of the manifests.
///
/// - Throws: ``OperationError`` `.noSuchState` without a workspace or a snapshot.
package func datasheet(pipeline path: String, clock: WallClock = .system) throws -> Datasheet {
    let plan = try loadPipeline(path: path)
    let status = try status(workspace: plan.workspace)
    return try translatingErrors {
        let snapshot = try publishedSnapshot(workspace: plan.workspace)
        let served = try showSnapshot(snapshot.number, workspace: plan.workspace)
        return Datasheet(
            workspace: plan.workspace,
            pipeline: plan.name,
            time: universalTime(clock.milliseconds()),
            snapshot: snapshot.number,
            digest: snapshot.digest,
            documents: snapshot.documentCount,
            chunks: snapshot.chunkCount,
            indexes: snapshot.indexes.map {
                Datasheet.Index(name: $0.name, model: $0.modelName, dimensions: $0.dimensions)
            },
            sources: sources(plan, status, served),
            languages: served.languages,
            mediaTypes: served.mediaTypes,
            licences: served.licences,
            labels: served.labels,
            redactions: status.redactions,
            accounts: status.accounts,
            nearDuplicates: status.nearDuplicates,
            failures: Dictionary(status.deadLetters.map { ($0.code, 1) }, uniquingKeysWith: +),
            exclusions: status.exclusions,
            stages: plan.nodes.map { "\($0.id) (\($0.uses))" }
        )
    }
}

/// Every source that is named or that something served came from.
private func sources(
    _ plan: Plan,
    _ status: StatusReport,
    _ served: SnapshotDetails
) -> [Datasheet.Source] {
    let types = Dictionary(plan.sources.map { ($0.name, $0.type) }) { first, _ in first }
    return Set(types.keys).union(served.sources.keys).sorted().map { name in
        Datasheet.Source(
            name: name,
            type: types[name] ?? "",
            documents: served.sources[name] ?? 0,
            problem: status.sources.first { $0.source == name }?.problem
        )
    }
}
