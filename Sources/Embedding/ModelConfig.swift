internal import Foundation
internal import Storage

/// The parts of a model's `config.json` (Hugging Face) that decide its arithmetic.
struct ModelConfig: Decodable {
    var modelType: String
    var hiddenAct: String?
    var hiddenSize: Int?
    var intermediateSize: Int?
    var layerNormEps: Float?
    var maxPositionEmbeddings: Int?
    var numAttentionHeads: Int?
    var numHiddenLayers: Int?
    var positionEmbeddingType: String?

    init(path: String) throws { self = try decodeConfig(Self.self, path: path) }
}

/// `sentence_bert_config.json` of sentence-transformers.
struct SentenceConfig: Decodable {
    var maxSeqLength: Int

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
