import Records
import Testing

@testable import Redact

@Suite struct RedactionTests {
    @Test func blocksFollowTheirTextAndRedactionsMarkThePlaceholders() throws {
        var document = Document(id: DocumentID(high: 0, low: 1), uri: "u", mediaType: .markdown)
        for text in [
            "Write to ann@mail.example today.", "No values.", "IP 203.0.113.77", "ann@mail.example",
        ] {
            if !document.text.isEmpty { document.text += Array("\n\n".utf8) }
            let start = document.text.count
            document.text += Array(text.utf8)
            document.blocks.append(Block(kind: .paragraph, range: start..<document.text.count))
        }
        document.title = "Mail of bob@mail.example"
        document.metadata = ["author": "Bob <bob@mail.example>", "site": "Example"]
        try redact(&document, by: PolicyRedactor(RedactionPolicy()), source: "")
        let texts = document.blocks.map { String(decoding: document.text[$0.range], as: UTF8.self) }
        #expect(texts == ["Write to [EMAIL] today.", "No values.", "IP [IP_ADDRESS]", "[EMAIL]"])
        let marked = document.redactions.map {
            String(decoding: document.text[$0.range], as: UTF8.self)
        }
        #expect(marked == ["[EMAIL]", "[IP_ADDRESS]", "[EMAIL]"])
        #expect(document.redactions.map(\.kind) == ["EMAIL", "IP_ADDRESS", "EMAIL"])
        #expect(document.title == "Mail of [EMAIL]")
        #expect(document.metadata == ["author": "Bob <[EMAIL]>", "site": "Example"])
        #expect(document.warnings == [DocumentWarning(code: "redacted_metadata", count: 2)])
    }

    @Test func rangesMapAsASlowReferenceDoes() {
        let text = Array("0123456789abcdefghij".utf8)
        let spans = [2..<4, 4..<9, 15..<20].map {
            PIISpan(range: $0, kind: .email, rule: "r", score: 1)
        }
        let redacted = text.withUnsafeBufferPointer { RedactedText($0, spans: spans) }
        // The redacted range of one source byte, by walking.
        var image: [Range<Int>] = []
        var offset = 0
        for index in text.indices {
            if let span = spans.first(where: { $0.range.contains(index) }) {
                let length = span.kind.placeholder.utf8.count
                image.append(offset..<offset + length)
                if index == span.range.upperBound - 1 { offset += length }
            } else {
                image.append(offset..<offset + 1)
                offset += 1
            }
        }
        for lower in text.indices {
            for upper in lower + 1...text.count {
                let expected = image[lower].lowerBound..<image[upper - 1].upperBound
                #expect(redacted.redactedRange(of: lower..<upper) == expected)
            }
        }
        for index in text.indices {
            let whole = spans.first { $0.range.contains(index) }?.range ?? index..<index + 1
            #expect(redacted.sourceRange(of: image[index]) == whole)
        }
    }

    @Test func scanningRedactedTextFindsNothingNew() {
        var random = SplitMix(seed: 11)
        let pieces = [
            "phone: ", "a.very.long.mailbox.name.of.somebody@subdomain.mail.example",
            " 212 345 263", "ip ",
            "8.8.8.8", " version ", "1.2.3.4", "4111 1111 1111 1111", ", ", "\n", "password ",
            "Qr7!dke#39", "=",
            "+44 20 7946 0958", "@", "x", ":", "IBAN ", "DE89370400440532013000", "born ",
            "1960-09-11", "-", "0",
            "(201) 555-0123", "AKIA2OGYBAH6QLZT5MVR", "/", "://", "national id ", "44051401359",
            "C05702663",
            "passport ", "536-90-4399", "::1", "a2:96:9f:7b:26:fc", "電話", "[EMAIL]", "[PHONE] ",
        ]
        for round in 0..<3_000 {
            var text = ""
            for _ in 0..<Int(random.next() % 14) {
                text += pieces[Int(random.next() % UInt64(pieces.count))]
            }
            let spans = scan(text)
            let clean = Array(text.utf8).withUnsafeBufferPointer {
                RedactedText($0, spans: spans).bytes
            }
            let more = clean.withUnsafeBufferPointer { TestScanner().scan($0) }
            #expect(more.isEmpty, "round \(round): \(text.debugDescription)")
            #expect(
                zip(spans, spans.dropFirst()).allSatisfy {
                    $0.range.upperBound <= $1.range.lowerBound
                }
            )
        }
    }

    @Test func anyBytesAreScannedWithoutATrap() {
        var random = SplitMix(seed: 3)
        let alphabet: [UInt8] =
            Array("0123456789@.:-_ +()/=xXaAeEyJsSwWkKbc1\n\"'[]".utf8) + [
                0xC3, 0xE5, 0xB9, 0xB4, 0xFF,
            ]
        for _ in 0..<4_000 {
            let bytes = (0..<Int(random.next() % 60)).map { _ in
                alphabet[Int(random.next() % UInt64(alphabet.count))]
            }
            let spans = bytes.withUnsafeBufferPointer { TestScanner(minimumScore: 0).scan($0) }
            #expect(spans.allSatisfy { $0.range.upperBound <= bytes.count && !$0.range.isEmpty })
        }
    }

    @Test func offsetsConvertToCodePoints() {
        let text = Array("aé日🙂b".utf8)
        let offsets = text.withUnsafeBufferPointer {
            codePointOffsets(of: [0, 1, 3, 6, 10, 11, 11], in: $0)
        }
        #expect(offsets == [0, 1, 2, 3, 4, 5, 5])
    }
}
