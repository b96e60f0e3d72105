internal import Dataflow
internal import Embedding
internal import Logging
internal import Manifests
internal import Records
internal import Stages
internal import Storage
internal import Synchronization

/// The embedding cache of one embed stage, as a run uses it.
///
/// It saves work and changes nothing: what goes wrong in it is told once, and the run goes on without it.
final class VectorCache: Sendable {
    private struct State {
        /// Nil once something went wrong.
        var opened: (cache: EmbeddingCache, model: EmbeddingCache.Model)?
        var problem: String?
        var hits = 0
    }

    private let folder: String
    private let byteLimit: Int
    private let dimensions: Int
    private let log: Logger
    private let state = Mutex(State())

    private static let fileName = "vectors.sqlite"
    private static let lockName = "lock"
    /// Others hold the lock while they make or open the file.
    private static let lockWaitSeconds = 20.0

    /// The file of the cache in a folder.
    static func file(in folder: String) -> String { "\(folder)/\(Self.fileName)" }

    /// - Throws: ``OperationError`` `.configuration` where this user may not write there.
    init(
        _ choice: EmbeddingCacheChoice,
        model: any EmbeddingModel,
        log: Logger,
        at milliseconds: Int64
    ) throws {
        self.folder = choice.folder
        self.byteLimit = choice.byteLimit
        self.dimensions = model.identity.dimensions
        self.log = log
        do {
            let opened = try Self.open(choice.folder, model, at: milliseconds)
            self.state.withLock { $0.opened = opened }
        } catch {
            if Self.isRefusal(error) {
                throw OperationError(.configuration, "'cache' of the embed stage: \(error)")
            }
            self.giveUp(error)
        }
    }

    /// Why the cache was not used to the end of the run; nil where it was.
    var problem: String? { self.state.withLock { $0.problem } }

    /// Texts whose vector was found here.
    var hits: Int { self.state.withLock { $0.hits } }

    /// Copies the vectors of the texts at `places` to their places in `target`.
    ///
    /// - Parameter target: of all `hashes`, side by side.
    /// - Returns: the places without one, in the order given.
    func fill(_ places: [Int], of hashes: [Digest], into target: inout [Float]) -> [Int] {
        guard !places.isEmpty, let opened = self.state.withLock({ $0.opened }) else {
            return places
        }
        do {
            let rest = try opened.cache.fillVectors(
                opened.model,
                hashes: hashes,
                at: places,
                into: &target
            )
            let missing = Set(rest)
            let found = Set(places.lazy.filter { !missing.contains($0) }.map { hashes[$0] }).count
            self.state.withLock { $0.hits += found }
            return rest
        } catch {
            // What was copied before is whole, and made anew all the same.
            self.giveUp(error)
            return places
        }
    }

    /// The vectors of those texts that have one here.
    func vectors(of hashes: [Digest]) -> [Digest: [Float]] {
        let dimensions = self.dimensions
        var target = [Float](repeating: 0, count: hashes.count * dimensions)
        let missing = Set(self.fill(Array(hashes.indices), of: hashes, into: &target))
        var found: [Digest: [Float]] = [:]
        for place in hashes.indices where !missing.contains(place) {
            found[hashes[place]] = Array(target[place * dimensions..<(place + 1) * dimensions])
        }
        return found
    }

    /// Keeps what a model made.
    ///
    /// - Parameter components: of all `hashes`, side by side.
    func store(_ hashes: [Digest], components: [Float]) {
        guard !hashes.isEmpty, let opened = self.state.withLock({ $0.opened }) else { return }
        do {
            try opened.cache.store(
                hashes,
                components: components,
                of: opened.model,
                byteLimit: self.byteLimit
            )
        } catch {
            self.giveUp(error)
        }
    }

    private func giveUp(_ error: any Error) {
        let isUseless = (error as? ManifestError).map { [.corrupt, .tooNew].contains($0.code) }
        let remedy =
            isUseless == true
            ? "; remove \(self.folder): it holds nothing that cannot be made again" : ""
        let isFirst = self.state.withLock { state in
            state.opened = nil
            defer { state.problem = state.problem ?? "embedding cache: \(error)\(remedy)" }
            return state.problem == nil
        }
        guard isFirst else { return }
        self.log.warning("embedding cache not used", metadata: ["cause": "\(error)"])
    }

