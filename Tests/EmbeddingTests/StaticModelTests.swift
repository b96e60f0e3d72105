import Foundation
import Testing

@testable import Embedding

@Suite("Static model")
struct StaticModelTests {
    private static let rows: [[Float]] = [[9, 9], [9, 9], [3, 4], [0, 5], [-3, -4]]

    /// Rows 2, 3 and 4 are the words a, b and c; row 1 is the unknown token.
    private func model(in folder: TemporaryFolder) throws -> StaticModel {
        try Data("[PAD]\n[UNK]\na\nb\nc\n".utf8).write(to: folder.url.appending(path: "vocab.txt"))
        try SafetensorsWriter.bytes(["embeddings": ([5, 2], Self.rows.flatMap(\.self))])
            .write(to: folder.url.appending(path: "model.safetensors"))
        return try StaticModel(name: "pairs", folder: folder.path)
    }

    @Test(
        arguments: [
            ("a", [0.6, 0.8], 1), ("b", [0, 1], 1), ("a a", [0.6, 0.8], 2),
            ("x a x", [0.6, 0.8], 1),
            ("", [0, 0], 0), ("x y", [0, 0], 0), ("a c", [0, 0], 2),
        ] as [(String, [Float], Int)]
    )
    func vectorIsTheMeanOfKnownRows(text: String, expected: [Float], count: Int) throws {
        let output = try self.model(in: TemporaryFolder()).embed(EmbeddingInput(text: text))
        #expect(zip(output.vector, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(output.tokenCount == count)
        #expect(output.isZero == expected.allSatisfy { $0 == 0 })
        #expect(!output.isTruncated)
    }

    @Test func prefixesStandBeforeTheTextsOfTheirRole() throws {
        let folder = try TemporaryFolder()
        _ = try self.model(in: folder)
        let model = try StaticModel(name: "pairs", folder: folder.path, queryPrefix: "b ")
        let query = try model.embed(EmbeddingInput(tokens: [2], role: .query))
        #expect(query == (try model.embed(EmbeddingInput(text: "a", role: .query))))
        #expect(query == (try model.embed(EmbeddingInput(text: "b a"))))
    }

    @Test(arguments: [511, 512, 513, 2_000])
    func tokensPastTheLimitAreCutAndReported(count: Int) throws {
        let model = try self.model(in: TemporaryFolder())
        let ids = [Int32](repeating: 1, count: 700) + [Int32](repeating: 2, count: count) + [1, 1]
        let output = try model.embed(EmbeddingInput(tokens: ids[...]))
        #expect(output.tokenCount == min(count, 512))
        #expect(output.isTruncated == (count > 512))
    }

    @Test func textIsCutByCharactersBeforeItIsTokenised() throws {
        let model = try self.model(in: TemporaryFolder())
        // The median piece is 1 character long, so 512 characters are read.
        let inside = try model.embed(
            EmbeddingInput(text: String(repeating: "é", count: 510) + " a")
        )
        let outside = try model.embed(
            EmbeddingInput(text: String(repeating: "é", count: 511) + " a")
        )
        #expect(!inside.isZero && !inside.isTruncated)
        #expect(outside.isZero && outside.isTruncated)
    }

    @Test(arguments: [-1, 5, Int32.min])
    func strayTokenIdsAreRefused(id: Int32) throws {
        let model = try self.model(in: TemporaryFolder())
        #expect {
            try model.embed([EmbeddingInput(tokens: [2, id])])
        } throws: { ($0 as? EmbeddingError)?.code == .invalidInput }
    }

    @Test(
        .enabled(
            if: SharedData.isPresent && ModelFiles.isPresent("potion-base-8M"),
            "needs Ops/fetch-models and shared/data/embed"
        )
    )
    func potionVectorsEqualTheReferences() throws {
        let model = try ModelStore().load(name: "potion-base-8M")
        let file = try SharedData.decode(ReferenceFile.self, from: "reference-potion-base-8M.json")
        let outputs = try model.embed(file.rows.map { EmbeddingInput(text: $0.text) })
        for (index, (row, output)) in zip(file.rows, outputs).enumerated() {
            let distance = zip(row.vector, output.vector).map { abs($0 - $1) }.max() ?? 1
            #expect(distance < 1e-5, "row \(index)")
            #expect(output.isZero == row.tokenIds.isEmpty, "row \(index)")
            #expect(output.tokenCount == row.tokenIds.count, "row \(index)")
            let fromTokens = try model.embed(EmbeddingInput(tokens: row.tokenIds[...]))
            #expect(fromTokens.vector == output.vector, "row \(index)")
        }
    }

    @Test(arguments: [1, 3, 4, 5, 16, 17, 255, 256, 300])
    func sumsEqualTheScalarOnesInOrder(count: Int) throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(state: UInt64(count))
        let values = (0..<50 * 33).map { _ in Float.random(in: -1...1, using: &random) }
        let words = (0..<50).map { $0 == 0 ? "[UNK]" : "w\($0)" }
        try Data(words.joined(separator: "\n").utf8)
            .write(to: folder.url.appending(path: "vocab.txt"))
        try SafetensorsWriter.bytes(["embeddings": ([50, 33], values)])
            .write(to: folder.url.appending(path: "model.safetensors"))
        let model = try StaticModel(name: "random", folder: folder.path)
        let ids = (0..<count).map { _ in Int32.random(in: 1..<50, using: &random) }
        var sums = [Float](repeating: 0, count: 33)
        for id in ids { for column in 0..<33 { sums[column] += values[Int(id) * 33 + column] } }
        let length = sums.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        let output = try model.embed(EmbeddingInput(tokens: ids[...]))
        #expect(
            zip(output.vector, sums).allSatisfy { abs(Double($0) - Double($1) / length) < 1e-6 }
        )
    }
}
