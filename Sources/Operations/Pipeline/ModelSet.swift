internal import Dataflow
internal import Embedding
internal import Stages

/// The embedding models of a plan, each loaded once and shared by every worker.
final class ModelSet: Sendable {
    private let models: [String: any EmbeddingModel]

    /// Loads what the plan's chunk and embed stages name, and looks at what its language stages do.
    ///
    /// - Throws: ``OperationError`` `.configuration`; its message is the command that fetches a missing
    ///   model.
    init(for plan: Plan, root: String?) throws {
        self.models = try Self.load(modelNames(of: plan), root: root)
        for node in plan.nodes where node.uses == languageStageName {
            do {
                _ = try languageDetector(of: node)
            } catch {
                throw OperationError(.configuration, "\(error)")
            }
        }
    }

    init(names: [String], root: String?) throws {
        self.models = try Self.load(names, root: root)
    }

    func model(_ name: String) throws -> any EmbeddingModel {
        guard let model = self.models[name] else {
            throw OperationError(.configuration, "model '\(name)' was not loaded")
        }
        return model
    }

    /// What a stage reads beside its configuration: part of its fingerprint.
    func resource(of node: PlanNode) -> String? {
        switch node.uses {
        case embedStageName:
            self.models[embeddingModelName(node)]?.identity.fingerprintText
        case chunkStageName:
            chunkTokenizerName(node).flatMap { self.models[$0]?.identity.tokenizer }
        default: languageResource(node) ?? redactResource(node) ?? pictureResource(node)
        }
    }

    private static func load(
        _ names: [String],
        root: String?
    ) throws -> [String: any EmbeddingModel] {
        let store = root.map { ModelStore(root: $0) } ?? ModelStore()
        var models: [String: any EmbeddingModel] = [:]
        for name in names {
            do {
                models[name] = try store.load(name: name)
            } catch let error as EmbeddingError {
                throw OperationError(.configuration, error.message)
            }
        }
        return models
    }
}

/// The models that the plan's chunk and embed stages name, each once, in the order of names.
func modelNames(of plan: Plan) -> [String] {
    let names = plan.nodes.compactMap { node -> String? in
        switch node.uses {
        case embedStageName: embeddingModelName(node)
        case chunkStageName: chunkTokenizerName(node)
        default: nil
        }
    }
    return Set(names).sorted()
}
