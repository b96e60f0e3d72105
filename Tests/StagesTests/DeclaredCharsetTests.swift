import Extraction
import Records
import Testing

@testable import Preparation

/// A charset that a server names reaches the text.
@Suite struct DeclaredCharsetTests {
    private func text(_ bytes: [UInt8], _ charset: String, _ type: MediaType) -> String? {
        textOfDeclaredCharset(bytes, charset, type).map { String(decoding: $0.utf8, as: UTF8.self) }
    }

    @Test func bytesOfOneByteEach() {
        #expect(self.text([0xE9], "iso-8859-1", .plain) == "é")
        #expect(self.text([0x3C, 0x70, 0x3E, 0xE1], "ISO-8859-2", .html) == "<p>á")
        #expect(self.text([0xD0, 0xCF], "koi8-r", .markdown) == "по")
    }

    /// The bytes tell UTF-8 by themselves, XML says it in its first line, and others have none.
    @Test func whatIsLeftAsItIs() {
        #expect(self.text([0xE9], "", .plain) == nil)
        #expect(self.text(Array("é".utf8), "utf-8", .plain) == nil)
        #expect(self.text([0xE9], "no-such-charset", .plain) == nil)
        #expect(self.text([0xE9], "iso-8859-1", .xml) == nil)
        #expect(self.text([0xE9], "iso-8859-1", .pdf) == nil)
    }
}
