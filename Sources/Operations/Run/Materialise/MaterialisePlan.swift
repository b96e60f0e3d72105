internal import Dataflow
internal import Embedding
internal import Hashing
internal import Records
internal import Segments
internal import Stages

/// The materialise part of a plan as a tree: every chunk stage with what it feeds.
struct MaterialisePlan: Sendable {
    struct IndexBranch: Sendable {
        let node: PlanNode
        let fingerprint: Digest
        let configuration: SegmentConfiguration
        let modelName: String
        /// How its embedder is made again; nil where the name says it all.
        let embedder: String?
        /// The expand stage that feeds it beside its embedder or chunks; nil for an index without expansions.
        let expander: ExpanderLink?
    }

    struct ExpanderLink: Sendable {
        let stage: String
        /// Which model it is, as the index keeps it.
        let reference: String
        /// Of the model and how many terms it gives.
        let fingerprint: String
    }

    struct EmbedBranch: Sendable {
        let node: PlanNode
        let model: any EmbeddingModel
        let indexes: [IndexBranch]
    }

    struct ExpandBranch: Sendable {
        let node: PlanNode
        let model: ExpansionModel

        var link: ExpanderLink {
            ExpanderLink(
                stage: self.node.id,
                reference: ExpanderReference(
                    model: ExpanderChoice(self.node).model,
                    tokenizer: self.model.identity.tokenizer
                ).json,
                fingerprint: self.model.identity.fingerprintText
            )
        }
    }

    struct ChunkBranch: Sendable {
        let node: PlanNode
        let fingerprint: Digest
        let tokenizer: WordPieceTokenizer?
        let embeds: [EmbedBranch]
        let expands: [ExpandBranch]
        /// Indexes that are fed chunks without vectors.
        let lexicalIndexes: [IndexBranch]

        /// All that make a row of numbers for each chunk, which is kept by the chunk's text.
        var models: [(node: PlanNode, model: any EmbeddingModel, indexes: [IndexBranch])] {
            self.embeds.map { ($0.node, $0.model, $0.indexes) }
                + self.expands.map { ($0.node, $0.model, []) }
        }
    }

    let branches: [ChunkBranch]
    let policies: PlanPolicies

    /// - Throws: ``OperationError`` `.configuration` when one index is fed by two models: their vectors
    ///   cannot be compared.
    init(plan: Plan, fingerprints: PlanFingerprints, models: ModelSet) throws {
        let policies = try PlanPolicies(plan)
        self.policies = policies
        func fingerprint(_ node: PlanNode) -> Digest {
            fingerprints.materialise[node.id] ?? .zero
        }
        func readers(of node: PlanNode, kind: String) -> [PlanNode] {
            plan.nodes.filter { $0.uses == kind && $0.inputs.contains(node.id) }
        }
        try Self.refuseMixedIndexes(plan)
        self.branches = try plan.nodes.filter { $0.uses == chunkStageName }.map { chunk in
            let expands = try readers(of: chunk, kind: expandStageName).map {
                ExpandBranch(node: $0, model: try models.expander(of: $0))
            }
            /// A segment names the policies its texts went through, so another policy makes another segment.
            func index(
                _ node: PlanNode,
                _ identity: ModelIdentity?,
                _ reference: EmbedderReference? = nil
            ) -> IndexBranch {
                let own = fingerprint(node)
                return IndexBranch(
                    index: node,
                    fingerprint: policies.hash.isEmpty
                        ? own : sha256("\(own.hex) policy \(policies.hash)"),
                    identity: identity,
                    reference: reference,
                    expander: expands.first { node.inputs.contains($0.node.id) }?.link,
                    policy: policies.hash
                )
            }
            let embeds = try readers(of: chunk, kind: embedStageName).map { embed in
                let model = try models.model(of: embed)
                let reference = try embedder(of: embed)
                return EmbedBranch(
                    node: embed,
                    model: model,
                    indexes: readers(of: embed, kind: indexStageName).map {
                        index($0, model.identity, reference)
                    }
                )
            }
            let withVectors = Set(embeds.flatMap { $0.indexes.map(\.node.id) })
            let sources = [chunk.id] + expands.map(\.node.id)
            return ChunkBranch(
                node: chunk,
                fingerprint: fingerprint(chunk),
                tokenizer: try chunkTokenizerName(chunk).flatMap {
                    try models.model($0).tokenizer
                },
                embeds: embeds,
                expands: expands,
                lexicalIndexes: plan.nodes.filter { node in
                    node.uses == indexStageName && !withVectors.contains(node.id)
                        && sources.contains(where: node.inputs.contains)
                }
                .map { index($0, nil) }
            )
        }
    }

