internal import Connectors
internal import Dataflow
internal import Embedding
internal import Execution
internal import Foundation
internal import Hashing
internal import Manifests
internal import Objects
internal import Records
internal import Segments
internal import Stages
internal import Storage
internal import Telemetry
internal import Text

package struct DoctorReport: Sendable, Codable {
    package struct Check: Sendable, Codable {
        package var name: String
        package var isSound: Bool
        /// What was found, and what to type when it is not sound.
        package var detail: String
        /// Something that is not there and need not be.
        package var isAbsent = false
    }

    package var checks: [Check]
}

/// Looks at everything a run needs, without touching a workspace; what languages its documents are in is read.
///
/// - Parameter pipeline: a pipeline file: then what its stages, sources and workspace need is looked
///   at, and nothing else. Without one all that this program can use is told; a model that is not
///   there is no fault then.
package func doctor(pipeline: String?) -> DoctorReport {
    let checks = [processorCheck(), librariesCheck()] + workerChecks()
    guard let pipeline else {
        let optional = KnownModel.all.map { modelCheck($0.name) } + [ngramCheck(), namesCheck()]
        return DoctorReport(checks: checks + [languageCheck()] + optional.map(\.asOptional))
    }
    return DoctorReport(checks: checks + pipelineChecks(pipeline))
}

extension DoctorReport.Check {
    /// A fault of something that a pipeline need not use is told and is none.
    fileprivate var asOptional: Self {
        Self(name: self.name, isSound: true, detail: self.detail, isAbsent: !self.isSound)
    }
}

/// The newest forms of files that this program writes.
package let formatVersions =
    "segment format \(SegmentFormat.version), manifest schema \(ManifestKind.shard.currentVersion)"

private func processorCheck() -> DoctorReport.Check {
    let wanted = [
        "avx2", "f16c", "fma", "avx512f", "avx512_vpopcntdq", "avx512_vnni", "avx512_bf16",
    ]
    let flags = processorFlags()
    let found = wanted.filter(flags.contains)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return .init(
        name: "processor",
        isSound: true,
        detail:
            "\(cores) cores, \(found.isEmpty ? "baseline kernels" : found.joined(separator: " "))"
    )
}

private func librariesCheck() -> DoctorReport.Check {
    let versions = [zlibLibrary(), sqliteLibrary()]
    return .init(
        name: "libraries",
        isSound: true,
        detail: versions.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
    )
}

private func languageCheck() -> DoctorReport.Check {
    let isSound = LanguageDetector.selfTest()
    return .init(
        name: "language tables",
        isSound: isSound,
        detail: isSound
            ? "all CLD2 tables are there"
            : "libcld2 has its small tables only; install libcld2-dev and build again"
    )
}

private func ngramCheck() -> DoctorReport.Check {
    let isThere = LanguageModelChoice.py3langid.model != nil
    return .init(
        name: "language model",
        isSound: isThere,
        detail: isThere
            ? LanguageModelChoice.path
            : "without it CLD2 decides alone, less well; \(LanguageModelChoice.remedy)"
    )
}

private func namesCheck() -> DoctorReport.Check {
    let isThere = NameTableFile.table != nil
    return .init(
        name: "table of names",
        isSound: isThere,
        detail: isThere
            ? NameTableFile.path
            : "policies that redact PERSON or ADDRESS need it; \(NameTableFile.remedy)"
    )
}

private func modelCheck(_ name: String) -> DoctorReport.Check {
    let store = ModelStore()
    switch Result(catching: { try store.status(name: name) }) {
    case .success(.present):
        return .init(name: "model \(name)", isSound: true, detail: store.folder(name))
    case .success(.missing(let remedy)):
        return .init(name: "model \(name)", isSound: false, detail: remedy)
    case .success(.damaged(let reason)):
        return .init(name: "model \(name)", isSound: false, detail: reason)
    case .failure(let error):
        return .init(name: "model \(name)", isSound: false, detail: "\(error)")
    }
}

/// A model as a run would load it: the operator's own too.
private func usedModelCheck(_ name: String) -> DoctorReport.Check {
    guard !KnownModel.all.contains(where: { $0.name == name }) else { return modelCheck(name) }
    do {
        let store = ModelStore()
        let dimensions = try store.load(name: name).identity.dimensions
        let family = store.family(ofFolder: name.hasPrefix("/") ? name : store.folder(name))
        return .init(
            name: "model \(name)",
            isSound: true,
            detail: (family.isEmpty ? "" : family + ", ") + "\(dimensions) dimensions"
        )
    } catch {
        return .init(name: "model \(name)", isSound: false, detail: "\(error)")
    }
}

private func pipelineChecks(_ path: String) -> [DoctorReport.Check] {
    let plan: Plan
    do {
        plan = try loadPipeline(path: path, for: .inspection)
    } catch {
        return [.init(name: "pipeline", isSound: false, detail: "\(error)")]
    }
    return [pipelineCheck(path, plan)] + stageChecks(plan) + sourceChecks(plan)
        + [workspaceCheck(plan.workspace)] + languageChecks(plan)
}

/// Whether a run would take the pipeline: its policies' cases and keys too.
private func pipelineCheck(_ path: String, _ plan: Plan) -> DoctorReport.Check {
    do {
        _ = try loadPipeline(path: path, for: .redaction)
    } catch {
        return .init(name: "pipeline", isSound: false, detail: "\(error)")
    }
    return .init(
        name: "pipeline",
        isSound: true,
        detail: "\(plan.name): \(plan.sources.count) sources, \(plan.nodes.count) stages"
    )
}

