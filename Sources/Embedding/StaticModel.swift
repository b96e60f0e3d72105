internal import CKernels

/// A static model (Model2Vec): a text's vector is the mean of its tokens' rows, scaled to length 1.
///
/// Unknown tokens are dropped. At most 512 tokens are read, and of a text only the first 512 times
/// the median piece length characters, as Model2Vec 0.10 does. A text without a known token gives
/// the zero vector, which callers must not index.
///
/// Vectors have the same bits on every machine.
///
/// - Source: MinishLab, Model2Vec (2024), `StaticModel.encode`.
package struct StaticModel: EmbeddingModel {
    private static let tokensMaximum = 512
    /// Keeps a vector of zeros what it is.
    private static let lengthEpsilon: Float = 1e-32

    package let identity: ModelIdentity
    package var tokenizer: WordPieceTokenizer? { self.text as? WordPieceTokenizer }
    package var isCheap: Bool { true }

    let text: any TextTokenizer
    private let rows: SafetensorsFile.Tensor

    /// Loads `model.safetensors` (tensor `embeddings`) and the tokeniser from `folder`.
    ///
    /// - Parameter queryPrefix: nil takes the folder's own, as for `passagePrefix`.
    /// - Throws: `EmbeddingError` `.damagedModel` or `.unsupportedModel`, `StorageError`.
    package init(
        name: String,
        folder: String,
        queryPrefix: String? = nil,
        passagePrefix: String? = nil
    ) throws {
        let files = try ModelFolder(
            path: folder,
            whereMissing: ModelConfig(modelType: "model2vec")
        )
        let tokenizer = try files.tokenizer().tokenizer
        let weights = try SafetensorsFile(path: folder + "/model.safetensors")
        for name in ["weights", "mapping"] where weights.shape(of: name) != nil {
            throw EmbeddingError(
                .unsupportedModel,
                "model.safetensors: a static model with '\(name)' (a quantised vocabulary) is not run; "
                    + "save it without"
            )
        }
        let rows = try weights.tensor("embeddings", shape: [tokenizer.vocabularyCount, nil])
        self.text = tokenizer
        self.rows = rows
        self.identity = ModelIdentity(
            name: name,
            sha256: weights.sha256,
            tokenizer: tokenizer.identity,
            dimensions: rows.shape[1],
            queryPrefix: try queryPrefix ?? files.prefix(.query),
            passagePrefix: try passagePrefix ?? files.prefix(.passage),
            maximumTokens: Self.tokensMaximum,
            revision: 1
        )
    }

    package func embed(_ batch: [EmbeddingInput]) throws -> [EmbeddingOutput] {
        var tokens = TokenizedText()
        var known: [Int32] = []
        known.reserveCapacity(Self.tokensMaximum)
        return try batch.map { input throws(EmbeddingError) in
            tokens.removeAll()
            known.removeAll(keepingCapacity: true)
            var isTruncated = false
            switch input.content {
            case .tokens(let ids):
                let prefix = self.text.ids(of: self.identity.prefix(input.role))
                let isPrefixCut = try self.select(prefix[...], into: &known)
                isTruncated = try self.select(ids, into: &known) || isPrefixCut
            case .text(let text):
                let prefix = self.identity.prefix(input.role)
                let (cut, isCut) = self.cut(prefix + text)
                let ids: [Int32]
                if let tokenizer = self.tokenizer {
                    cut.withUnsafeBufferPointer { tokenizer.encode($0, into: &tokens) }
                    ids = tokens.ids
                } else {
                    ids = self.text.ids(of: Array(cut))
                }
                isTruncated = try self.select(ids[...], into: &known) || isCut
            }
            return try self.mean(of: known, isTruncated: isTruncated)
        }
    }

    /// Copies the known ids up to the limit; true when there were more.
    private func select(
        _ ids: ArraySlice<Int32>,
        into known: inout [Int32]
    ) throws(EmbeddingError) -> Bool {
        let count = Int32(self.rows.shape[0])
        let unknown = self.text.unknownToken
        for id in ids where id != unknown {
            guard id >= 0, id < count else {
                throw EmbeddingError(.invalidInput, "token id \(id) is not below \(count)")
            }
            if known.count == Self.tokensMaximum { return true }
            known.append(id)
        }
        return false
    }

    private func mean(
        of ids: [Int32],
        isTruncated: Bool
    ) throws(EmbeddingError) -> EmbeddingOutput {
        let dimensions = self.identity.dimensions
        let vector = [Float](unsafeUninitializedCapacity: dimensions) { vector, initialized in
            // The mean's divisor falls out when the sum is scaled to length 1.
            ckernels_sum_rows(
                self.rows.values.baseAddress,
                dimensions,
                ids,
                ids.count,
                vector.baseAddress
            )
            ckernels_scale_to_unit(vector.baseAddress, dimensions, Self.lengthEpsilon)
            initialized = dimensions
        }
        guard vector.allSatisfy(\.isFinite) else {
            throw EmbeddingError(
                .notFinite,
                "\(self.identity.name) gave a vector that is no number"
            )
        }
        return EmbeddingOutput(vector: vector, tokenCount: ids.count, isTruncated: isTruncated)
    }

    /// The first characters of `text`, as many as may be read.
    private func cut(_ text: [UInt8]) -> (text: ArraySlice<UInt8>, isCut: Bool) {
        let limit = Self.tokensMaximum * self.text.pieceLengthMedian
        guard text.count > limit else { return (text[...], false) }
        var characters = 0
        for (index, byte) in text.enumerated() where byte & 0xC0 != 0x80 {
            if characters == limit { return (text[..<index], true) }
            characters += 1
        }
        return (text[...], false)
    }
}
