import Foundation
import Testing

@testable import Embedding

/// Static models made of encoders, against a slow reference in double precision.
@Suite struct DistillationTests {
    @Test func aSmallEncoderDistilledIsWhatTheMethodSays() throws {
        let folder = try TemporaryFolder()
        let bert = TinyBERT(words: 60, seed: 7)
        let teacher = try bert.made(in: folder, "teacher")
        let made = try distil(teacher, to: folder.path + "/static", dimensions: 5)
        let words = bert.vocabulary.indices.filter { !bert.vocabulary[$0].hasPrefix("[") }
        #expect(made.entries == words.count)
        #expect(made.vocabulary == bert.vocabulary.count)
        #expect(made.explainedShare > 0 && made.explainedShare < 1)

        let expected = ReferenceDistillation(
            vectors: words.map { bert.vector(of: [2, $0, 3]) },
            dimensions: 5
        )
        let rows = try SafetensorsFile(path: folder.path + "/static/model.safetensors")
            .tensor("embeddings", shape: [bert.vocabulary.count, 5])
        for (place, id) in words.enumerated() {
            for column in 0..<5 {
                let (got, wanted) = (
                    Double(rows.values[id * 5 + column]), expected.rows[place][column]
                )
                #expect(abs(got - wanted) < 2e-5, "entry \(id), column \(column)")
            }
        }
        // Marks and free places say nothing.
        for id in bert.vocabulary.indices where !words.contains(id) {
            #expect(rows.values[id * 5..<id * 5 + 5].allSatisfy { $0 == 0 })
        }
    }

    @Test func theBytesDoNotDependOnTheNumberOfThreads() throws {
        let folder = try TemporaryFolder()
        let teacher = try TinyBERT(words: 700, seed: 3).made(in: folder, "teacher")
        for threads in [1, 2, 5] {
            try distil(teacher, to: folder.path + "/\(threads)", dimensions: 8, threads: threads)
        }
        // What is remembered of a machine's files is hidden, and no part of the model.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/1")
            .filter { !$0.hasPrefix(".") }
        #expect(
            Set(names) == ["config.json", "model.safetensors", "vocab.txt", "README.md"]
        )
        for name in names {
            let first = try Data(contentsOf: folder.url.appending(path: "1/" + name))
            for other in ["2", "5"] {
                #expect(
                    try Data(contentsOf: folder.url.appending(path: other + "/" + name)) == first
                )
            }
        }
    }

    /// WordPiece, byte-level BPE and unigram.
    @Test(arguments: ["m-bert", "m-roberta", "m-xlmr"])
    func everyFamilyOfTokenisersIsReadAsTheTeacherReadsIt(name: String) throws {
        let folder = try TemporaryFolder()
        let teacher = try Golden.folder(name, in: folder)
        try distil(teacher, to: folder.path + "/static", dimensions: 16)
        let model = try #require(
            try ModelStore().load(name: folder.path + "/static") as? StaticModel
        )
        let encoder = try #require(try ModelStore().load(name: teacher) as? EncoderModel)
        #expect(model.identity.dimensions == 16)
        #expect(model.identity.queryPrefix.isEmpty)
        for line in try Golden.lines().prefix(200) {
            #expect(model.text.ids(of: Array(line.utf8)) == encoder.text.ids(of: Array(line.utf8)))
        }
        let vector = try model.embed(EmbeddingInput(text: "the time of day")).vector
        let length = vector.reduce(0) { $0 + $1 * $1 }
        #expect(abs(length - 1) < 1e-5)
        let origin = try #require(ModelStore().origin(ofFolder: folder.path + "/static"))
        #expect(origin.sha256 == encoder.identity.sha256)
        #expect(origin.licence == "MIT")
        #expect(
            ModelStore().languages(of: LocalReference(model: folder.path + "/static")) == ["en"]
        )
        #expect(ModelStore().languages(of: LocalReference(model: teacher)).isEmpty)
        #expect(origin.precision == encoder.identity.precision)
    }

    @Test func whatCannotBeDistilledSaysWhatToType() throws {
        let folder = try TemporaryFolder()
        let teacher = try TinyBERT(words: 40, seed: 1).made(in: folder, "teacher")
        let tooMany = #expect(throws: EmbeddingError.self) {
            try distil(teacher, to: folder.path + "/static", dimensions: 33)
        }
        #expect(tooMany?.message.contains("--dimensions 32") == true)
        // Nothing half, and nothing hidden.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["teacher"])
        try distil(teacher, to: folder.path + "/static", dimensions: 8)
        #expect(throws: (any Error).self) {
            try distil(teacher, to: folder.path + "/static", dimensions: 8)
        }
        let again = #expect(throws: EmbeddingError.self) {
            try distil(folder.path + "/static", to: folder.path + "/other", dimensions: 8)
        }
        #expect(again?.message.contains("no encoder") == true)
    }

    @Test func columnsThatAllFollowFromOneAnotherGiveNoDirection() {
        let table = FloatTable(count: 50, width: 16)
        for row in 0..<50 {
            let value = Float(row) - 20
            table.write((0..<16).map { $0 == 3 ? 7 : value * Float($0) }, at: row)
        }
        let components = PrincipalComponents(
            of: table,
            dimensions: 3,
            on: ParallelParts(threads: 2)
        )
        #expect(abs(components.explainedShare - 1) < 1e-12)
        let axis = stride(from: 0, to: 48, by: 3).map { components.axes[$0] }
        let length = (0..<16).reduce(0.0) { $0 + ($1 == 3 ? 0 : Double($1 * $1)) }.squareRoot()
        for (column, value) in axis.enumerated() {
            #expect(abs(value - (column == 3 ? 0 : Double(column) / length)) < 1e-12)
        }
        #expect(components.axes.enumerated().allSatisfy { $0.offset % 3 == 0 || $0.element == 0 })
    }
}

