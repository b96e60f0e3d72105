import Records
import Testing

@testable import Extraction

@Suite("Encryption of Office 97 documents")
struct LegacyEncryptionTests {
    private static func file(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        TinyCompound([.stream(name, bytes + Array(repeating: 0, count: 64))]).bytes()
    }

    @Test(arguments: [
        ("WordDocument", [0xEC, 0xA5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], true),
        ("WordDocument", [0xEC, 0xA5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12], false),
        ("Workbook", [9, 8, 2, 0, 0, 6, 0x2F, 0, 2, 0, 1, 0], true),
        ("Workbook", [9, 8, 2, 0, 0, 6, 0x42, 0, 2, 0, 0x2F, 0], false),
        ("Book", [9, 8, 2, 0, 0, 5, 0x2F, 0, 4, 0], true),
        ("Current User", Array(repeating: 0, count: 12) + [0xDF, 0xC4, 0xD1, 0xF3], true),
        ("Current User", Array(repeating: 0, count: 12) + [0x5F, 0xC0, 0x91, 0xE3], false),
        ("WordDocument", [], false),
    ])
    func isToldByTheFile(stream: String, bytes: [UInt8], expected: Bool) {
        #expect(isEncryptedLegacyOffice(Self.file(stream, bytes)) == expected)
    }

    @Test func otherBytesAreNotEncrypted() {
        #expect(!isEncryptedLegacyOffice([]))
        #expect(!isEncryptedLegacyOffice(compoundSignature + [0xFF, 0xFF]))
        #expect(compoundType(Self.file("Book", [9, 8])) == .xls)
        #expect(sniffMediaType(Array("a\tb\n1\t2\n3\t4\n".utf8), declared: .xls).type != .xls)
    }
}
