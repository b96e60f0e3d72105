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

    /// RFC 4231, test cases 1, 2 and 6.
    @Test func authenticationCodesAreThoseOfTheStandard() {
        func code(_ message: String, _ key: [UInt8]) -> String {
            authenticationCode(of: Array(message.utf8), key: key)
                .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        #expect(
            code("Hi There", [UInt8](repeating: 0x0B, count: 20))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        )
        #expect(
            code("what do ya want for nothing?", Array("Jefe".utf8))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        #expect(
            code(
                "Test Using Larger Than Block-Size Key - Hash Key First",
                [UInt8](repeating: 0xAA, count: 131)
            ) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        )
    }
}
