internal import CKernels
internal import Foundation

/// A model that says by which pieces of its vocabulary a text should be found, and how well: a document encoder
/// of the SPLADE kind.
///
/// A piece weighs log(1 + its greatest logit over the text's tokens), where that is above 0. The heaviest
/// ``ModelIdentity/dimensions`` pieces are kept, each with its impact: the weight in steps of 1/64, 1 to 255.
///
/// What ``embed(_:)`` gives is no direction but a list: 256 · piece + impact for each, ascending, zeros behind
/// the last. Each is a whole number below 2^24, which a `Float` holds; so expansions are kept and found again
/// as vectors are. ``pieces(in:)`` reads one.
///
/// - Source: Formal et al., SPLADE (2021), SPLADE v2 (2021): maximum over tokens, logarithm of ReLU.
package final class ExpansionModel: EmbeddingModel {
    /// A piece's number and its impact fit 24 bits.
    static let vocabularyMax = 1 << 16
    package static let termLimits = 16...2_048
    package static let defaultTermLimit = 256

    package let identity: ModelIdentity
    package var tokenizer: WordPieceTokenizer? { self.encoder.tokenizer }
    /// The pieces by number; empty where none is to be found by one: of control tokens.
    package let vocabulary: [[UInt8]]

    private let encoder: EncoderModel
    private let head: VocabularyHead

    /// - Parameter termLimit: of ``termLimits``: how many pieces of a text are kept.
    /// - Throws: as `EncoderModel`; `.unsupportedModel` also for a folder without the head of a masked
    ///   language model or with another vocabulary than one of WordPiece.
    package init(
        name: String,
        folder path: String,
        termLimit: Int = ExpansionModel.defaultTermLimit,
        precision: Precision = .auto
    ) throws {
        let arithmetic = try Arithmetic(precision)
        self.vocabulary = try expansionPieces(ofModel: path)
        self.encoder = try EncoderModel(name: name, folder: path, arithmetic: arithmetic)
        let weights = self.encoder.weights
        guard weights.shape.vocabulary <= Self.vocabularyMax,
            self.vocabulary.count <= weights.shape.vocabulary
        else {
            throw EmbeddingError(
                .unsupportedModel,
                "\(path): a vocabulary of \(weights.shape.vocabulary) is not expanded into; at most "
                    + "\(Self.vocabularyMax) pieces are"
            )
        }
        self.head = try VocabularyHead(
            weights.shape,
            words: weights.words,
            arithmetic,
            in: SafetensorsFile(path: path + "/model.safetensors")
        )
        var identity = self.encoder.identity
        identity.dimensions = min(
            max(termLimit, Self.termLimits.lowerBound),
            Self.termLimits.upperBound
        )
        identity.precision = arithmetic.name + ", terms"
        self.identity = identity
    }

    package func embed(_ batch: [EmbeddingInput]) throws -> [EmbeddingOutput] {
        let impacts = Impacts()
        return try self.encoder.outputs(of: batch) { sequences, scratch in
            self.encoder.weights.encode(sequences, with: scratch)
            var rows: [[Float]] = []
            self.head.forEachGreatest(
                sequences.map(\.count),
                self.encoder.weights,
                with: scratch
            ) { rows.append(self.row(of: $0, impacts)) }
            return rows
        }
    }

    /// The pieces that a row of ``embed(_:)`` lists, with their impacts, by ascending number.
    package static func pieces(in row: some Sequence<Float>) -> [(piece: Int, impact: Int)] {
        row.lazy.filter { $0 >= 1 && $0 < Float(1 << 24) }.map { value in
            let packed = Int(value)
            return (packed >> 8, packed & 0xFF)
        }
    }

    private func row(of greatest: UnsafeBufferPointer<Float>, _ impacts: Impacts) -> [Float] {
        let above = [Int32](unsafeUninitializedCapacity: greatest.count) { indices, count in
            count = ckernels_indices_above(
                greatest.baseAddress,
                greatest.count,
                impacts.least,
                indices.baseAddress
            )
        }
        var found: [(piece: Int, impact: Int)] = []
        found.reserveCapacity(above.count)
        for index in above where Int(index) < self.vocabulary.count {
            let piece = Int(index)
            if self.vocabulary[piece].isEmpty { continue }
            found.append((piece, impacts.impact(of: greatest[piece])))
        }
        let limit = self.identity.dimensions
        if found.count > limit {
            // The heaviest; of equal ones the first.
            found.sort { ($1.impact, $0.piece) < ($0.impact, $1.piece) }
            found.removeLast(found.count - limit)
            found.sort { $0.piece < $1.piece }
        }
        return found.map { Float($0.piece << 8 | $0.impact) }
            + [Float](repeating: 0, count: limit - found.count)
    }
}

/// The pieces of a model's vocabulary by number; empty for control tokens.
func expansionPieces(ofModel path: String) throws -> [[UInt8]] {
    let control: Set<[UInt8]> = Set(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map { Array($0.utf8) }
    )
    return try ModelFolder(path: path).wordPieces().map { control.contains($0) ? [] : $0 }
}

/// Logits to impacts: 64 · log(1 + logit), rounded, at most 255.
///
/// Compared with bounds that are made by products alone, so that no machine's logarithm has a say.
private struct Impacts {
    /// The least logit of each impact from 1 on.
    private let bounds: [Float]

    /// What is not above it has no impact.
    var least: Float { self.bounds[0].nextDown }

    init() {
        // e to the powers of 1/128 and 1/64.
        var power = 1.007_843_097_206_448_0
        let step = 1.015_747_708_586_685_7
        self.bounds = (1...255).map { _ in
            defer { power *= step }
            return Float(power - 1)
        }
    }

    func impact(of logit: Float) -> Int {
        var range = 0..<self.bounds.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if self.bounds[middle] <= logit {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }
}
