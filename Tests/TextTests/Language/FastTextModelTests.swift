import Records
import Testing

@testable import Text

@Suite struct FastTextModelTests {
    @Test(arguments: [3, 4] as [Int32])
    func aDenseModelAnswersAsItsDefinitionSays(_ loss: Int32) throws {
        let model = try SmallFastText.file(loss: loss).model()
        #expect(model.labels == ["de", "en"])
        // "und" is row 0, "</s>" row 1; an unknown word adds nothing.
        let answer = try #require(probabilities(model, "und zzz"))
        let hidden: [Float] = [(2 + 0.5) / 2, (0 + 0.5) / 2]
        let scores: [Float] = [hidden[0] * 1, hidden[1] * 1]
        let expected = loss == 3 ? softmax(scores) : scores.map(logistic)
        for (found, wanted) in zip(answer, expected) { #expect(abs(found - wanted) < 1e-6) }
    }

    @Test func aHierarchicalModelGoesDownItsTree() throws {
        let model = try SmallFastText.file(loss: 1).model()
        let answer = try #require(probabilities(model, "und"))
        // One inner node, whose row is the first: right is the more frequent label.
        let right = logistic((2 + 0.5) / 2)
        #expect(abs(answer[0] - right) < 1e-6)
        #expect(abs(answer[1] - (1 - right)) < 1e-6)
    }

    @Test func aQuantisedModelAnswersAsTheDenseOne() throws {
        let dense = try SmallFastText.file(loss: 3).model()
        let quantised = try SmallFastText.file(loss: 3, isQuantised: true).model()
        for text in ["und", "the und", "the\tthe\nund", "", "zzz"] {
            #expect(probabilities(dense, text) == probabilities(quantised, text))
        }
    }

    @Test func subwordsAreBucketsOfTheFramedWord() throws {
        let model = try SmallFastText.file(loss: 3, subwords: 2...3).model()
        var rows: [Int] = []
        var text = "né"
        text.withUTF8 { model.dictionary.forEachRow(of: $0) { rows.append($0) } }
        let grams = ["<n", "<né", "né", "né>", "é>"]
        #expect(rows == grams.map { 2 + Int(reference($0) % 5) } + [1])
    }

    @Test func everyTruncationIsRefused() {
        for isQuantised in [false, true] {
            let whole = Array(SmallFastText.file(loss: 3, isQuantised: isQuantised).bytes)
            for count in 0..<whole.count {
                #expect(throws: FastTextModel.FormatError.self) {
                    try OwnedBytes(Array(whole[..<count])).model()
                }
            }
            #expect(throws: FastTextModel.FormatError.self) {
                try OwnedBytes(whole + [0]).model()
            }
        }
    }

    @Test func changedBytesAreRefusedOrReadWithoutATrap() {
        var random = SplitMix(seed: 9)
        for isQuantised in [false, true] {
            let whole = Array(
                SmallFastText.file(loss: 1, isQuantised: isQuantised, subwords: 1...2).bytes
            )
            for _ in 0..<1500 {
                var contents = whole
                let index = Int(random.next() % UInt64(contents.count))
                contents[index] = UInt8(truncatingIfNeeded: random.next())
                guard let model = try? OwnedBytes(contents).model() else { continue }
                if let answer = probabilities(model, "und the né") {
                    #expect(answer.count == model.labels.count)
                    #expect(answer.allSatisfy { $0.isFinite })
                }
            }
        }
    }

    @Test func anOperatorsModelIsHeard() throws {
        let model = try SmallFastText.file(loss: 3).model()
        var text = "und"
        let alone = text.withUTF8 { LanguageDetector().detect($0, hint: nil) }
        let heard = text.withUTF8 {
            LanguageDetector(fastText: model).detect($0, hint: nil)
        }
        #expect(heard.alternatives != alone.alternatives || heard.confidence != alone.confidence)
    }

    @Test(arguments: [
        ("de", "de"), ("deu_Latn", "de"), ("zho_Hant", "zh"), ("zh-Hant", "zh"), ("no", "nb"),
        ("ckb", "ckb"), ("arb_Arab", "ar"),
    ])
    func labelsAreNamedInOurCodes(_ label: String, _ code: String) {
        #expect(fastTextLanguageCode(label) == code)
    }
}

private func probabilities(_ model: FastTextModel, _ text: String) -> [Float]? {
    var text = text
    return text.withUTF8 { model.probabilities($0) }
}

private func reference(_ text: String) -> UInt32 {
    text.utf8.reduce(2_166_136_261) { hash, byte in
        (hash ^ (byte < 128 ? UInt32(byte) : UInt32(byte) | 0xFFFF_FF00)) &* 16_777_619
    }
}

/// A model of two words, `und` and `</s>`, five buckets and two labels, in two dimensions.
private enum SmallFastText {

    static func file(
        loss: Int32,
        isQuantised: Bool = false,
        subwords: ClosedRange<Int32>? = nil
    ) -> OwnedBytes {
        var out: [UInt8] = []
        func add<T: FixedWidthInteger>(_ values: T...) {
            for value in values {
                withUnsafeBytes(of: value.littleEndian) { out.append(contentsOf: $0) }
            }
        }
        func add(_ floats: [Float]) { for value in floats { add(value.bitPattern) } }
        let bucket: Int32 = subwords == nil ? 0 : 5
        add(793_712_314 as Int32, 12)
        add(2 as Int32, 5, 5, 1, 5, 1, loss, 3, bucket)
        add(subwords?.lowerBound ?? 0, subwords?.upperBound ?? 0, 100)
        add((0.0001).bitPattern)
        add(4 as Int32, 2, 2)
        add(100 as Int64, -1)
        for (word, count, kind) in [
            ("und", 50, 0), ("</s>", 40, 0), ("__label__de", 9, 1), ("__label__en", 5, 1),
        ] as [(String, Int64, UInt8)] {
            out += Array(word.utf8) + [0]
            add(count)
            out.append(kind)
        }
        let rows: [[Float]] =
            [[2, 0], [0.5, 0.5]] + (0..<Int(bucket)).map { [Float($0), -Float($0)] }
        out.append(isQuantised ? 1 : 0)
        if isQuantised {
            // One part as wide as a row; a row is its own centroid.
            out.append(0)
            add(Int64(rows.count), 2)
            add(Int32(rows.count))
            out += rows.indices.map { UInt8($0) }
            add(2 as Int32, 1, 2, 2)
            add(rows.flatMap(\.self) + [Float](repeating: 0, count: (256 - rows.count) * 2))
        } else {
            add(Int64(rows.count), 2)
            add(rows.flatMap(\.self))
        }
        out.append(0)
        add(2 as Int64, 2)
        add([1, 0, 0, 1])
        return OwnedBytes(out)
    }
}

extension OwnedBytes {
    fileprivate func model() throws -> FastTextModel {
        try FastTextModel(self.bytes, owner: self)
    }
}
