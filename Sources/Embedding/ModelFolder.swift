internal import Foundation
internal import Storage

/// How the vectors of a text's tokens become one.
enum Pooling: String, Sendable {
    case mean
    /// The first token's.
    case cls
    case last
}

/// What a model's folder says beside its weights: tokeniser, pooling, prefixes, longest sequence.
///
/// As transformers and sentence-transformers write it; a folder without the latter's files is pooled by
/// the mean.
struct ModelFolder {
    let path: String
    let config: ModelConfig

    /// - Parameter config: what a folder without a `config.json` is taken for; nil refuses it.
    /// - Throws: ``EmbeddingError`` `.unknownModel`, `.damagedModel`, `.unsupportedModel` with the tool that
    ///   converts what the folder holds.
    init(path: String, whereMissing config: ModelConfig? = nil) throws {
        self.path = path
        if fileExists(path + "/config.json") {
            self.config = try ModelConfig(path: path + "/config.json")
        } else if let config {
            self.config = config
        } else {
            throw EmbeddingError(
                .unknownModel,
                "\(path) holds no model: there is no config.json in it\(Self.conversion(path))"
            )
        }
        guard fileExists(path + "/model.safetensors") else {
            throw EmbeddingError(
                .unsupportedModel,
                "\(path): there is no model.safetensors\(Self.conversion(path))"
            )
        }
    }

    /// Its `config.json`, key by key.
    func values() throws -> ConfigValues { try ConfigValues(path: self.path + "/config.json") }

