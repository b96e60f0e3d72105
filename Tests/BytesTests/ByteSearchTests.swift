import Testing

@testable import Bytes

@Suite struct ByteSearchTests {
    @Test(arguments: [
        ("script", "<script>", 1, true), ("script", "<SCRIPT>", 1, true),
        ("script", "<script>", 0, false), ("script", "<scrip", 1, false), ("a", "", 0, false),
    ])
    func aWordMatchesInAnyCase(word: String, text: String, index: Int, expected: Bool) {
        let words: [String: StaticString] = ["script": "script", "a": "a"]
        let bytes = Array(text.utf8)
        let found = bytes.withUnsafeBufferPointer { matches(words[word] ?? "", $0, at: index) }
        #expect(found == expected)
        #expect(bytes.withUnsafeBufferPointer { matches("script", $0, at: -1) } == false)
    }

    @Test(arguments: [
        ("a note of none", true), ("NONE", true), ("non", false), ("", false), ("nonone", true),
    ])
    func aWordIsFoundAnywhere(text: String, expected: Bool) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { contains("none", $0) } == expected)
    }

    @Test func aWordIsFoundAtEveryPlaceOfTextsOfEveryLength() {
        var random = SplitMix64(seed: 7)
        let letters = Array("nNoOeE@ ")
        for count in 0..<64 {
            let rest = (0..<count).map { _ in random.pick(letters) }
            for place in 0...count {
                let text = String(rest[..<place]) + "DiscussionForum" + String(rest[place...])
                let bytes = Array(text.utf8)
                bytes.withUnsafeBufferPointer {
                    #expect(contains("discussionforum", $0))
                    #expect(!contains("discussionforums", $0))
                    #expect(contains("none", $0) == text.lowercased().contains("none"))
                    #expect(!contains("`", $0))
                }
            }
        }
    }

    @Test func theNextByteIsAtOrAfterTheStart() {
        Array("a<b<".utf8).withUnsafeBufferPointer { bytes in
            let found = (0...5).map { firstIndex(of: .lessThan, in: bytes, from: $0) }
            #expect(found == [1, 1, 3, 3, nil, nil])
        }
    }
}
