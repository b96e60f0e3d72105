internal import Dataflow
internal import Hashing
internal import Records

/// Which prepare fingerprint an attempt at a document counts for.
///
/// A prepared document depends on the stages of its own path, from its extraction stage on: when the
/// PDF stage changes, no HTML page is read again. Whatever else came of an attempt may depend on every
/// path, because another one might have taken the document.
struct PrepareFingerprints: Sendable {
    private struct Path: Sendable {
        let sources: Set<String>
        let mediaTypes: Set<String>
        let fingerprint: Digest
    }

    /// Of all prepare stages together.
    let whole: Digest
    private let paths: [Path]
    private let current: Set<Digest>

    init(plan: Plan, fingerprints: PlanFingerprints) {
        self.whole = fingerprints.prepare
        self.paths = plan.nodes(in: .prepare).compactMap { node in
            fingerprints.preparePaths[node.id].map {
                Path(
                    sources: Set(node.inputs),
                    mediaTypes: Set(node.mediaTypes),
                    fingerprint: $0
                )
            }
        }
        self.current = Set(self.paths.map(\.fingerprint) + [fingerprints.prepare])
    }

    /// Whether an attempt with this fingerprint would come out the same today.
    func isCurrent(_ fingerprint: Digest) -> Bool { self.current.contains(fingerprint) }

    /// The fingerprint of a document that was prepared as `mediaType`.
    func ofPrepared(_ mediaType: MediaType, source: String) -> Digest {
        self.paths.first {
            $0.sources.contains(source) && $0.mediaTypes.contains(mediaType.name)
        }?.fingerprint ?? self.whole
    }
}
