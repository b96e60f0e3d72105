import Testing

@testable import Text

@Suite struct BudgetUnitsTests {
    /// One token a run between blanks, as a tokenizer has it for words it does not know.
    private static func runs(_ text: [UInt8]) -> (starts: [Int32], ends: [Int32]) {
        var starts: [Int32] = []
        var ends: [Int32] = []
        for index in text.indices {
            let isWord = text[index] > 0x20
            if isWord, index == 0 || text[index - 1] <= 0x20 { starts.append(Int32(index)) }
            if isWord, index + 1 == text.count || text[index + 1] <= 0x20 {
                ends.append(Int32(index + 1))
            }
        }
        return (starts, ends)
    }

    private static func units(_ text: String) -> (units: BudgetUnits, text: [UInt8]) {
        let bytes = Array(text.utf8)
        let (starts, ends) = Self.runs(bytes)
        let units = bytes.withUnsafeBufferPointer {
            BudgetUnits($0, tokenStarts: starts, tokenEnds: ends)
        }
        return (units, bytes)
    }

    @Test func tokensOfUsualLengthAreTheUnits() {
        let (units, text) = Self.units("a few words, the longest internationalization")
        #expect(units.starts == Self.runs(text).starts)
        #expect(units.tokens(of: 1..<3) == 1..<3)
    }

    @Test(arguments: [
        String(repeating: "QUJDREVG", count: 500),
        String(repeating: "วันนี้อากาศดีและเด็กๆกำลังเล่นอยู่ในสวนสาธารณะ", count: 40),
        String(repeating: "ថ្ងៃនេះអាកាសធាតុល្អហើយកុមារកំពុងលេងនៅក្នុងសួន", count: 40),
        String(repeating: "ယနေ့ရာသီဥတုကောင်းပြီးကလေးများပန်းခြံတွင်", count: 40),
        String(repeating: "😀🎉", count: 500), String(repeating: "👨‍👩‍👧‍👦", count: 100),
    ])
    func aLongWordCountsByItsBytes(word: String) {
        let (units, text) = Self.units("ab \(word) cd")
        let starts = units.starts.map(Int.init)
        #expect(units.tokens(of: 0..<1) == 0..<1)
        #expect(units.tokens(of: 1..<starts.count - 1) == 1..<2)
        #expect(units.tokens(of: 1..<2) == nil)
        for (start, next) in zip(starts, starts.dropFirst()) {
            #expect(start < next && next - start <= 64)
            #expect(text[start] & 0xC0 != 0x80)
        }
        #expect(starts.count >= word.utf8.count / 64)
    }

    @Test func aWordWithoutBlanksIsCutWhereItsWordsEnd() {
        let text = "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทยและมีแม่น้ำเจ้าพระยาไหลผ่าน"
        let (units, bytes) = Self.units(text)
        let starts = units.starts.map(Int.init) + [bytes.count]
        let parts = zip(starts, starts.dropFirst()).map {
            String(decoding: bytes[$0..<$1], as: UTF8.self)
        }
        #expect(parts.joined() == text)
        #expect(
            parts.contains { $0.hasPrefix("เมือง") } && parts.contains { $0.hasPrefix("ประเทศ") }
        )
    }
}
