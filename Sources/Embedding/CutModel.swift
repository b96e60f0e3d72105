internal import CKernels

/// The first dimensions of another model's vectors, scaled to length 1 again.
///
/// For models trained so that a part of a vector is a vector too.
/// - Source: Kusupati et al., Matryoshka Representation Learning (2022).
struct CutModel: EmbeddingModel {
    let identity: ModelIdentity
    var tokenizer: WordPieceTokenizer? { self.model.tokenizer }
    var isCheap: Bool { self.model.isCheap }

    private let model: any EmbeddingModel

    /// - Throws: ``EmbeddingError`` `.unsupportedModel` for more dimensions than there are.
    init(_ model: any EmbeddingModel, dimensions: Int) throws(EmbeddingError) {
        guard dimensions > 0, dimensions <= model.identity.dimensions else {
            throw EmbeddingError(
                .unsupportedModel,
                "'dimensions: \(dimensions)': \(model.identity.name) has \(model.identity.dimensions)"
            )
        }
        self.model = model
        var identity = model.identity
        identity.dimensions = dimensions
        self.identity = identity
    }

    func embed(_ batch: [EmbeddingInput]) throws -> [EmbeddingOutput] {
        try self.model.embed(batch).map { output in
            var cut = Array(output.vector.prefix(self.identity.dimensions))
            ckernels_scale_to_unit(&cut, cut.count, 1e-32)
            return EmbeddingOutput(
                vector: cut,
                tokenCount: output.tokenCount,
                isTruncated: output.isTruncated
            )
        }
    }
}
