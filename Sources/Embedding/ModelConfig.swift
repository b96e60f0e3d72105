internal import Foundation
internal import Storage

/// The parts of a model's `config.json` (Hugging Face) that decide its arithmetic.
///
/// DistilBERT has other names for the same.
struct ModelConfig: Decodable {
    var modelType: String
    var hiddenAct: String?
    var activation: String?
    var hiddenSize: Int?
    var dim: Int?
    var intermediateSize: Int?
    var hiddenDim: Int?
    var layerNormEps: Float?
    var maxPositionEmbeddings: Int?
    var numAttentionHeads: Int?
    var nHeads: Int?
    var numHiddenLayers: Int?
    var nLayers: Int?
    var positionEmbeddingType: String?
    var padTokenId: Int?
    /// Of a static model.
    var normalize: Bool?
    var distilledFrom: DistillationOrigin?

    init(path: String) throws { self = try decodeConfig(Self.self, path: path) }

    init(modelType: String) { self.modelType = modelType }
}

/// `sentence_bert_config.json` of sentence-transformers.
struct SentenceConfig: Decodable {
    var maxSeqLength: Int?
    var doLowerCase: Bool?

    init(path: String) throws { self = try decodeConfig(Self.self, path: path) }
}

/// `1_Pooling/config.json` of sentence-transformers.
struct PoolingConfig: Decodable {
    var poolingMode: String?
    var poolingModeClsToken: Bool?
    var poolingModeMeanTokens: Bool?
    var poolingModeMaxTokens: Bool?
    var poolingModeMeanSqrtLenTokens: Bool?
    var poolingModeWeightedmeanTokens: Bool?
    var poolingModeLasttoken: Bool?

    init(path: String) throws { self = try decodeConfig(Self.self, path: path) }
}

/// One entry of `modules.json` of sentence-transformers.
struct ModuleEntry: Decodable {
    var type: String
    var path: String

    static func read(path: String) throws -> [ModuleEntry] {
        try decodeConfig([Self].self, path: path)
    }
}

/// `config_sentence_transformers.json`: what is put before texts, by what they are for.
struct PromptConfig: Decodable {
    var prompts: [String: String?]?

    init(path: String) throws { self = try decodeConfig(Self.self, path: path) }
}

/// `tokenizer_config.json`.
struct TokenizerConfig: Decodable {
    /// Transformers write 10^30 where there is no limit.
    var modelMaxLength: Double?
    var doLowerCase: Bool?

    init(path: String) throws { self = try decodeConfig(Self.self, path: path) }
}

private func decodeConfig<Value: Decodable>(_ type: Value.Type, path: String) throws -> Value {
    let bytes = try readFile(path, maximumBytes: 1 << 20)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
        return try decoder.decode(type, from: Data(bytes))
    } catch {
        throw EmbeddingError(.damagedModel, "\(path): not the JSON of a model's configuration")
    }
}
