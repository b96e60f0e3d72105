import Testing

@testable import Text

@Suite struct NgramModelTests {
    @Test func scoresAreThoseOfTheDefinition() throws {
        let file = SmallModel()
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

    @Test func textWithoutFeaturesHasNone() throws {
        let file = SmallModel()
        let model = try NgramModel(file.bytes, owner: file)
        for text in ["", "q", "bbbb"] {
            let scores = Array(text.utf8).withUnsafeBufferPointer { NgramScores($0, model: model) }
            #expect(!scores.hasFeatures)
        }
    }

    @Test func everyTruncationIsRefused() {
        let whole = SmallModel().contents
        for count in 0..<whole.count {
            let file = SmallModel(Array(whole[..<count]))
            #expect(throws: NgramModel.FormatError.self) {
                try NgramModel(file.bytes, owner: file)
            }
        }
    }

    @Test func changedBytesAreRefusedOrReadWithoutATrap() {
        let whole = SmallModel().contents
        var random = SplitMix(seed: 4)
        var text = "abcabxab"
        for _ in 0..<600 {
            var contents = whole
            let index = Int(random.next() % UInt64(min(contents.count, 400)))
            contents[index] = UInt8(truncatingIfNeeded: random.next())
            let file = SmallModel(contents)
            guard let model = try? NgramModel(file.bytes, owner: file) else { continue }
            let count = text.withUTF8 { NgramScores($0, model: model).byteCount }
            #expect(count == text.utf8.count)
        }
    }

    @Test func manyOccurrencesAreCounted() throws {
        let file = SmallModel()
        let model = try NgramModel(file.bytes, owner: file)
        let text = [UInt8](repeating: 0x78, count: 10_000)
        let scores = text.withUnsafeBufferPointer { NgramScores($0, model: model) }
        #expect(scores.byteCount == NgramScores.byteCountLimit)
        let row = Int32(SmallModel.rows[2][0])
        #expect(scores.columns[0] > SmallModel.priors[0] * 256 + row * 177)
    }
}

/// A model of the features `ab`, `abc` and `x` for two labels.
private final class SmallModel: Sendable {
    static let priors: [Int32] = [100, 90]
    static let rows: [[UInt8]] = [[10, 200], [50, 60], [255, 1]]
    let contents: [UInt8]
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    convenience init() {
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
        append([3, 1024, 3, 2, 16, 20])
        for label in ["en", "de"] { contents += Array(label.utf8) + [0, 0, 0, 0, 0, 0] }
        append(Self.priors.map { UInt32(bitPattern: $0) })
        contents += [UInt8](repeating: 0, count: (16 - contents.count % 16) % 16)
        append(failures)
        contents += [UInt8](repeating: 0, count: (16 - contents.count % 16) % 16)
        append(slots.flatMap(\.self))
        for row in Self.rows { contents += row + [UInt8](repeating: 0, count: 14) }
        self.init(contents)
    }

    init(_ contents: [UInt8]) {
        self.contents = contents
        let copy = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(contents.count, 1),
            alignment: 16
        )
        copy.copyBytes(from: contents)
        self.bytes = UnsafeRawBufferPointer(rebasing: copy[..<contents.count])
    }

    deinit { UnsafeMutableRawPointer(mutating: self.bytes.baseAddress)?.deallocate() }
}
