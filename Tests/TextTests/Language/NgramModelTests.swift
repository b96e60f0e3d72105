import Foundation
import Testing

@testable import Text

@Suite struct NgramModelTests {
    @Test func scoresAreThoseOfTheDefinition() throws {
        let file = SmallModel.file()
        let model = try NgramModel(file.bytes, owner: file)
        let text = Array("abcabxab".utf8)
        let scores = text.withUnsafeBufferPointer { NgramScores($0, model: model) }
        #expect(scores.hasFeatures)
        // "ab" ends three times, "b" is not a feature of its own there, "abc" and "x" once.
        func weight(_ count: Int) -> Int32 { [0, 177, 281, 355][count] }
        for column in 0..<2 {
            let rows = SmallModel.rows.map { Int32($0[column]) }
            let expected =
                SmallModel.priors[column] * 256 + rows[0] * weight(3) + rows[1] * weight(1)
                + rows[2] * weight(1)
            #expect(scores.columns[column] == expected)
        }
    }

    /// 70 columns are one line of 64 and one of 16.
    @Test(arguments: [2, 70]) func anyPartingOfATextGivesTheSumsOfTheWhole(columns: Int) throws {
        let file = SmallModel.file(columnCount: columns)
        let model = try NgramModel(file.bytes, owner: file)
        #expect(model.contextByteCount == 2)
        var random = SplitMix(seed: 11)
        for length in Array(0...80) + [96, 127, 255, 256, 257, 399, 400] {
            let text = (0..<length).map { _ in Array("aabbccxq".utf8)[Int(random.next() % 8)] }
            var counts = [0, 0, 0]
            for end in 1..<max(text.count + 1, 1) {
                let before = text[..<end]
                if before.ends(with: "abc") { counts[1] += 1 }
                if before.ends(with: "ab") { counts[0] += 1 }
                if before.ends(with: "x") { counts[2] += 1 }
            }
            let scores = text.withUnsafeBufferPointer { NgramScores($0, model: model) }
            #expect(scores.hasFeatures == counts.contains { $0 > 0 })
            for column in 0..<columns {
                var expected = SmallModel.prior(column) * 256
                for (feature, count) in counts.enumerated() {
                    let weight = (log1p(Double(count)) * 256).rounded()
                    expected += Int32(SmallModel.row(feature, column)) * Int32(weight)
                }
                #expect(scores.columns[column] == expected)
            }
        }
    }

    @Test func noMoreBytesThanTheLimitAreRead() throws {
        let file = SmallModel.file()
        let model = try NgramModel(file.bytes, owner: file)
        let text = Array((String(repeating: "x", count: 99) + "q" + "ab").utf8)
        let scores = text.withUnsafeBufferPointer { NgramScores($0, model: model, limit: 4) }
        #expect(scores.byteCount == 4)
        let row = Int32(SmallModel.rows[2][0])
        #expect(scores.columns[0] == SmallModel.priors[0] * 256 + row * 412)
    }

    @Test func textWithoutFeaturesHasNone() throws {
        let file = SmallModel.file()
        let model = try NgramModel(file.bytes, owner: file)
        for text in ["", "q", "bbbb"] {
            let scores = Array(text.utf8).withUnsafeBufferPointer { NgramScores($0, model: model) }
            #expect(!scores.hasFeatures)
        }
    }

    @Test func everyTruncationIsRefused() {
        let whole = Array(SmallModel.file().bytes)
        for count in 0..<whole.count {
            let file = OwnedBytes(Array(whole[..<count]))
            #expect(throws: NgramModel.FormatError.self) {
                try NgramModel(file.bytes, owner: file)
            }
        }
    }

    @Test func changedBytesAreRefusedOrReadWithoutATrap() {
        let whole = Array(SmallModel.file().bytes)
        var random = SplitMix(seed: 4)
        var text = "abcabxab"
        for _ in 0..<600 {
            var contents = whole
            let index = Int(random.next() % UInt64(min(contents.count, 400)))
            contents[index] = UInt8(truncatingIfNeeded: random.next())
            let file = OwnedBytes(contents)
            guard let model = try? NgramModel(file.bytes, owner: file) else { continue }
            let count = text.withUTF8 { NgramScores($0, model: model).byteCount }
            #expect(count == text.utf8.count)
        }
    }

    @Test func manyOccurrencesAreCounted() throws {
        let file = SmallModel.file()
        let model = try NgramModel(file.bytes, owner: file)
        let text = [UInt8](repeating: 0x78, count: 10_000)
        let scores = text.withUnsafeBufferPointer { NgramScores($0, model: model) }
        #expect(scores.byteCount == NgramScores.byteCountLimit)
        let row = Int32(SmallModel.rows[2][0])
        #expect(scores.columns[0] > SmallModel.priors[0] * 256 + row * 177)
    }
}

/// A model of the features `ab`, `abc` and `x` for two labels.
private enum SmallModel {
    static let priors: [Int32] = [100, 90]
    static let rows: [[UInt8]] = [[10, 200], [50, 60], [255, 1]]

    static func row(_ feature: Int, _ column: Int) -> UInt8 {
        column < 2 ? self.rows[feature][column] : UInt8((feature * 77 + column * 31) & 0xFF)
    }

    static func prior(_ column: Int) -> Int32 {
        column < 2 ? self.priors[column] : Int32(80 - column)
    }

    static func file(columnCount: Int = 2) -> OwnedBytes {
        var slots = [[UInt32]](repeating: [.max, 0, 0, .max], count: 1024)
        for byte in 0..<256 { slots[byte] = [0, 0, 0, .max] }
        // States: 0 root, 1 "a", 2 "ab"; "abc" and "x" have no children, so the root goes on.
        slots[0x61] = [0, 1, 256, .max]
        slots[0x78] = [0, 0, 0, 2]
        slots[256 + 0x62] = [1, 2, 512, 0]
        slots[512 + 0x63] = [2, 0, 0, 1]
        let failures: [UInt32] = [0, 0, 0, 0, 0, 0]
        var contents = Array("MRNGRAM1".utf8)
        func append(_ values: [UInt32]) {
            for value in values {
                withUnsafeBytes(of: value.littleEndian) { contents.append(contentsOf: $0) }
            }
        }
        let stride = (columnCount + 15) / 16 * 16
        append([3, 1024, 3, UInt32(columnCount), UInt32(stride), 20])
        for column in 0..<columnCount {
            contents += Array("l\(100 + column)".utf8) + [0, 0, 0, 0]
        }
        append((0..<columnCount).map { UInt32(bitPattern: Self.prior($0)) })
        contents += [UInt8](repeating: 0, count: (16 - contents.count % 16) % 16)
        append(failures)
        contents += [UInt8](repeating: 0, count: (16 - contents.count % 16) % 16)
        append(slots.flatMap(\.self))
        for feature in Self.rows.indices {
            contents += (0..<stride).map { $0 < columnCount ? Self.row(feature, $0) : 0 }
        }
        return OwnedBytes(contents)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with word: String) -> Bool {
        self.suffix(word.utf8.count).elementsEqual(word.utf8)
    }
}
