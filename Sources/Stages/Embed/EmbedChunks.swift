package import Dataflow
package import Embedding

/// Embeds chunks in batches by tokens.
package struct EmbedChunks: EmbedStage {
    package let dimensions: Int
    package let tokenizerIdentity: String
    private let model: any EmbeddingModel
    private let batchTokens: Int

    package init(_ node: PlanNode, model: any EmbeddingModel) {
        self.init(
            model: model,
            batchTokens: node.parameters.int("batch_tokens", default: 1024)
        )
    }

    init(model: any EmbeddingModel, batchTokens: Int) {
        self.model = model
        self.batchTokens = batchTokens
        self.dimensions = model.identity.dimensions
        self.tokenizerIdentity = model.identity.tokenizer
    }

    package mutating func embed(_ inputs: [EmbedInput]) throws -> [Embedded] {
        var results: [Embedded] = []
        results.reserveCapacity(inputs.count)
        var batch: [EmbeddingInput] = []
        var tokens = 0
        for input in inputs {
            // Bytes stand in for tokens that are not known yet: a token is four bytes or so.
            let cost = input.tokens?.count ?? input.text.count / 4 + 1
            if tokens + cost > self.batchTokens, !batch.isEmpty {
                results += try self.run(batch)
                batch.removeAll(keepingCapacity: true)
                tokens = 0
            }
            batch.append(self.input(of: input))
            tokens += cost
        }
        if !batch.isEmpty { results += try self.run(batch) }
        return results
    }

    private func input(of input: EmbedInput) -> EmbeddingInput {
        if self.model.tokenizer != nil, let tokens = input.tokens {
            return EmbeddingInput(tokens: tokens)
        }
        return EmbeddingInput(text: Array(input.text))
    }

    private func run(_ batch: [EmbeddingInput]) throws -> [Embedded] {
        let outputs = try self.model.embed(batch)
        guard outputs.count == batch.count else {
            throw StageConstructionError(
                stage: embedDescriptor.name,
                message: "the model gave \(outputs.count) vectors for \(batch.count) texts"
            )
        }
        return outputs.map {
            Embedded(
                vector: $0.vector,
                tokenCount: $0.tokenCount,
                isTruncated: $0.isTruncated
            )
        }
    }
}

/// What a million tokens cost in an embed stage; 0 for a model that costs nothing.
package func costPerMillionTokens(_ node: PlanNode) -> Double {
    node.parameters.double("cost_per_million_tokens", default: 0)
}