/// The models and tables that the plan's stages use.
private func stageChecks(_ plan: Plan) -> [DoctorReport.Check] {
    let detects = plan.nodes.contains { $0.uses == languageStageName }
    let tables = plan.nodes.flatMap(stageResources).map { resource in
        DoctorReport.Check(
            name: resource.name,
            isSound: resource.isThere || resource.isOptional,
            detail: resource.isThere ? resource.path : resource.absence,
            isAbsent: !resource.isThere && resource.isOptional
        )
    }
    return (detects ? [languageCheck()] : []) + modelNames(of: plan).map(usedModelCheck)
        + plan.nodes.filter(isRemoteEmbedder).map(serverCheck)
        + plan.nodes.filter { $0.uses == embedStageName }.compactMap(cacheCheck) + tables
}

/// Asks the server of an embed stage for the vector of one word.
private func serverCheck(_ node: PlanNode) -> DoctorReport.Check {
    let name = "embedding server of \(node.id)"
    do {
        guard case .remote(let settings) = try embedder(of: node) else {
            return .init(name: name, isSound: true, detail: "none")
        }
        var limits = remoteLimits(node)
        limits.patience = .seconds(5)
        let model = try RemoteModel(settings, limits: limits)
        let vector = try model.embed(EmbeddingInput(text: "text", role: .passage)).vector
        return .init(
            name: name,
            isSound: true,
            detail: "\(model.place) gives \(vector.count) dimensions"
        )
    } catch {
        return .init(name: name, isSound: false, detail: "\(error)")
    }
}

/// The folder of an embed stage's cache; nil for a stage without one.
private func cacheCheck(_ node: PlanNode) -> DoctorReport.Check? {
    guard let choice = embeddingCache(node) else { return nil }
    let name = "embedding cache of \(node.id)"
    do {
        return .init(
            name: name,
            isSound: true,
            detail: try translatingErrors { try lookAt(choice) }
        )
    } catch {
        return .init(name: name, isSound: false, detail: "\(error)")
    }
}

private func lookAt(_ choice: EmbeddingCacheChoice) throws -> String {
    /// Vectors of each model that are held to their marks.
    let checkedCount = 1_000
    func refuse(_ message: String) -> OperationError { OperationError(.configuration, message) }
    let path = VectorCache.file(in: choice.folder)
    var folder = choice.folder
    while !fileExists(folder), folder != "/" { folder = parentFolder(of: folder) }
    guard try fileStatus(folder).kind == .folder, access(folder, W_OK | X_OK) == 0 else {
        throw refuse("\(folder) is no folder that may be written to")
    }
    guard fileExists(path) else { return "\(choice.folder): empty; the next run fills it" }
    guard access(path, R_OK | W_OK) == 0 else { throw refuse("\(path) may not be written") }
    guard !isSharedFile(path) else {
        throw refuse("\(path) may be read by others; chmod 600 '\(path)'")
    }
    let remedy = "remove \(choice.folder): it holds nothing that cannot be made again"
    let contents: EmbeddingCache.Contents
    do {
        contents = try EmbeddingCache(path: path, mode: .readOnly).contents(checking: checkedCount)
    } catch let error as ManifestError {
        throw refuse("\(error.message); \(remedy)")
    }
    guard contents.damaged == 0 else {
        throw refuse(
            "\(path): \(contents.damaged) of the vectors that were looked at are damaged; they are made anew, "
                + "but look at the disk, or \(remedy)"
        )
    }
    return "\(choice.folder): \(contents.vectors) vectors of \(contents.models) models, "
        + "\(contents.bytes >> 20) of \(choice.byteLimit >> 20) MiB"
}

private func sourceChecks(_ plan: Plan) -> [DoctorReport.Check] {
    plan.sources.map { source in
        let name = "source \(source.name)"
        do {
            let kind = try plan.kind(of: source)
            let settings = plan.settings(of: source)
            let found = try blocking { () async throws(ConnectorError) in
                try await kind.check(settings)
            }
            return .init(name: name, isSound: true, detail: found)
        } catch {
            return .init(name: name, isSound: false, detail: "\(error)")
        }
    }
}

/// The languages of the workspace's documents that a model of the plan does not read; nothing where it reads them
/// all, and of a workspace that is not there yet or cannot be read.
private func languageChecks(_ plan: Plan) -> [DoctorReport.Check] {
    guard let reader = try? WorkspaceReader(root: plan.workspace),
        let counts = try? reader.shards().reduce(
            into: [String: Int](),
            {
                $0.merge(try $1.totals().languages, uniquingKeysWith: +)
            }
        )
    else { return [] }
    return unreadLanguages(of: plan, counts: counts, modelsRoot: nil).map { unread in
        let languages = unread.languages.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let share = Int((100 * unread.share).rounded())
        // The run goes on, and finds them by their words.
        return .init(
            name: "languages of \(unread.model)",
            isSound: true,
            detail:
                "it does not read those of \(share) % of the documents: \(languages); find them with "
                + "search --mode bm25, or set 'model' of the embed stage to one that reads them",
            isAbsent: true
        )
    }
}

/// The workspace, or the nearest folder above it that exists, must be writable with room to spare.
private func workspaceCheck(_ root: String) -> DoctorReport.Check {
    let freeBytesMinimum = 1 << 30
    var folder = root
    while !fileExists(folder), folder != "/" { folder = parentFolder(of: folder) }
    guard access(folder, W_OK | X_OK) == 0 else {
        return .init(name: "workspace", isSound: false, detail: "\(folder) may not be written")
    }
    let free = (try? freeBytes(at: folder)) ?? 0
    return .init(
        name: "workspace",
        isSound: free >= freeBytesMinimum,
        detail: "\(root), \(free >> 20) MiB free"
    )
}
