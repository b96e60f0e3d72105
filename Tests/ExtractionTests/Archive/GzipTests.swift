import Records
import Testing

@testable import Extraction

@Suite("Gzip")
struct GzipTests {
    static let page = Array("<!doctype html><p>The wheel turns slowly.</p>".utf8)

    private func code(_ body: () throws(ExtractionError) -> some Any) -> StageFailure.Code? {
        do throws(ExtractionError) {
            _ = try body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [
        (MediaType.gzip, MediaType.html, false), (MediaType("text/html+gzip"), .html, false),
        (.unknown, .html, false), (.html, .html, true), (.plain, .html, true),
        (MediaType("text/markdown+gzip"), .html, true),
    ])
    func typeIsTheInnerOne(declared: MediaType, type: MediaType, disagrees: Bool) throws {
        let bytes = TinyDeflate.gzip(Self.page, name: "a.html")
        let found = try identifyContent(bytes, declared: declared, byteLimit: 1 << 20)
        #expect(found.bytes == Self.page)
        #expect(found.type == type)
        #expect(found.disagrees == disagrees)
    }

    @Test func innerNameDecidesWhereBytesDoNot() throws {
        let bytes = TinyDeflate.gzip(Array("# Mill\n\ntext".utf8))
        for (declared, type) in [
            (MediaType.markdown.compressed(as: .gzip), MediaType.markdown), (.gzip, .plain),
            (MediaType.plain.compressed(as: .gzip), .plain),
        ] {
            let found = try identifyContent(bytes, declared: declared, byteLimit: 1 << 20)
            #expect(found.type == type)
            #expect(!found.disagrees)
        }
    }

    @Test func plainBytesUnderAGzipNameAreReadWithAWarning() throws {
        let found = try identifyContent(
            Self.page,
            declared: MediaType.html.compressed(as: .gzip),
            byteLimit: 1 << 20
        )
        #expect(found.type == .html)
        #expect(found.disagrees)
        #expect(found.bytes == Self.page)
    }

    @Test func membersFollowEachOtherAndZerosMayEndThem() throws {
        let two = TinyDeflate.gzip(Array("one ".utf8)) + TinyDeflate.gzip(Array("two".utf8))
        for bytes in [two, two + Array(repeating: 0, count: 512)] {
            let (content, _) = try uncompressed(bytes, declared: .gzip, byteLimit: 1_000)
            #expect(content == Array("one two".utf8))
        }
    }

    @Test func oneGzipInsideAnotherIsOpened() throws {
        let twice = TinyDeflate.gzip(TinyDeflate.gzip(Self.page))
        #expect(try uncompressed(twice, declared: .gzip, byteLimit: 1_000).bytes == Self.page)
        let thrice = TinyDeflate.gzip(twice)
        #expect(
            self.code { () throws(ExtractionError) in
                try uncompressed(thrice, declared: .gzip, byteLimit: 1_000)
            } == .unsupportedType
        )
    }

    @Test func everyCutIsCorruptAndEveryChangedSumToo() {
        let bytes = TinyDeflate.gzip(Self.page, name: "x")
        for end in 3..<bytes.count {
            #expect(
                self.code { () throws(ExtractionError) in
                    try uncompressed(Array(bytes[..<end]), declared: .gzip, byteLimit: 1_000)
                } == .corrupt,
                "cut at \(end)"
            )
        }
        for index in bytes.count - 8..<bytes.count {
            var changed = bytes
            changed[index] ^= 1
            #expect(
                self.code { () throws(ExtractionError) in
                    try uncompressed(changed, declared: .gzip, byteLimit: 1_000)
                } == .corrupt
            )
        }
        #expect(
            self.code { () throws(ExtractionError) in
                try uncompressed(bytes + [1], declared: .gzip, byteLimit: 1_000)
            } == .corrupt
        )
    }

    @Test func limitIsHeldToTheByte() throws {
        let bytes = TinyDeflate.gzip(Array(repeating: 0x61, count: 1_000))
        #expect(try uncompressed(bytes, declared: .gzip, byteLimit: 1_000).bytes.count == 1_000)
        #expect(
            self.code { () throws(ExtractionError) in
                try uncompressed(bytes, declared: .gzip, byteLimit: 999)
            } == .tooLarge
        )
    }

    @Test func aBombIsNoDocument() {
        let zeros = TinyDeflate.zeros(ExpansionLimit.floor)
        let bomb: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + zeros
        #expect(
            self.code { () throws(ExtractionError) in
                try uncompressed(bomb, declared: .gzip, byteLimit: 1 << 30)
            } == .limitExceeded
        )
    }
}
