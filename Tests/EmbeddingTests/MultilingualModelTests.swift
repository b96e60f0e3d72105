import Testing

@testable import Embedding

/// multilingual-e5-small as the fetch script unpacks it, where it is on this machine.
@Suite struct MultilingualModelTests {
    private static let name = KnownModel.multilingualE5Small.name
    private static let sentences = [
        "All human beings are born free and equal in dignity and rights.",
        "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
        "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
        "Все люди рождаются свободными и равными в своем достоинстве и правах.",
        "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق.",
        "How do I restore a backup  after the disk failed? ﬁne ½ ①",
    ]

    @Test(.enabled(if: ModelFiles.isPresent(name), "needs Ops/fetch-models multilingual"))
    func aSentenceIsNearItsTranslations() throws {
        let model = try ModelStore().load(name: Self.name)
        #expect(model.identity.queryPrefix == "query: ")
        #expect(model.identity.passagePrefix == "passage: ")
        #expect(model.identity.maximumTokens == 512)
        let outputs = try model.embed(Self.sentences.map { EmbeddingInput(text: $0) })
        // Without the two special tokens; by Hugging Face tokenizers.
        #expect(outputs.map(\.tokenCount) == [17, 15, 24, 19, 19, 17])
        func cosine(_ left: Int, _ right: Int) -> Float {
            zip(outputs[left].vector, outputs[right].vector).reduce(0) { $0 + $1.0 * $1.1 }
        }
        // What numpy makes of the same weights.
        for (place, expected) in [(1, 0.919), (2, 0.859), (3, 0.913), (4, 0.909), (5, 0.748)] {
            #expect(abs(cosine(0, place) - Float(expected)) < 0.001, "\(Self.sentences[place])")
        }
    }
}
