import Foundation
import Testing

@testable import Embedding

@Suite("Model store")
struct ModelStoreTests {
    @Test(arguments: [
        (["MILLRACE_MODELS": "/m", "XDG_CACHE_HOME": "/c", "HOME": "/h"], "/m"),
        (["XDG_CACHE_HOME": "/c", "HOME": "/h"], "/c/millrace/models"),
        (["HOME": "/h"], "/h/.cache/millrace/models"),
        (["MILLRACE_MODELS": "", "XDG_CACHE_HOME": "", "HOME": "/h"], "/h/.cache/millrace/models"),
    ])
    func rootComesFromTheEnvironment(environment: [String: String], expected: String) {
        #expect(ModelStore.root(environment) == expected)
    }

    @Test(arguments: KnownModel.all)
    func aMissingModelSaysWhatToType(model: KnownModel) throws {
        let folder = try TemporaryFolder()
        let store = ModelStore(root: folder.path)
        let remedy = "run Ops/fetch-models \(model.name)"
        #expect(throws: EmbeddingError(.missingModel, remedy)) { try store.load(name: model.name) }
        #expect(try store.status(name: model.name) == .missing(remedy: remedy))
    }

    @Test(arguments: ["nope", "", ".", "..", "../x", "a/b", "/etc", ".hidden", "a\u{0}"])
    func namesOutsideTheStoreAreUnknown(name: String) throws {
        let folder = try TemporaryFolder()
        #expect {
            try ModelStore(root: folder.path).load(name: name)
        } throws: { ($0 as? EmbeddingError)?.code == .unknownModel }
    }

    @Test func modelsOfOnesOwnAreLoadedByTheirFolder() throws {
        let folder = try TemporaryFolder()
        let own = folder.url.appending(path: "tiny")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        try TinyBERT().write(to: own)
        let model = try ModelStore(root: folder.path).load(name: "tiny")
        #expect(model.identity.name == "tiny")
        #expect(model.identity.dimensions == 32)
        #expect(model.identity.maximumTokens == 12)
    }

    @Test(arguments: ["config.json", "vocab.txt", "model.safetensors"])
    func otherFilesUnderAKnownNameAreDamage(missing: String) throws {
        let folder = try TemporaryFolder()
        let name = KnownModel.allMiniLML6V2.name
        let model = folder.url.appending(path: name)
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
        try TinyBERT().write(to: model)
        let store = ModelStore(root: folder.path)
        #expect {
            try store.load(name: name)
        } throws: { ($0 as? EmbeddingError)?.code == .damagedModel }
        try FileManager.default.removeItem(at: model.appending(path: missing))
        guard case .damaged(let reason) = try store.status(name: name) else {
            Issue.record("a folder without \(missing) is not whole")
            return
        }
        #expect(reason.hasSuffix("; run Ops/fetch-models \(name)"))
    }

    @Test(
        .enabled(
            if: KnownModel.all.contains { ModelFiles.isPresent($0.name) },
            "needs Ops/fetch-models"
        ),
        arguments: KnownModel.all.filter { ModelFiles.isPresent($0.name) }
    )
    func fetchedModelsAreWholeAndLoad(model: KnownModel) throws {
        #expect(try ModelStore().status(name: model.name) == .present)
        switch model.task {
        case .embeds:
            let loaded = try ModelStore().load(name: model.name)
            #expect(loaded.identity.sha256 == model.files[0].sha256)
            let kind = model.files[1].name == "vocab.txt" ? "wordpiece:" : "tokenizer:"
            #expect(loaded.identity.tokenizer == kind + model.files[1].sha256)
        case .expands:
            let loaded = try ModelStore().expander(model.name)
            #expect(loaded.identity.sha256 == model.files[0].sha256)
        }
    }

    @Test func pinsAgreeWithTheFetchScript() throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Ops/fetch-models")
        let text = try String(contentsOf: script, encoding: .utf8)
        for file in KnownModel.all.flatMap(\.files) {
            #expect(text.contains("\(file.sha256)  \(file.name)"))
        }
    }
}
