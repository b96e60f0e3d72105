import Testing

@testable import Selftest

/// Documents that change together are compared in their new forms only, whatever their shards.
@Suite struct DedupeHistoryTests {
    private func replayed(_ events: [HistoryEvent]) throws -> String? {
        let failure = try replay(
            events,
            ReplaySetting(shape: PipelineShape(), parent: "/tmp", executable: nil)
        )
        return failure.map { "\($0.kind.rawValue): \($0.message)" }
    }

    private func document(_ language: CorpusLanguage, number: Int, seed: UInt64) -> FileContent {
        var random = SeededRandom(seed: seed)
        let document = SyntheticDocument(
            language: language,
            number: number,
            sections: 1,
            words: 90,
            random: &random
        )
        return .document(document, .text)
    }

    private static let sync = HistoryEvent.sync(workers: 1, isParanoid: false)

    @Test(arguments: 1...4) func twinOfARenamedAndEditedDocumentIsFound(seed: UInt64) throws {
        let failure = try self.replayed([
            .add(1, path: "a/d\(seed).txt", self.document(.greek, number: 13, seed: seed)),
            .copy(1, as: 2, path: "m/d\(seed).txt", isLink: false),
            Self.sync,
            .rename(1, to: "m/e\(seed).txt"),
            .edit(1, words: 1, seed: seed, inPlace: false),
            Self.sync,
        ])
        #expect(failure == nil)
    }

    @Test(arguments: 1...4) func twinOfADocumentWhoseFirstCopyWasReplacedIsFound(
        seed: UInt64
    ) throws {
        let failure = try self.replayed([
            .add(1, path: "a/d\(seed).txt", self.document(.greek, number: 13, seed: seed)),
            .copy(1, as: 2, path: "m/d\(seed).txt", isLink: false),
            Self.sync,
            .copy(1, as: 3, path: "z/f\(seed).txt", isLink: false),
            .edit(3, words: 1, seed: seed, inPlace: false),
            .delete(1),
            .add(4, path: "a/d\(seed).txt", self.document(.english, number: 14, seed: seed)),
            Self.sync,
        ])
        #expect(failure == nil)
    }
}
