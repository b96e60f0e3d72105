internal import Foundation
internal import Storage

/// The parts of a model's `config.json` (Hugging Face) that decide its arithmetic.
struct ModelConfig: Decodable {
    var model_type: String
    var hidden_act: String?
    var hidden_size: Int?
    var intermediate_size: Int?
    var layer_norm_eps: Float?
    var max_position_embeddings: Int?
    var num_attention_heads: Int?
    var num_hidden_layers: Int?
    var position_embedding_type: String?

    init(path: String) throws { self = try decodeConfig(Self.self, path: path) }
}

/// `sentence_bert_config.json` of sentence-transformers.
struct SentenceConfig: Decodable {
    var max_seq_length: Int

    init(path: String) throws { self = try decodeConfig(Self.self, path: path) }
}

private func decodeConfig<Value: Decodable>(_ type: Value.Type, path: String) throws -> Value {
    let bytes = try readFile(path, maximumBytes: 1 << 20)
    do {
        return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
        throw EmbeddingError(.damagedModel, "\(path): not the JSON of a model's configuration")
    }
}
