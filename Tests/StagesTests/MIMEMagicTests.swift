import Records
import Testing

@testable import Preparation

/// The rules of the shared MIME database, as its files write them.
@Suite struct MIMEMagicTests {
    static let file: [UInt8] = {
        var file = Array("MIME-Magic\0\n[50:application/x-low]\n>0=".utf8)
        file += [0, 2] + Array("AB\n".utf8)
        file += Array("[80:application/x-nested]\n>0=".utf8) + [0, 1] + Array("A\n1>4=".utf8)
        file += [0, 2, 0x40, 0x00, 0x26, 0xF0, 0x00] + Array("+3\n".utf8)
        file +=
            Array("[60:application/x-word]\n>0=".utf8) + [0, 2, 0x12, 0x34] + Array("~2\n".utf8)
        return file
    }()

    @Test(
        arguments: [
            ("ABxxxx", "application/x-low"), ("ABxxxx@ ", "application/x-nested"), ("B", nil),
            ("", nil),
            ("\u{34}\u{12}", "application/x-word"),
        ] as [(String, String?)]
    )
    func rulesTellTypes(text: String, type: String?) throws {
        let magic = try #require(MIMEMagic(Self.file))
        #expect(magic.type(of: Array(text.utf8))?.name == type, "\(text)")
    }

    @Test func damagedFilesTellWhatStandsBeforeTheDamage() throws {
        #expect(MIMEMagic(Array("words".utf8)) == nil)
        for count in 12..<Self.file.count {
            _ = MIMEMagic(Array(Self.file[..<count]))?.type(of: Array("ABxxxx@ ".utf8))
        }
    }

    @Test func namesAreThoseOfTheDatabaseAlone() {
        for name in ["../../etc/passwd", "text/../x", "/", "a/b/c", "text/.hidden", ""] {
            #expect(SharedMIMEInfo.name(of: MediaType(name)) == nil)
        }
    }
}