    /// What to do about weights in another form.
    private static func conversion(_ path: String) -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let save =
            "python3 -c \"from transformers import AutoModel as M, AutoTokenizer as T; d='\(path)'; "
            + "M.from_pretrained(d).save_pretrained(d); T.from_pretrained(d).save_pretrained(d)\""
        if names.contains(where: { $0.hasSuffix(".gguf") }) {
            return "; GGUF is not read: take the model it was made of, or "
                + "AutoModel.from_pretrained(DIR, gguf_file=NAME).save_pretrained(DIR) of transformers"
        }
        if names.contains(where: { $0.hasSuffix(".onnx") }) {
            return "; ONNX is not read: take the safetensors of the model it was exported from"
        }
        if names.contains("model.safetensors.index.json") {
            return "; weights in several files are not read: join them with \(save)"
        }
        if names.contains(where: { $0.hasSuffix(".bin") || $0.hasSuffix(".pt") }) {
            return "; pickled weights are not read: convert them with \(save)"
        }
        return ""
    }

    // MARK: Tokeniser

    /// - Throws: ``EmbeddingError``.
    func tokenizer() throws -> (tokenizer: any TextTokenizer, template: SequenceTemplate) {
        let jsonPath = self.path + "/tokenizer.json"
        let vocabularyPath = self.path + "/vocab.txt"
        let hasVocabulary = fileExists(vocabularyPath)
        guard fileExists(jsonPath) else {
            guard hasVocabulary else {
                throw EmbeddingError(
                    .unsupportedModel,
                    "\(self.path): there is neither tokenizer.json nor vocab.txt; write it with python3 -c "
                        + "\"from transformers import AutoTokenizer as T; "
                        + "T.from_pretrained('\(self.path)').save_pretrained('\(self.path)')\""
                )
            }
            let isLowercased = try self.tokenizerConfig()?.doLowerCase ?? true
            return try self.wordPiece(
                readFile(vocabularyPath, maximumBytes: 1 << 24),
                WordPieceCasing(lowercases: isLowercased, stripsAccents: isLowercased)
            )
        }
        let json = try TokenizerJSON(path: jsonPath)
        guard json.kind == .wordPiece else {
            let tokenizer = try FileTokenizer(json)
            return (tokenizer, tokenizer.template)
        }
        let vocabulary =
            hasVocabulary
            ? try readFile(vocabularyPath, maximumBytes: 1 << 24)
            : Array(try json.pieces().joined(separator: [0x0A])) + [0x0A]
        return try self.wordPiece(vocabulary, WordPieceCasing(json.json["normalizer"]))
    }

    private func wordPiece(
        _ vocabulary: [UInt8],
        _ casing: WordPieceCasing
    ) throws -> (tokenizer: any TextTokenizer, template: SequenceTemplate) {
        let tokenizer = try WordPieceTokenizer(
            vocabulary: vocabulary,
            options: .init(casing: casing)
        )
        let template = [tokenizer.id(of: "[CLS]"), tokenizer.id(of: "[SEP]")].compactMap { $0 }
        return (
            tokenizer,
            SequenceTemplate(before: Array(template.prefix(1)), after: Array(template.dropFirst()))
        )
    }

    /// The pieces of a WordPiece vocabulary, by id.
    ///
    /// - Throws: ``EmbeddingError`` `.unsupportedModel` for another kind of tokeniser.
    func wordPieces() throws -> [[UInt8]] {
        let jsonPath = self.path + "/tokenizer.json"
        let vocabularyPath = self.path + "/vocab.txt"
        if fileExists(jsonPath) {
            let json = try TokenizerJSON(path: jsonPath)
            guard json.kind == .wordPiece else {
                throw EmbeddingError(
                    .unsupportedModel,
                    "\(self.path): only a vocabulary of WordPiece gives terms"
                )
            }
            if !fileExists(vocabularyPath) { return try json.pieces() }
        }
        return try readFile(vocabularyPath, maximumBytes: 1 << 24)
            .split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { Array($0.last == 0x0D ? $0.dropLast() : $0) }
    }

    private func tokenizerConfig() throws -> TokenizerConfig? {
        let path = self.path + "/tokenizer_config.json"
        return fileExists(path) ? try TokenizerConfig(path: path) : nil
    }

    // MARK: Sentences

    func pooling() throws -> Pooling {
        let modulesPath = self.path + "/modules.json"
        var poolingFolder = "1_Pooling"
        if fileExists(modulesPath) {
            for module in try ModuleEntry.read(path: modulesPath) {
                switch module.type.split(separator: ".").last {
                case "Transformer", "Normalize": break
                case "Pooling": poolingFolder = module.path
                default:
                    throw EmbeddingError(
                        .unsupportedModel,
                        "\(modulesPath): a module '\(module.type)' is not run"
                    )
                }
            }
        }
        // The path is the file's word: it must not lead out of the folder.
        guard !poolingFolder.contains("/"), !poolingFolder.hasPrefix(".") else { return .mean }
        let path = self.path + "/\(poolingFolder)/config.json"
        guard fileExists(path) else { return .mean }
        let config = try PoolingConfig(path: path)
        if let mode = config.poolingMode {
            switch mode {
            case "mean": return .mean
            case "cls": return .cls
            case "lasttoken": return .last
            default:
                throw EmbeddingError(.unsupportedModel, "\(path): pooling '\(mode)' is not run")
            }
        }
        let chosen: [(Bool?, Pooling?, String)] = [
            (config.poolingModeClsToken, .cls, "cls"),
            (config.poolingModeMeanTokens, .mean, "mean"),
            (config.poolingModeLasttoken, .last, "last"),
            (config.poolingModeMaxTokens, nil, "max"),
            (config.poolingModeMeanSqrtLenTokens, nil, "mean_sqrt_len"),
            (config.poolingModeWeightedmeanTokens, nil, "weightedmean"),
        ].filter { $0.0 == true }
        guard let first = chosen.first else { return .mean }
        guard chosen.count == 1, let pooling = first.1 else {
            let names = chosen.map { $0.2 }.joined(separator: " and ")
            throw EmbeddingError(.unsupportedModel, "\(path): pooling by \(names) is not run")
        }
        return pooling
    }

    /// What is put before a text of `role`; empty where the folder says nothing.
    func prefix(_ role: EmbeddingRole) throws -> String {
        let path = self.path + "/config_sentence_transformers.json"
        guard fileExists(path) else { return "" }
        let prompts = try PromptConfig(path: path).prompts ?? [:]
        let names = role == .query ? ["query"] : ["passage", "document", "corpus"]
        return names.lazy.compactMap { prompts[$0] ?? nil }.first ?? ""
    }

    /// Tokens of a sequence, special ones counted, of at most `positions`.
    func maximumTokens(positions: Int) throws -> Int {
        let path = self.path + "/sentence_bert_config.json"
        var maximum: Int?
        if fileExists(path) { maximum = try SentenceConfig(path: path).maxSeqLength }
        if maximum == nil, let limit = try self.tokenizerConfig()?.modelMaxLength, limit < 1e6 {
            maximum = min(Int(limit), positions)
        }
        guard let maximum else { return positions }
        guard maximum > 2, maximum <= positions else {
            throw EmbeddingError(
                .unsupportedModel,
                "max_seq_length \(maximum) with \(positions) positions"
            )
        }
        return maximum
    }
}

extension WordPieceCasing {
    /// As a `BertNormalizer` says it.
    ///
    /// - Throws: ``EmbeddingError`` `.unsupportedModel` for another normaliser.
    init(_ normalizer: JSONTree?) throws(EmbeddingError) {
        guard normalizer?["type"]?.text == "BertNormalizer",
            normalizer?["clean_text"]?.flag != false,
            normalizer?["handle_chinese_chars"]?.flag != false
        else {
            throw EmbeddingError(
                .unsupportedModel,
                "tokenizer.json: WordPiece is run behind a BertNormalizer with clean_text and "
                    + "handle_chinese_chars only"
            )
        }
        let lowercases = normalizer?["lowercase"]?.flag ?? true
        self.init(
            lowercases: lowercases,
            stripsAccents: normalizer?["strip_accents"]?.flag ?? lowercases
        )
    }
}
