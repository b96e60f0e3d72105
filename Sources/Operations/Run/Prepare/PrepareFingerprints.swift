internal import Dataflow
internal import Embedding
internal import Hashing
internal import Records
internal import Stages

/// Which prepare fingerprint an attempt at a document counts for.
///
/// A prepared document depends on the stages of its own path, from its extraction stage on: when the
/// PDF stage changes, no HTML page is read again. Whatever else came of an attempt may depend on every
/// path, because another one might have taken the document. Where a stage's policy has rules for single
/// sources, the name of the source is part of it all.
struct PrepareFingerprints: Sendable {
    private struct Path: Sendable {
        let sources: Set<String>
        let mediaTypes: Set<String>
        let fingerprint: Digest
    }

    private let whole: Digest
    private let paths: [Path]
    /// By source; nil where sources are alike.
    private let bySource: [String: PrepareFingerprints]?
    /// Of the stages that a server embeds for, by id: what a document that it refused is held to.
    private let embeds: [String: Digest]
    private let current: Set<Digest>

    init(plan: Plan, fingerprints: PlanFingerprints) {
        let all = Self(plan: plan, fingerprints: fingerprints, source: nil)
        guard plan.nodes.contains(where: dependsOnSource) else {
            self = all
            return
        }
        let bySource = Dictionary(
            uniqueKeysWithValues: plan.sources.map {
                ($0.name, Self(plan: plan, fingerprints: fingerprints, source: $0.name))
            }
        )
        self.whole = all.whole
        self.paths = all.paths
        self.bySource = bySource
        self.embeds = all.embeds
        self.current = bySource.values.reduce(into: []) { $0.formUnion($1.current) }
    }

    private init(plan: Plan, fingerprints: PlanFingerprints, source: String?) {
        func own(_ digest: Digest) -> Digest {
            source.map { sha256("\(digest.hex) source \($0)") } ?? digest
        }
        self.whole = own(fingerprints.prepare)
        self.paths = plan.nodes(in: .prepare).compactMap { node in
            fingerprints.preparePaths[node.id].map {
                Path(
                    sources: Set(node.inputs),
                    mediaTypes: Set(node.mediaTypes),
                    fingerprint: own($0)
                )
            }
        }
        self.bySource = nil
        let whole = self.whole
        self.embeds = Dictionary(
            uniqueKeysWithValues: plan.nodes.filter(isRemoteEmbedder).map { node in
                let embed = fingerprints.materialise[node.id] ?? .zero
                return (node.id, sha256("\(whole.hex) refused by \(embed.hex)"))
            }
        )
        self.current = Set(self.paths.map(\.fingerprint) + [whole] + self.embeds.values)
    }

    /// Whether an attempt with this fingerprint would come out the same today.
    func isCurrent(_ fingerprint: Digest, source: String) -> Bool {
        self.fingerprints(of: source).current.contains(fingerprint)
    }

    /// Whether an attempt with this fingerprint would come out the same today, in some source.
    func isCurrent(_ fingerprint: Digest) -> Bool { self.current.contains(fingerprint) }

    /// Of all prepare stages together.
    func whole(source: String) -> Digest { self.fingerprints(of: source).whole }

    /// Of an attempt that ended at the embed stage `id`: with another model or other chunks it is made anew.
    func ofUnembedded(_ id: String, source: String) -> Digest {
        let own = self.fingerprints(of: source)
        return own.embeds[id] ?? own.whole
    }

    /// The fingerprint of a document that was prepared as `mediaType`.
    func ofPrepared(_ mediaType: MediaType, source: String) -> Digest {
        let own = self.fingerprints(of: source)
        return own.paths.first {
            $0.sources.contains(source) && $0.mediaTypes.contains(mediaType.name)
        }?.fingerprint ?? own.whole
    }

    private func fingerprints(of source: String) -> PrepareFingerprints {
        self.bySource?[source] ?? self
    }
}

/// Whether a server embeds for this stage.
func isRemoteEmbedder(_ node: PlanNode) -> Bool {
    guard node.uses == embedStageName, let reference = try? embedderReference(node),
        case .remote = reference
    else { return false }
    return true
}
