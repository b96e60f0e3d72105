internal import Foundation
internal import Search
internal import Segments
internal import Storage

/// The weights that `evaluate --tune` found for the indexes of a pipeline, in a file beside it.
///
/// It holds figures alone, so that it can be kept with the pipeline and read by every search of it.
struct FusionLock: Codable, Equatable {
    struct Weights: Codable, Equatable {
        /// The model they were found for; with another one they are not used.
        var model: String
        var bm25: Double
        var vector: Double
        /// What they scored.
        var trainQueryCount: Int
        var trainNdcg10: Double
        var heldOutQueryCount: Int
        var heldOutNdcg10: Double
    }

    static let currentForm = "fusion/1"
    private static let byteCountMax = 1 << 20

    var form = Self.currentForm
    /// By the index's name.
    var indexes: [String: Weights] = [:]

    /// Beside `docs.yml` it is `docs.fusion.lock`.
    static func path(besides pipeline: String) -> String {
        let name = pipeline.split(separator: "/").last.map(String.init) ?? pipeline
        let stem = name.hasSuffix(".yml") ? 4 : name.hasSuffix(".yaml") ? 5 : 0
        return String(pipeline.dropLast(stem)) + ".fusion.lock"
    }

    /// - Throws: ``OperationError`` `.configuration` for a file that is no lock of weights.
    static func read(besides pipeline: String) throws -> FusionLock? {
        let path = Self.path(besides: pipeline)
        guard fileExists(path) else { return nil }
        do {
            let bytes = try readFile(path, maximumBytes: Self.byteCountMax)
            let lock = try JSONDecoder().decode(FusionLock.self, from: Data(bytes))
            let isSound = lock.indexes.values.allSatisfy {
                $0.bm25.isFinite && $0.vector.isFinite && $0.bm25 >= 0 && $0.vector >= 0
                    && $0.bm25 + $0.vector > 0
            }
            if lock.form == Self.currentForm, isSound { return lock }
        } catch is DecodingError {
        } catch let error as StorageError {
            throw OperationError(.configuration, error.message)
        }
        throw OperationError(
            .configuration,
            "\(path): no weights of form \(Self.currentForm); make it again with 'millrace evaluate "
                + "--tune', or remove it to search with the model's own weights"
        )
    }

    func write(besides pipeline: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let bytes = [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
        try replaceFile(Self.path(besides: pipeline), with: bytes)
    }

    /// The weights for an index; nil without, or where they were found for another model.
    func weights(of index: IndexSnapshot) -> FusionWeights? {
        guard let found = self.indexes[index.name], found.model == index.modelName else {
            return nil
        }
        return FusionWeights(bm25: found.bm25, vector: found.vector)
    }
}
