internal import Manifests
internal import Records

/// The shards that had vectors of a model before this phase wrote any.
///
/// A chunk keeps its vector wherever its text turns up: a document that was renamed may be in another
/// shard now. In a first backfill there is nothing to find, and nothing is looked for.
struct VectorSources: Sendable {
    private struct Source: Sendable {
        let shard: Int
        let model: Int64
    }

    private let manifest: @Sendable (_ shard: Int) throws -> ShardManifest

    /// By model fingerprint.
    private let sources: [String: [Source]]

    static let none = VectorSources()

    private init() {
        self.sources = [:]
        self.manifest = { _ in throw OperationError(.fatal, "no shard has vectors") }
    }

    /// - Parameters:
    ///   - shards: those to look through, ascending.
    ///   - manifest: opens one of them.
    init(
        _ shards: some Sequence<Int>,
        models: Set<String>,
        manifest: @escaping @Sendable (_ shard: Int) throws -> ShardManifest
    ) throws {
        var sources: [String: [Source]] = [:]
        for fingerprint in models.sorted() {
            sources[fingerprint] = try shards.compactMap { shard in
                let opened = try manifest(shard)
                guard let model = try opened.knownModelNumber(for: fingerprint),
                    try opened.hasVectors(model: model)
                else { return nil }
                return Source(shard: shard, model: model)
            }
        }
        self.sources = sources
        self.manifest = manifest
    }

    /// The shards that have some, ascending.
    var shards: [Int] { Set(self.sources.values.joined().map(\.shard)).sorted() }

    /// Fills the places in `target` of unknown texts that another shard than `own` has a vector for.
    ///
    /// - Parameter gaps: Indices into `hashes`.
    /// - Returns: what is still missing.
    func fill(
        _ gaps: VectorGaps,
        of hashes: [Digest],
        model fingerprint: String,
        dimensions: Int,
        except own: ShardManifest,
        into target: inout [Float]
    ) throws -> VectorGaps {
        var missing = gaps.unknown
        var unkept = gaps.unkept
        for source in self.sources[fingerprint] ?? [] {
            guard !missing.isEmpty else { break }
            let manifest = try self.manifest(source.shard)
            guard manifest !== own else { continue }
            var found = [Float](repeating: 0, count: missing.count * dimensions)
            let rest = try manifest.fillVectors(
                model: source.model,
                hashes: missing.map { hashes[$0] },
                dimensions: dimensions,
                into: &found
            )
            guard rest.unknown.count < missing.count else { continue }
            let restPlaces = Set(rest.all)
            for (position, place) in missing.enumerated() where !restPlaces.contains(position) {
                target.replaceSubrange(
                    place * dimensions..<(place + 1) * dimensions,
                    with: found[position * dimensions..<(position + 1) * dimensions]
                )
            }
            unkept += rest.unkept.map { missing[$0] }
            missing = rest.unknown.map { missing[$0] }
        }
        return VectorGaps(unknown: missing, unkept: unkept.sorted())
    }
}
