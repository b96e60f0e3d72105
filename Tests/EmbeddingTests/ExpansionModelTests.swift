import Foundation
import Testing

@testable import Embedding

/// Terms of texts, against what numpy computes in double precision (`Golden/embedding/splade.py`).
@Suite struct ExpansionModelTests {
    private struct Expected: Decodable {
        let text: String
        /// Nil where the weight is too near to the middle of two steps to say which.
        let impacts: [String: Int?]
    }

    private static func impacts(
        of text: String,
        by model: ExpansionModel
    ) throws -> [String: Int] {
        let row = try model.embed(EmbeddingInput(text: text)).vector
        let pieces = ExpansionModel.pieces(in: row)
        #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.piece < $1.piece })
        return Dictionary(
            uniqueKeysWithValues: pieces.map {
                (String(decoding: model.vocabulary[$0.piece], as: UTF8.self), $0.impact)
            }
        )
    }

    private static func expect(_ model: ExpansionModel, gives name: String) throws {
        for expected in try Golden.decode([Expected].self, name) {
            let found = try Self.impacts(of: expected.text, by: model)
            let known = expected.impacts.compactMapValues { $0 }
            let unsure = Set(expected.impacts.keys).subtracting(known.keys)
            #expect(found.filter { !unsure.contains($0.key) } == known, "\(expected.text)")
        }
    }

    @Test func termsEqualThoseOfNumpy() throws {
        let folder = try Golden.folder("m-splade", in: TemporaryFolder())
        try Self.expect(
            ModelStore().expander(folder, termLimit: 2_048),
            gives: "m-splade/terms.json"
        )
    }

    @Test(.enabled(if: ModelFiles.isPresent("splade-tiny"), "needs Ops/fetch-models splade"))
    func termsOfTheFetchedModelEqualThoseOfNumpy() throws {
        try Self.expect(ModelStore().expander("splade-tiny"), gives: "splade-tiny.json")
    }

    @Test func aTextHasTheSameTermsAloneAndInABatch() throws {
        let folder = try Golden.folder("m-splade", in: TemporaryFolder())
        let model = try ModelStore().expander(folder)
        let texts = try Golden.lines().prefix(120).map { EmbeddingInput(text: $0) }
        let together = try model.embed(Array(texts))
        #expect(try texts.map { try model.embed($0) } == together)
        #expect(together.allSatisfy { $0.vector.count == ExpansionModel.defaultTermLimit })
    }

    @Test func theHeaviestTermsAreKept() throws {
        let folder = try Golden.folder("m-splade", in: TemporaryFolder())
        let all = try ModelStore().expander(folder, termLimit: 2_048)
        let few = try ModelStore().expander(folder, termLimit: 16)
        #expect(all.identity.fingerprintText != few.identity.fingerprintText)
        let text = "the work of a man and the state of the world"
        let (whole, cut) = (
            try Self.impacts(of: text, by: all), try Self.impacts(of: text, by: few)
        )
        #expect(cut.count == 16 && whole.count > 16)
        #expect(cut.allSatisfy { whole[$0.key] == $0.value })
        let least = try #require(cut.values.min())
        #expect(whole.values.count { $0 > least } < 16)
    }

    @Test func aQueryIsCutByTheTokeniserAlone() throws {
        let scratch = try TemporaryFolder()
        let folder = try Golden.folder("m-splade", in: scratch)
        let model = try ModelStore().expander(folder)
        // Its weights are not looked at.
        try Data("no weights".utf8).write(to: URL(filePath: folder + "/model.safetensors"))
        let expander = try ModelStore().queryExpander(folder)
        #expect(expander.reference.tokenizer == model.identity.tokenizer)
        let terms = expander.terms(of: "the time of the day [SEP] [UNK]")
        let named = Dictionary(
            uniqueKeysWithValues: terms.map {
                (String(decoding: $0.piece, as: UTF8.self), $0.count)
            }
        )
        #expect(named["the"] == 2 && named["time"] == 1 && named["[SEP]"] == nil)
        #expect(
            zip(terms, terms.dropFirst()).allSatisfy {
                $0.piece.lexicographicallyPrecedes($1.piece)
            }
        )
        let kept = ExpanderReference(json: expander.reference.json)
        #expect(kept == expander.reference)
    }

    @Test func whatIsNoModelOfTermsIsRefusedWithAReason() throws {
        let scratch = try TemporaryFolder()
        let encoder = try Golden.folder("m-bert", in: scratch)
        let other = try Golden.folder("m-xlmr", in: scratch)
        for (folder, word) in [(encoder, "head"), (other, "WordPiece")] {
            #expect {
                try ModelStore().expander(folder)
            } throws: {
                let error = $0 as? EmbeddingError
                return error?.code == .unsupportedModel && error?.message.contains(word) == true
            }
        }
        #expect {
            try ModelStore(root: scratch.path).expander("splade-tiny")
        } throws: {
            $0 as? EmbeddingError
                == EmbeddingError(.missingModel, "run Ops/fetch-models splade-tiny")
        }
    }

    @Test(.enabled(if: ModelFiles.isPresent("splade-tiny"), "needs Ops/fetch-models splade"))
    func aModelOfTermsGivesNoVectors() throws {
        #expect {
            try ModelStore().load(name: "splade-tiny")
        } throws: { ($0 as? EmbeddingError)?.message.contains("'expand'") == true }
    }
}