    /// Every index of the plan, in the order of its file.
    var indexes: [IndexBranch] {
        self.branches.flatMap { branch in
            branch.embeds.flatMap(\.indexes) + branch.lexicalIndexes
        }
    }

    /// The part of the plan that feeds `indexes`.
    func restricted(to indexes: Set<String>) -> MaterialisePlan {
        func kept(_ branches: [IndexBranch]) -> [IndexBranch] {
            branches.filter { indexes.contains($0.node.id) }
        }
        return MaterialisePlan(
            branches: self.branches.compactMap { chunk in
                let embeds = chunk.embeds.compactMap { embed in
                    let own = kept(embed.indexes)
                    return own.isEmpty
                        ? nil : EmbedBranch(node: embed.node, model: embed.model, indexes: own)
                }
                let lexical = kept(chunk.lexicalIndexes)
                guard !embeds.isEmpty || !lexical.isEmpty else { return nil }
                let stages = (embeds.flatMap(\.indexes) + lexical).compactMap(\.expander?.stage)
                return ChunkBranch(
                    node: chunk.node,
                    fingerprint: chunk.fingerprint,
                    tokenizer: chunk.tokenizer,
                    embeds: embeds,
                    expands: chunk.expands.filter { stages.contains($0.node.id) },
                    lexicalIndexes: lexical
                )
            },
            policies: self.policies
        )
    }

    /// Reads the keys of the servers that embed.
    ///
    /// - Throws: ``OperationError`` `.configuration` where one is not there.
    func readKeys() throws {
        for embed in self.branches.flatMap(\.embeds) {
            do {
                try (embed.model as? RemoteModel)?.readKey()
            } catch {
                throw OperationError(.configuration, "stage '\(embed.node.id)': \(error)")
            }
        }
    }

    /// Fingerprints of every model that embeds or expands.
    var modelFingerprints: Set<String> {
        Set(self.branches.flatMap { $0.models.map(\.model.identity.fingerprintText) })
    }

    /// Of those, the models whose vectors are made anew instead of kept.
    var cheapModelFingerprints: Set<String> {
        Set(
            self.branches.flatMap { branch in
                branch.embeds.filter(\.model.isCheap).map(\.model.identity.fingerprintText)
            }
        )
    }

    private init(branches: [ChunkBranch], policies: PlanPolicies) {
        self.branches = branches
        self.policies = policies
    }

    private static func refuseMixedIndexes(_ plan: Plan) throws {
        func refuse(_ node: PlanNode, _ rule: String) -> OperationError {
            OperationError(
                .configuration,
                "index '\(node.id)' is fed by \(node.inputs.joined(separator: " and ")): \(rule)"
            )
        }
        for node in plan.nodes where node.uses == indexStageName && node.inputs.count > 1 {
            let inputs = node.inputs.compactMap { id in plan.nodes.first { $0.id == id } }
            let expanderCount = inputs.count { $0.uses == expandStageName }
            guard inputs.count - expanderCount < 2 else {
                throw refuse(
                    node,
                    "an index holds the vectors of one model; give each embedder an index of its own"
                )
            }
            guard expanderCount < 2 else {
                throw refuse(node, "an index holds the expansions of one model")
            }
            let chunks = Set(
                inputs.flatMap { $0.uses == chunkStageName ? [$0.id] : $0.inputs }
            )
            guard chunks.count < 2 else {
                throw refuse(
                    node,
                    "they cut other chunks; let 'embed' and 'expand' read from the same chunk stage"
                )
            }
        }
    }
}

extension MaterialisePlan.IndexBranch {
    /// - Parameter identity: the model that feeds the index; nil for an index without vectors.
    /// - Parameter reference: how that model is made again.
    /// - Parameter expander: the stage that expands its chunks; nil for none.
    /// - Parameter policy: the hash of the policies its texts went through; empty without any.
    init(
        index node: PlanNode,
        fingerprint: Digest,
        identity: ModelIdentity?,
        reference: EmbedderReference?,
        expander: MaterialisePlan.ExpanderLink?,
        policy: String
    ) {
        let encoding = identity == nil ? VectorEncoding.none : vectorEncoding(node)
        self.init(
            node: node,
            fingerprint: fingerprint,
            configuration: SegmentConfiguration(
                indexName: node.id,
                dimensions: encoding == .none ? 0 : identity?.dimensions ?? 0,
                vectorEncoding: encoding,
                modelFingerprint: encoding == .none ? "" : identity?.fingerprintText ?? "",
                analyzerRevision: ChunkTermReader.revision,
                expansionFingerprint: expander?.fingerprint ?? "",
                properties: policy.isEmpty ? [:] : ["policy": policy]
            ),
            modelName: encoding == .none ? "" : identity?.name ?? "",
            embedder: encoding == .none ? nil : reference?.forIndex,
            expander: expander
        )
    }
}
