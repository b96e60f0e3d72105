import Records
import Testing

@testable import Extraction

@Suite("Zip archives")
struct ZipArchiveTests {
    static let text = "The wheel turns slowly, slowly, slowly."

    private func code(_ file: [UInt8], reading name: String = "a") -> StageFailure.Code? {
        do throws(ExtractionError) {
            var archive = try ZipArchive(file)
            _ = try archive.read(name, byteLimit: 1 << 20)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func partsAreReadByName() throws {
        var zip = TinyZip([("a", Self.text), ("b/c.txt", "c"), ("d/", ""), ("e", "")])
        zip.parts[1].isStored = true
        for (isWide, comment, prefix) in [
            (false, 0, 0), (false, 65_535, 0), (true, 0, 0), (false, 22, 40), (true, 100, 0),
        ] {
            zip.isWide = isWide
            zip.comment = Array(repeating: 0x50, count: comment)
            zip.prefix = Array(repeating: 0x4B, count: prefix)
            var archive = try ZipArchive(zip.bytes())
            #expect(try archive.read("a", byteLimit: 1_000) == Array(Self.text.utf8))
            #expect(try archive.read("b/c.txt", byteLimit: 1) == Array("c".utf8))
            #expect(try archive.read("e", byteLimit: 0) == [])
            #expect(try archive.read("d/", byteLimit: 10) == nil)
            #expect(try archive.read("missing", byteLimit: 10) == nil)
        }
    }

    @Test func whatTheDirectorySaysIsHeldAgainstTheBytes() {
        var wrongSum = TinyZip([("a", Self.text)])
        wrongSum.parts[0].checksum = 1
        var wrongCount = TinyZip([("a", Self.text)])
        wrongCount.parts[0].byteCount = 3
        var wrongStored = wrongCount
        wrongStored.parts[0].isStored = true
        var wrongOffset = TinyZip([("a", Self.text)])
        wrongOffset.parts[0].offset = 1
        var farOffset = wrongOffset
        farOffset.parts[0].offset = 0x7FFF_FFFF
        for zip in [wrongSum, wrongCount, wrongStored, wrongOffset, farOffset] {
            #expect(self.code(zip.bytes()) == .corrupt)
        }
        var locked = TinyZip([("a", Self.text)])
        locked.parts[0].flags = 1
        #expect(self.code(locked.bytes()) == .encrypted)
        var packed = TinyZip([("a", Self.text)])
        packed.parts[0].method = 14
        #expect(self.code(packed.bytes()) == .unsupportedType)
        var huge = TinyZip([("a", Self.text)])
        huge.parts[0].byteCount = .max - 1
        #expect(self.code(huge.bytes()) == .tooLarge)
    }

    @Test func everyCutIsRefused() {
        let bytes = TinyZip([("a", Self.text)]).bytes()
        for end in 0..<bytes.count { #expect(self.code(Array(bytes[..<end])) == .corrupt) }
    }

    /// Many entries that share the bytes of one.
    @Test func overlappingPartsAreRefused() {
        var zip = TinyZip([("a", Self.text), ("b", Self.text)])
        zip.parts[1].offset = 0
        #expect(self.code(zip.bytes()) == .corrupt)
    }

    @Test(arguments: ["../a", "b/../../a", "b\\..\\a", "a\u{0}b", "", ".."])
    func namesThatLeadElsewhereAreRefused(name: String) {
        #expect(self.code(TinyZip([("a", "x"), (name, "y")]).bytes()) == .corrupt)
    }

    @Test func namesAreKeysHoweverTheyAreWritten() throws {
        let zip = TinyZip([("/a", "x"), ("word\\document.xml", "y"), ("b..c", "z")])
        var archive = try ZipArchive(zip.bytes())
        #expect(try archive.read("a", byteLimit: 9) == Array("x".utf8))
        #expect(try archive.read("word/document.xml", byteLimit: 9) == Array("y".utf8))
        #expect(try archive.read("b..c", byteLimit: 9) == Array("z".utf8))
    }

    @Test func lastOfTwoPartsWithOneNameCounts() throws {
        var archive = try ZipArchive(TinyZip([("a", "old"), ("a", "new")]).bytes())
        #expect(try archive.read("a", byteLimit: 9) == Array("new".utf8))
    }

    @Test func partsTogetherAreBounded() throws {
        let data = TinyDeflate.zeros(6 << 20)
        let zeros = Array(repeating: UInt8(0), count: (6 << 20) / 258 * 258 + 259)
        var zip = TinyZip()
        for name in ["a", "b", "c"] {
            var part = TinyZip.Part(name, "")
            part.data = data
            part.byteCount = UInt32(zeros.count)
            part.checksum = zeros.withUnsafeBytes { checksum(of: $0) }
            zip.parts.append(part)
        }
        var archive = try ZipArchive(zip.bytes())
        #expect(try archive.read("a", byteLimit: 8 << 20)?.count == zeros.count)
        #expect(try archive.read("b", byteLimit: 8 << 20)?.count == zeros.count)
        let error = #expect(throws: ExtractionError.self) {
            _ = try archive.read("c", byteLimit: 8 << 20)
        }
        #expect(error?.code == .limitExceeded)
    }

    @Test func tooManyPartsAreRefused() {
        var zip = TinyZip()
        zip.parts = Array(repeating: TinyZip.Part("a", ""), count: ZipArchive.entryCountLimit + 1)
        #expect(self.code(zip.bytes()) == .limitExceeded)
    }

    @Test(arguments: [
        ("a/b.xml", "c.xml", "a/c.xml"), ("a/b.xml", "../c.xml", "c.xml"),
        ("a/b.xml", "../../c.xml", nil), ("a/b.xml", "/c/d.xml", "c/d.xml"),
        ("b.opf", "c%20d.xhtml#x", "c d.xhtml"), ("b.opf", "http://x.y/c", nil),
        ("b.opf", "#x", nil), ("b.opf", "", nil), ("b.opf", "./a/./b?q", "a/b"),
        ("b.opf", "%2e%2e/%ZZ", "../%ZZ"), ("", "a/b", "a/b"),
    ])
    func referencesStayInside(base: String, reference: String, expected: String?) {
        #expect(resolvedPartName(reference, from: base) == expected)
    }
}