    // MARK: Opening

    private static func open(
        _ folder: String,
        _ model: any EmbeddingModel,
        at milliseconds: Int64
    ) throws -> (cache: EmbeddingCache, model: EmbeddingCache.Model) {
        try createPrivateFolder(folder)
        // Two that make the file at once would each find half of it.
        let lock = try waitingForLock("embedding cache \(folder)", seconds: Self.lockWaitSeconds) {
            () throws(StorageError) in
            try WorkspaceLock.acquire(
                "\(folder)/\(Self.lockName)",
                as: .current(verb: "open the cache", startedMilliseconds: milliseconds)
            )
        }
        defer { withExtendedLifetime(lock) {} }
        let cache = try EmbeddingCache(path: Self.file(in: folder), mode: .create)
        let identity = cacheIdentity(of: model)
        return (cache, try cache.use(identity, dimensions: model.identity.dimensions))
    }

    /// Whether the operator has to choose another folder, rather than a file be made anew.
    private static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case let error as StorageError:
            [.permission, .alreadyExists, .notFound].contains(error.code)
        case let error as ManifestError: error.code == .permission
        case let error as OperationError: error.status == .fatal
        default: false
        }
    }
}

/// The cache of an embed stage for those who only ask what is in it.
struct CachedVectors {
    private let cache: EmbeddingCache
    private let model: EmbeddingCache.Model
    private let dimensions: Int

    /// Nil for a stage without one, for one that was never filled, and where nothing of the model is in it.
    init?(_ node: PlanNode, models: ModelSet) throws {
        guard let choice = embeddingCache(node) else { return nil }
        let path = VectorCache.file(in: choice.folder)
        let model = try models.model(of: node)
        guard !model.isCheap, fileExists(path),
            let cache = try? EmbeddingCache(path: path, mode: .readOnly),
            let known = try? cache.model(
                cacheIdentity(of: model),
                dimensions: model.identity.dimensions
            )
        else { return nil }
        self.cache = cache
        self.model = known
        self.dimensions = model.identity.dimensions
    }

    /// Those of the texts that have a sound vector.
    func holds(_ hashes: [Digest]) throws -> Set<Digest> {
        var target = [Float](repeating: 0, count: hashes.count * self.dimensions)
        let missing = Set(
            try self.cache.fillVectors(
                self.model,
                hashes: hashes,
                at: Array(hashes.indices),
                into: &target
            )
        )
        return Set(hashes.indices.filter { !missing.contains($0) }.map { hashes[$0] })
    }
}

/// What decides a vector in a cache: of a server its address too, since two servers may call two models by one
/// name.
func cacheIdentity(of model: any EmbeddingModel) -> String {
    let own = model.identity.fingerprintText
    guard let remote = model as? RemoteModel else { return own }
    return own + "endpoint=\(remote.settings.endpoint.utf8.count):\(remote.settings.endpoint)\n"
}

extension VectorCache {
    /// The caches of a plan's embed stages, by stage.
    ///
    /// A model whose vectors cost less to make than to read has none.
    static func caches(
        of plan: Plan,
        models: ModelSet,
        log: Logger,
        at milliseconds: Int64
    ) throws -> [String: VectorCache] {
        var caches: [String: VectorCache] = [:]
        for node in plan.nodes where node.uses == embedStageName {
            guard let choice = embeddingCache(node) else { continue }
            let model = try models.model(of: node)
            guard !model.isCheap else { continue }
            caches[node.id] = try VectorCache(choice, model: model, log: log, at: milliseconds)
        }
        return caches
    }
}

extension Plan {
    /// The files of the embedding caches that its stages name and that are there, each once.
    var embeddingCacheFiles: [String] {
        let folders = self.nodes.filter { $0.uses == embedStageName }
            .compactMap { embeddingCache($0)?.folder }
        return Set(folders).sorted().map { VectorCache.file(in: $0) }.filter { fileExists($0) }
    }
}