@discardableResult
private func distil(
    _ teacher: String,
    to output: String,
    dimensions: Int,
    threads: Int = 2
) throws -> Distillation {
    try ModelStore(root: "/nowhere").distill(
        DistillationRequest(
            teacher: LocalReference(model: teacher),
            origin: DistillationOrigin(
                name: "teacher",
                source: "",
                licence: "MIT",
                languages: ["en"]
            ),
            dimensions: dimensions,
            output: output,
            threads: threads
        )
    ) { done, total in #expect(done <= total) }
}

extension TinyBERT {
    /// With so many made-up words behind the marks.
    fileprivate init(words: Int, seed: UInt64) {
        let marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused0]", "[unused17]"]
        self.init(vocabulary: marks + (0..<words).map { "w\($0)" }, seed: seed)
    }

    fileprivate func made(in folder: TemporaryFolder, _ name: String) throws -> String {
        let url = folder.url.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try self.write(to: url)
        return url.path
    }
}

/// Principal components by power iteration, one direction after another, and weights by rank.
private struct ReferenceDistillation {
    var rows: [[Double]]

    init(vectors: [[Double]], dimensions: Int) {
        let width = vectors[0].count
        let mean = (0..<width).map { column in
            vectors.reduce(0) { $0 + $1[column] } / Double(vectors.count)
        }
        let centred = vectors.map { vector in zip(vector, mean).map { $0 - $1 } }
        var left = centred
        var directions: [[Double]] = []
        for _ in 0..<dimensions {
            let direction = Self.greatestDirection(left)
            directions.append(direction)
            left = left.map { row in
                let along = Self.dot(row, direction)
                return zip(row, direction).map { $0 - along * $1 }
            }
        }
        let total = vectors.indices.reduce(0.0) { $0 + 1 / Double($1 + 2) }
        self.rows = centred.enumerated().map { rank, row in
            let share = 1 / Double(rank + 2) / total
            return directions.map { Self.dot(row, $0) * 1e-4 / (1e-4 + share) }
        }
    }

    private static func greatestDirection(_ rows: [[Double]]) -> [Double] {
        var direction = rows[0].indices.map { 1 + Double($0) / 10 }
        for _ in 0..<400 {
            var next = [Double](repeating: 0, count: direction.count)
            for row in rows {
                let along = self.dot(row, direction)
                for column in next.indices { next[column] += along * row[column] }
            }
            let length = self.dot(next, next).squareRoot()
            direction = next.map { $0 / length }
        }
        let greatest = direction.max { abs($0) < abs($1) } ?? 1
        return greatest < 0 ? direction.map { -$0 } : direction
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
