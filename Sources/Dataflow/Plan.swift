/// A validated pipeline: sources, and stages in topological order.
package struct Plan: Sendable {
    package struct Source: Sendable, Hashable {
        package var name: String
        /// The source kind, such as `folder`.
        package var type: String
        /// Lower comes first when duplicates compete.
        package var priority: Int
        /// Every key of the source's descriptor, defaults filled in, paths absolute.
        package var configuration: [String: ConfigValue]

        package init(
            name: String,
            type: String,
            priority: Int,
            configuration: [String: ConfigValue]
        ) {
            self.name = name
            self.type = type
            self.priority = priority
            self.configuration = configuration
        }
    }

    package var name: String
    /// Absolute path of the workspace folder.
    package var workspace: String
    /// The address of a workspace on object storage; `workspace` is then the folder of this machine for it, once
    /// someone has said which that is.
    package var remote: String?
    /// Absolute path of the folder of the pipeline file, where its relative paths start.
    package var directory: String
    package var shardCount: Int
    /// How many shards a workspace may have.
    package static let shardCountRange = PipelineDeclaration.shardCountRange
    package var sources: [Source]
    /// Topological order; ties in the order of the file.
    package var nodes: [PlanNode]
    /// The stages that bring what is published to another system, in the order of the file; no output of a run
    /// depends on them.
    package var exports: [PlanNode]
    /// What a snapshot has to pass before it goes live; nil where nothing is asked of it.
    package var gate: GateSettings?
    package var retention: RetentionSettings
    /// Who ranks the best hits of a search anew; nil where nobody does.
    package var rerank: RerankSettings?

    package init(
        name: String,
        workspace: String,
        remote: String? = nil,
        directory: String = "/",
        shardCount: Int,
        sources: [Source],
        nodes: [PlanNode],
        exports: [PlanNode] = [],
        gate: GateSettings? = nil,
        retention: RetentionSettings = RetentionSettings(),
        rerank: RerankSettings? = nil
    ) {
        self.name = name
        self.workspace = workspace
        self.remote = remote
        self.directory = directory
        self.shardCount = shardCount
        self.sources = sources
        self.nodes = nodes
        self.exports = exports
        self.gate = gate
        self.retention = retention
        self.rerank = rerank
    }

    package func nodes(in phase: Phase) -> [PlanNode] { self.nodes.filter { $0.phase == phase } }
}

/// One stage of a plan.
package struct PlanNode: Sendable, Hashable, Codable {
    /// The name the pipeline file gives the stage.
    package var id: String
    /// The stage kind.
    package var uses: String
    package var phase: Phase
    /// Names of the stages or sources it reads from, in file order.
    package var inputs: [String]
    /// For extraction stages, the media types routed to it; empty otherwise.
    package var mediaTypes: [String]
    /// Every key of the stage's descriptor, defaults filled in, paths absolute.
    package var configuration: [String: ConfigValue]

    package init(
        id: String,
        uses: String,
        phase: Phase,
        inputs: [String],
        mediaTypes: [String],
        configuration: [String: ConfigValue]
    ) {
        self.id = id
        self.uses = uses
        self.phase = phase
        self.inputs = inputs
        self.mediaTypes = mediaTypes
        self.configuration = configuration
    }
}

extension [PlanNode] {
    /// The stages a document goes through from `first` on, which is an extraction stage, in order.
    ///
    /// - Precondition: the nodes are the prepare nodes of a validated plan, where each stage feeds one
    ///   other at most.
    package func path(from first: PlanNode) -> [PlanNode] {
        var path = [first]
        while let last = path.last, let next = self.first(where: { $0.inputs.contains(last.id) }) {
            path.append(next)
        }
        return path
    }
}
