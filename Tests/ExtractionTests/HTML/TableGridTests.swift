import Extraction
import Records
import Testing

@Suite struct TableGridTests {
    static let head = "<tr><th>Option</th><th>Meaning</th><th>Since</th></tr>"

    @Test(arguments: [
        (
            "<tr><th>A</th><th>B</th><th>C</th></tr>"
                + "<tr><td rowspan=2 colspan=2>wide</td><td>c1</td></tr><tr><td>c2</td></tr>",
            "| A | B | C |\n| --- | --- | --- |\n| wide | | c1 |\n| | | c2 |"
        ),
        (
            "<tr><th>A</th><th>B</th></tr><tr><td>1</td><td rowspan=9>long</td></tr>"
                + "<tr><td>2</td></tr>",
            "| A | B |\n| --- | --- |\n| 1 | long |\n| 2 | |"
        ),
        (
            "<tr><th>A</th><th>B</th></tr><tr><td rowspan=0>1</td><td>x</td></tr>"
                + "<tr><td>y</td></tr><tr><td>z</td></tr>",
            "| A | B |\n| --- | --- |\n| 1 | x |\n| | y |\n| | z |"
        ),
        (
            "<tr><th rowspan=2>S</th><th colspan=2>2025</th></tr><tr><th>Q1</th><th>Q2</th></tr>"
                + "<tr><td>N</td><td>10</td><td>11</td></tr>",
            "| S | 2025 | |\n| --- | --- | --- |\n| | Q1 | Q2 |\n| N | 10 | 11 |"
        ),
    ])
    func aCellKeepsItsColumn(rows: String, expected: String) throws {
        let text = try markdown("<article>\(article)<table>\(rows)</table></article>")
        #expect(text.contains(expected), "\(text.suffix(200))")
    }

    @Test(arguments: [
        "<pre>a b\nc d</pre>", "<h4>a b</h4>", "<table><tr><td>a</td><td>b</td></tr></table>",
        "<ul><li>a b</li></ul>", "<div class=highlight><pre><code>a b</code></pre></div>",
        "<p>a b</p><p>\(sentence)\(sentence)\(sentence)\(sentence)\(sentence)\(sentence)</p>",
    ])
    func aTableStaysOneWhateverStandsInACell(cell: String) throws {
        let rows = "<tr><td>wait</td><td>\(cell)</td><td>2.0</td></tr><tr><td>x</td><td>y</td><td>z"
        let text = try markdown("<article>\(article)<table>\(Self.head)\(rows)</table></article>")
        #expect(text.contains("| Option | Meaning | Since |"))
        #expect(text.contains("| wait | a b"))
        #expect(text.contains("| x | y | z |"))
    }

    @Test func aPageLaidOutByATableIsNoTable() throws {
        let text = try markdown(
            "<table><tr><td><a href=/a>Home</a><br><a href=/b>News</a></td><td><h1>Pumps</h1>"
                + "\(article)</td></tr><tr><td colspan=2>Copyright 2003</td></tr></table>"
        )
        #expect(!text.contains("|"))
        #expect(text.contains("river bank"))
    }

    @Test func captionsOfTablesAndPicturesAreKept() throws {
        let text = try markdown(
            "<article>\(article)<figure><img src=a><figcaption>A cross section of the pump with its "
                + "seal.</figcaption></figure>\(article)<table><caption>Loaves a day</caption>"
                + "<tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table></article>"
        )
        #expect(text.contains("cross section"))
        #expect(text.contains("Loaves a day"))
    }
}
