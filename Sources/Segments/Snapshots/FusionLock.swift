internal import Foundation
internal import Storage

/// The weights of words and vectors that were found for the indexes of a pipeline, in a file.
///
/// It holds figures alone, so that it can be kept with the pipeline. A copy lies in the workspace, for those who
/// search it without the pipeline.
package struct FusionLock: Codable, Equatable, Sendable {
    package struct Weights: Codable, Equatable, Sendable {
        /// The model they were found for; with another one they are not used.
        package var model: String
        package var bm25: Double
        package var vector: Double
        /// Of expansions; nil where the index had none when they were found.
        package var sparse: Double?
        /// What they scored.
        package var trainQueryCount: Int
        package var trainNdcg10: Double
        package var heldOutQueryCount: Int
        package var heldOutNdcg10: Double

        package init(
            model: String,
            bm25: Double,
            vector: Double,
            sparse: Double? = nil,
            trainQueryCount: Int,
            trainNdcg10: Double,
            heldOutQueryCount: Int,
            heldOutNdcg10: Double
        ) {
            self.model = model
            self.bm25 = bm25
            self.vector = vector
            self.sparse = sparse
            self.trainQueryCount = trainQueryCount
            self.trainNdcg10 = trainNdcg10
            self.heldOutQueryCount = heldOutQueryCount
            self.heldOutNdcg10 = heldOutNdcg10
        }
    }

    /// A file that is no lock of weights.
    package struct Malformed: Error {
        package let path: String
    }

    package static let currentForm = "fusion/1"
    private static let byteCountMax = 1 << 20

    package var form = Self.currentForm
    /// By the index's name.
    package var indexes: [String: Weights] = [:]

    package init() {}

    /// - Throws: ``Malformed``; ``StorageError`` where the file cannot be read.
    /// - Returns: nil where there is no file.
    package static func read(_ path: String) throws -> FusionLock? {
        guard fileExists(path) else { return nil }
        let bytes = try readFile(path, maximumBytes: Self.byteCountMax)
        guard let lock = try? JSONDecoder().decode(FusionLock.self, from: Data(bytes)),
            lock.form == Self.currentForm, lock.indexes.values.allSatisfy(\.isSound)
        else { throw Malformed(path: path) }
        return lock
    }

    /// The copy in a workspace.
    package static func read(inWorkspace root: String) throws -> FusionLock? {
        try self.read(WorkspaceLayout(root: root).fusionLock)
    }

    package func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try replaceFile(path, with: [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")])
    }

    /// The weights for an index; nil without, or where they were found for another model.
    package func weights(of index: IndexSnapshot) -> Weights? {
        guard let found = self.indexes[index.name], found.model == index.modelName,
            (found.sparse == nil) == (index.expander == nil)
        else { return nil }
        return found
    }
}

extension FusionLock.Weights {
    fileprivate var isSound: Bool {
        self.bm25.isFinite && self.vector.isFinite && self.bm25 >= 0 && self.vector >= 0
            && (self.sparse ?? 0).isFinite && (self.sparse ?? 0) >= 0
            && self.bm25 + self.vector + (self.sparse ?? 0) > 0
    }
}
