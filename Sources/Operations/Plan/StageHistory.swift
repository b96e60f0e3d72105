internal import Dataflow
internal import Foundation
internal import Manifests
internal import Records
internal import Stages

/// What a stage was when the workspace was last brought up to date; kept in the catalog so that a plan
/// can say what changed since.
struct StageRecord: Codable, Hashable {
    var id: String
    var uses: String
    var revision: Int
    var inputs: [String]
    var mediaTypes: [String]
    var configuration: [String: ConfigValue]
    /// Identity of the model or file behind the stage; empty without one.
    var resource: String

    init(_ node: PlanNode, models: ModelSet) {
        let descriptor = pipelineCatalogue.stages.first { $0.name == node.uses }
        let names = descriptor?.parameters.filter(\.affectsOutput).map(\.name) ?? []
        self.id = node.id
        self.uses = node.uses
        self.revision = descriptor?.revision ?? 0
        self.inputs = node.inputs.sorted()
        self.mediaTypes = node.mediaTypes.sorted()
        self.configuration = node.configuration.filter { names.contains($0.key) }
        self.resource = models.resource(of: node) ?? ""
    }

    /// Why this stage makes other output than `before` did, itself; nil when it does not.
    func change(since before: StageRecord) -> StageChange? {
        if self.uses != before.uses {
            return StageChange(.graph, "\(self.id): \(before.uses) became \(self.uses)")
        }
        if self.revision != before.revision {
            return StageChange(
                .revision,
                "\(self.id): revision \(before.revision) became \(self.revision)"
            )
        }
        let keys = Set(self.configuration.keys).union(before.configuration.keys)
            .filter { self.configuration[$0] != before.configuration[$0] }
        if !keys.isEmpty || self.mediaTypes != before.mediaTypes {
            let names = keys.sorted() + (self.mediaTypes == before.mediaTypes ? [] : ["media"])
            return StageChange(
                .configuration,
                names.map { "\(self.id).\($0)" }.joined(separator: ", ")
            )
        }
        if self.resource != before.resource {
            let resource =
                self.uses == redactStageName ? "policy, key or table of names" : "model or file"
            return StageChange(.model, "\(self.id): another \(resource)")
        }
        return nil
    }
}

/// Why a stage's output differs from what it was.
struct StageChange: Hashable {
    let cause: RunPlan.Group.Cause
    let detail: String

    init(_ cause: RunPlan.Group.Cause, _ detail: String) {
        self.cause = cause
        self.detail = detail
    }
}

/// The stages of the last run that ended, against those of a plan.
struct StageHistory {
    private static let settingKey = "stages"

    private let before: [String: StageRecord]
    private let now: [StageRecord]

    init(now: [StageRecord], catalog: Catalog?) throws {
        let text = try catalog?.setting(Self.settingKey)
        let stored = text.flatMap {
            try? JSONDecoder().decode([StageRecord].self, from: Data($0.utf8))
        }
        self.now = now
        self.before = Dictionary(
            (stored ?? []).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    static func write(_ stages: [StageRecord], to catalog: Catalog) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(stages), as: UTF8.self)
        // A run that changes nothing writes nothing.
        guard try catalog.setting(Self.settingKey) != text else { return }
        try catalog.setSetting(Self.settingKey, to: text)
    }

    /// Whether what is stored went through another redaction than the plan's; false where nothing is known of
    /// what was before.
    var changesRedaction: Bool {
        func redactions(_ stages: some Sequence<StageRecord>) -> Set<StageRecord> {
            Set(stages.filter { $0.uses == redactStageName })
        }
        return !self.before.isEmpty
            && redactions(self.before.values) != redactions(self.now)
    }

    /// What changed in the stages `ids` themselves; the first of them in the order of the plan.
    func firstChange(among ids: Set<String>) -> StageChange? {
        for stage in self.now where ids.contains(stage.id) {
            guard let before = self.before[stage.id] else {
                return self.before.isEmpty
                    ? nil : StageChange(.graph, "\(stage.id): a new stage")
            }
            if let change = stage.change(since: before) { return change }
            if stage.inputs != before.inputs {
                return StageChange(.graph, "\(stage.id): reads from other stages")
            }
        }
        return nil
    }
}
