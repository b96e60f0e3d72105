import Testing

@testable import Embedding

@Suite("Hash model")
struct HashModelTests {
    private func cosine(_ left: String, _ right: String) throws -> Float {
        let outputs = try HashModel().embed([
            EmbeddingInput(text: left), EmbeddingInput(text: right),
        ])
        return zip(outputs[0].vector, outputs[1].vector).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test func sharedWordsBringTextsNear() throws {
        #expect(try self.cosine("The cat sat.", "the CAT sat") > 0.999)
        #expect(try self.cosine("the cat sat", "the cat ran") > 0.4)
        #expect(abs(try self.cosine("the cat sat", "quarterly revenue grew")) < 0.4)
    }

    @Test(arguments: [("", 0), (" ,.", 0), ("one", 1), ("one, zwölf 3", 3)])
    func textsWithoutWordsHaveNoDirection(text: String, count: Int) throws {
        let output = try HashModel(dimensions: 3).embed(EmbeddingInput(text: text))
        #expect(output.tokenCount == count)
        #expect(output.isZero == (count == 0))
    }
}
