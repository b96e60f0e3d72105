internal import Dataflow
internal import Embedding
internal import Foundation
internal import Segments
internal import Stages

/// The embedding and expanding models of a plan, each loaded once and shared by every worker.
final class ModelSet: Sendable {
    private let models: [EmbedderReference: any EmbeddingModel]
    private let expanders: [ExpanderChoice: ExpansionModel]

    /// Loads what the plan's chunk, embed and expand stages name, and looks at what its language stages do.
    ///
    /// Of a server no key is read and nothing is asked.
    /// - Throws: ``OperationError`` `.configuration`; its message is the command that fetches a missing
    ///   model, or what is wrong with a stage's keys.
    init(for plan: Plan, root: String?) throws {
        self.models = try Self.load(embedders(of: plan), root: root)
        self.expanders = try Self.load(
            plan.nodes.filter { $0.uses == expandStageName }.map { ExpanderChoice($0) },
            root: root
        )
        for node in plan.nodes where node.uses == languageStageName {
            do {
                _ = try languageDetector(of: node)
            } catch {
                throw OperationError(.configuration, "\(error)")
            }
        }
        try refuseUnredactedText(in: plan)
    }

    init(names: [String], root: String?) throws {
        self.models = try Self.load(names.map { (.named($0), RemoteLimits()) }, root: root)
        self.expanders = [:]
    }

    init(stage node: PlanNode, root: String?) throws {
        self.models = try Self.load([(try embedder(of: node), remoteLimits(node))], root: root)
        self.expanders = [:]
    }

    /// The embedder of an index, for queries.
    init(index: IndexSnapshot, root: String?) throws {
        self.models = try Self.load([(index.embedderReference, .forQueries)], root: root)
        self.expanders = [:]
    }

    func model(_ name: String) throws -> any EmbeddingModel { try self.model(.named(name)) }

    /// The model of an embed stage.
    func model(of node: PlanNode) throws -> any EmbeddingModel {
        try self.model(try embedder(of: node))
    }

    /// The model of an expand stage.
    func expander(of node: PlanNode) throws -> ExpansionModel {
        let choice = ExpanderChoice(node)
        guard let model = self.expanders[choice] else {
            throw OperationError(.configuration, "model '\(choice.model)' was not loaded")
        }
        return model
    }

    /// The embedder of an index.
    func model(of index: IndexSnapshot) throws -> any EmbeddingModel {
        try self.model(index.embedderReference)
    }

    private func model(_ reference: EmbedderReference) throws -> any EmbeddingModel {
        guard let model = self.models[reference] else {
            throw OperationError(.configuration, "model '\(reference.name)' was not loaded")
        }
        return model
    }

    /// What a stage reads beside its configuration: part of its fingerprint.
    func resource(of node: PlanNode) -> String? {
        switch node.uses {
        case embedStageName:
            (try? self.model(of: node))?.identity.fingerprintText
        case expandStageName:
            (try? self.expander(of: node))?.identity.fingerprintText
        case chunkStageName:
            chunkTokenizerName(node).flatMap { try? self.model($0).identity.tokenizer }
        default:
            languageResource(node) ?? redactResource(node) ?? pictureResource(node)
                ?? converterResource(node)
        }
    }

    private static func load(
        _ wanted: [ExpanderChoice],
        root: String?
    ) throws -> [ExpanderChoice: ExpansionModel] {
        let store = root.map { ModelStore(root: $0) } ?? ModelStore()
        var models: [ExpanderChoice: ExpansionModel] = [:]
        for choice in wanted where models[choice] == nil {
            do {
                models[choice] = try store.expander(
                    choice.model,
                    termLimit: choice.termLimit,
                    precision: choice.precision
                )
            } catch let error as EmbeddingError {
                throw OperationError(.configuration, error.message)
            }
        }
        return models
    }

    private static func load(
        _ wanted: [(reference: EmbedderReference, limits: RemoteLimits)],
        root: String?
    ) throws -> [EmbedderReference: any EmbeddingModel] {
        let store = root.map { ModelStore(root: $0) } ?? ModelStore()
        var models: [EmbedderReference: any EmbeddingModel] = [:]
        for (reference, limits) in wanted where models[reference] == nil {
            do {
                switch reference {
                case .local(let local): models[reference] = try store.load(local)
                case .remote(let settings):
                    models[reference] = try RemoteModel(settings, limits: limits)
                }
            } catch let error as EmbeddingError {
                throw OperationError(.configuration, error.message)
            }
        }
        return models
    }
}

/// The embedder that an embed stage names.
///
/// - Throws: ``OperationError`` `.configuration` for keys that contradict each other.
func embedder(of node: PlanNode) throws -> EmbedderReference {
    do {
        return try embedderReference(node)
    } catch {
        throw OperationError(.configuration, "\(error)")
    }
}

/// What the plan's chunk and embed stages name, in the order of its nodes.
private func embedders(
    of plan: Plan
) throws -> [(reference: EmbedderReference, limits: RemoteLimits)] {
    try plan.nodes.compactMap { node in
        switch node.uses {
        case embedStageName:
            do {
                _ = try spendLimits(node)
            } catch {
                throw OperationError(.configuration, "\(error)")
            }
            return (try embedder(of: node), remoteLimits(node))
        case chunkStageName:
            return chunkTokenizerName(node).map { (.named($0), RemoteLimits()) }
        default: return nil
        }
    }
}

/// The models of this machine that the plan's chunk, embed and expand stages name, each once, in the order of
/// names.
func modelNames(of plan: Plan) -> [String] {
    let names = plan.nodes.compactMap { node -> String? in
        switch node.uses {
        case embedStageName:
            guard case .local(let local)? = try? embedderReference(node) else { return nil }
            return local.model
        case expandStageName: return ExpanderChoice(node).model
        case chunkStageName: return chunkTokenizerName(node)
        default: return nil
        }
    }
    return Set(names).sorted()
}

extension RemoteLimits {
    /// Who waits for an answer to a query waits less.
    fileprivate static var forQueries: RemoteLimits {
        var limits = RemoteLimits()
        limits.patience = .seconds(10)
        return limits
    }
}

extension IndexSnapshot {
    /// How the embedder of this index is made again.
    var embedderReference: EmbedderReference {
        self.embedder.flatMap {
            try? JSONDecoder().decode(EmbedderReference.self, from: Data($0.utf8))
        } ?? .named(self.modelName)
    }
}

extension EmbedderReference {
    /// What an index keeps of it; nil where the name says it all.
    var forIndex: String? {
        let kept: EmbedderReference
        switch self {
        case .local(let local):
            guard local != LocalReference(model: local.model) || local.model.hasPrefix("/") else {
                return nil
            }
            kept = self
        case .remote(var settings):
            settings.key = settings.key.forIndex
            kept = .remote(settings)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(kept)).map { String(decoding: $0, as: UTF8.self) }
    }
}
