import Foundation
import Testing

@testable import Redact

/// Partial-match scores on the development data, as `score_pii.py` counts them.
@Suite(
    .enabled(if: SharedData.url("data/pii") != nil, "shared/data/pii is not beside the repository")
)
struct PIIScoreTests {
    struct Labelled: Decodable {
        struct Span: Decodable {
            var start: Int
            var end: Int
            var type: String
        }
        var text: String
        var spans: [Span]
    }

    static let structured: Set<String> = [
        "EMAIL", "PHONE", "CREDIT_CARD", "IBAN", "US_SSN", "NATIONAL_ID", "IP_ADDRESS",
        "MAC_ADDRESS",
        "CRYPTO_WALLET",
    ]

    @Test(arguments: ["multi_short", "multi_docs"])
    func structuredKindsReachTheirBar(_ name: String) throws {
        var hits = 0
        var predicted = 0
        var gold = 0
        for record in try load(name) {
            let spans = found(record.text).filter { Self.structured.contains($0.type) }
            let labels = record.spans.filter { Self.structured.contains($0.type) }
            predicted += spans.count
            gold += labels.count
            hits +=
                labels.filter { label in
                    spans.contains {
                        $0.type == label.type && $0.start < label.end && label.start < $0.end
                    }
                }.count
        }
        let precision = Double(hits) / Double(predicted)
        let recall = Double(hits) / Double(gold)
        #expect(2 * precision * recall / (precision + recall) >= 0.97)
    }

    @Test func negativesAreLeftAlone() throws {
        let count = try load("negatives").reduce(0) { $0 + found($1.text).count }
        #expect(count <= 2)
    }

    private func load(_ name: String) throws -> [Labelled] {
        let url = try #require(SharedData.url("data/pii/\(name).jsonl"))
        let decoder = JSONDecoder()
        return try Data(contentsOf: url).split(separator: 0x0A).map {
            try decoder.decode(Labelled.self, from: Data($0))
        }
    }

    private func found(_ text: String) -> [Labelled.Span] {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            let spans = TestScanner().scan(bytes)
            let offsets = codePointOffsets(
                of: spans.flatMap { [$0.range.lowerBound, $0.range.upperBound] },
                in: bytes
            )
            return spans.indices.map {
                Labelled.Span(
                    start: offsets[$0 * 2],
                    end: offsets[$0 * 2 + 1],
                    type: spans[$0].kind.rawValue
                )
            }
        }
    }
}
