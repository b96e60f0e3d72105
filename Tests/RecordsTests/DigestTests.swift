import Hashing
import Records
import Testing

@Suite struct DigestTests {
    @Test func abcHasThePublishedDigest() {
        // FIPS 180-4 example "abc".
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(sha256("abc").hex == expected)
        #expect(Digest(hex: expected) == sha256("abc"))
    }

    @Test func piecesHashLikeTheWhole() {
        var hasher = StreamingSHA256()
        hasher.update(Array("a".utf8))
        hasher.update(Array("bc".utf8))
        #expect(hasher.finish() == sha256("abc"))
    }

    @Test func sumDoesNotDependOnOrderAndCarries() {
        let parts = (0..<50).map { sha256("part \($0)") }
        var forward = DigestSum()
        var backward = DigestSum()
        for part in parts { forward.add(part) }
        for part in parts.reversed() { backward.add(part) }
        #expect(forward == backward)
        var wrapping = DigestSum(Digest(0, 0, 0, .max))
        wrapping.add(Digest(0, 0, 0, 1))
        #expect(wrapping.value == Digest(0, 0, 1, 0))
    }

    @Test func subtractingUndoesAddingAndBorrows() {
        let parts = (0..<50).map { sha256("part \($0)") }
        var sum = DigestSum(sha256("start"))
        for part in parts { sum.add(part) }
        for part in parts.reversed() { sum.subtract(part) }
        #expect(sum.value == sha256("start"))
        var wrapping = DigestSum()
        wrapping.subtract(Digest(0, 0, 0, 1))
        #expect(wrapping.value == Digest(.max, .max, .max, .max))
        var borrowing = DigestSum(Digest(1, 0, 0, 0))
        borrowing.subtract(Digest(0, .max, .max, .max))
        #expect(borrowing.value == Digest(0, 0, 0, 1))
    }

    @Test(arguments: ["", "0", "zz", String(repeating: "g", count: 64)])
    func malformedHexIsRefused(hex: String) {
        #expect(Digest(hex: hex) == nil)
    }

    @Test func orderIsThatOfTheBytes() {
        let digests = (0..<100).map { sha256("\($0)") }
        let byValue = digests.sorted().map(\.bytes)
        let byBytes = digests.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
        #expect(byValue == byBytes)
    }

    @Test func documentIDsAreStableAndRoundTrip() throws {
        let id = documentID(uri: "docs/a.html")
        #expect(id == documentID(uri: "docs/a.html"))
        #expect(id != documentID(uri: "docs/b.html"))
        #expect(try #require(DocumentID(bytes: id.bytes)) == id)
        #expect((0..<8).contains(id.shard(of: 8)))
    }
}
