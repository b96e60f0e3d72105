import Records
import Testing

@testable import Extraction

@Suite("Delimited values")
struct DelimitedTests {
    private func markdown(_ text: String) throws -> String {
        try extractDelimited(Array(text.utf8)).markdownText
    }

    static let dialects: [(text: String, markdown: String)] = [
        ("a,b\n1,x\n2,y\n", "| a | b |\n| --- | --- |\n| 1 | x |\n| 2 | y |"),
        ("a;b\n1,5;x\n2,5;y\n", "| a | b |\n| --- | --- |\n| 1,5 | x |\n| 2,5 | y |"),
        ("a\tb\n1\tx, y\n", "| a | b |\n| --- | --- |\n| 1 | x, y |"),
        ("a|b\n1|x\n", "| a | b |\n| --- | --- |\n| 1 | x |"),
        ("sep=;\na;b\n1;2,3,4\n", "| a | b |\n| --- | --- |\n| 1 | 2,3,4 |"),
        ("'a','b'\n'x, 1','y'\n", "| a | b |\n| --- | --- |\n| x, 1 | y |"),
        (
            "a,b\r\n\"x\r\ny\",\"say \"\"so\"\"\"\r\n",
            "| a | b |\n| --- | --- |\n| x y | say \"so\" |"
        ),
        ("a,b\n\"say \\\"so\\\" he\",2\n", "| a | b |\n| --- | --- |\n| say \"so\" he | 2 |"),
        ("a,b\nx|y,2\n", "| a | b |\n| --- | --- |\n| x\\|y | 2 |"),
        (
            "a,b,c\n1,2\n1,2,3,4\n",
            "| a | b | c |  |\n| --- | --- | --- | --- |\n| 1 | 2 |  |  |\n| 1 | 2 | 3 | 4 |"
        ),
        ("name\nAda\nBen\n", "| name |\n| --- |\n| Ada |\n| Ben |"),
        (
            "a,b\n5\" pipe,\"open\nx,y\n",
            "| a | b |\n| --- | --- |\n| 5\" pipe | \"open |\n| x | y |"
        ),
    ]

    @Test(arguments: dialects.indices) func recordsAreRows(index: Int) throws {
        let item = Self.dialects[index]
        #expect(try self.markdown(item.text) == item.markdown)
    }

    @Test func figuresOverFiguresAreNoHead() throws {
        let rows = (0..<20).map { "\($0),\($0 * 3).5,x\($0)" }.joined(separator: "\n")
        let content = try extractDelimited(Array(rows.utf8))
        #expect(
            content.markdownText.hasPrefix("|  |  |  |\n| --- | --- | --- |\n| 0 | 0.5 | x0 |\n")
        )
        #expect(content.plainText.hasPrefix("0\t0.5\tx0\n"))
        let years = "country,2019,2020\nA,1,2\nB,3,4\n"
        #expect(try self.markdown(years).hasPrefix("| country | 2019 | 2020 |\n| --- |"))
    }

    @Test func linesBeforeTheTableAreParagraphs() throws {
        let content = try extractDelimited(Array("Visitors of 2031\n\na,b\n1,2\n3,4\n".utf8))
        #expect(content.kinds == [.paragraph, .table])
        #expect(content.plainText == "Visitors of 2031\n\na\tb\n1\t2\n3\t4")
    }

    @Test func encodingsAreThoseOfText() throws {
        let utf16: [UInt8] =
            [0xFF, 0xFE]
            + Array("Größe,b\n1,2".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try extractDelimited(utf16).plainText == "Größe\tb\n1\t2")
        let latin: [UInt8] =
            Array("Gr".utf8) + [0xF6] + Array("sse;b\nM".utf8) + [0xFC] + Array("hle;2\n".utf8)
        #expect(try extractDelimited(latin).plainText == "Grösse\tb\nMühle\t2")
    }

    @Test func hostileTablesEnd() throws {
        #expect(refusal { _ = try extractDelimited(Array("\n\n \n".utf8)) } == .empty)
        let quotes = Array(String(repeating: "\"", count: 300_001).utf8)
        _ = try? extractDelimited(quotes)
        let wide = Array(String(repeating: ",", count: 200_000).utf8) + Array("x\n".utf8)
        _ = try? extractDelimited(wide)
        let open = Array(String(repeating: "a,\"b\nc,", count: 50_000).utf8)
        expectSound(try extractDelimited(open)) { try extractDelimited(open) }
    }
}
