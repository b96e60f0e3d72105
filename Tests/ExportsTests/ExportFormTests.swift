import Records
import Search
import Testing

@testable import Exports

@Suite struct ExportFormTests {
    /// Bytes as `COPY … (FORMAT binary)` has them, written out by hand.
    @Test func fieldsOfABinaryCopyAreBigEndianBehindTheirCounts() {
        var copy = BinaryCopy()
        copy.row(fieldCount: 3)
        copy.text("aé")
        copy.integer(-2)
        copy.null()
        #expect(
            copy.bytes == [0, 3, 0, 0, 0, 3, 0x61, 0xC3, 0xA9, 0, 0, 0, 4, 0xFF, 0xFF, 0xFF, 0xFE]
                + [0xFF, 0xFF, 0xFF, 0xFF]
        )
        copy.removeAll()
        copy.texts(["x"])
        #expect(
            copy.bytes == [
                0, 0, 0, 25, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 1, 0, 0, 0, 1,
            ]
                + [0, 0, 0, 1, 0x78]
        )
        copy.removeAll()
        copy.vector([1, -0.5])
        #expect(copy.bytes == [0, 0, 0, 12, 0, 2, 0, 0, 0x3F, 0x80, 0, 0, 0xBF, 0, 0, 0])
        copy.removeAll()
        copy.reals([])
        #expect(copy.bytes == [0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0xBC])
    }

    @Test func whatADatabaseCannotHoldIsReplaced() {
        #expect(storable("a\u{0}b") == "a\u{FFFD}b")
        #expect(storable("plain") == "plain")
    }

    @Test(arguments: [(1, 1), (0, 256), (1_000_000, 384)])
    func theHeadOfAnArrayIsPaddedTo64Bytes(rowCount: Int, dimensions: Int) {
        let head = npyHeader(rowCount: rowCount, dimensions: dimensions)
        #expect(head.count.isMultiple(of: 64))
        #expect(Int(head[8]) + Int(head[9]) << 8 == head.count - 10)
        #expect(head.last == 0x0A)
    }

    @Test func aPointsIDIsAUUIDOfItsChunk() {
        let id = pointID("00-1-aa")
        #expect(id == pointID("00-1-aa") && id != pointID("00-2-aa"))
        #expect(id.count == 36 && Array(id)[14] == "8" && "89ab".contains(Array(id)[19]))
    }

    @Test(arguments: [
        "localhost:6333", "ftp://host", "http://", "http://u:p@host", "http://host?key=1", "",
    ])
    func whatIsNoServerIsRefused(url: String) {
        #expect(throws: ExportError.self) {
            try QdrantTarget(url: url, collection: "chunks", key: nil)
        }
    }

    @Test(arguments: ["", "A", "a/b", "a b", "-a", "_a", String(repeating: "a", count: 101)])
    func whatIsNoNameIsRefused(name: String) {
        #expect(throws: ExportError.self) {
            try QdrantTarget(url: "http://localhost", collection: name, key: nil)
        }
        #expect(throws: ExportError.self) {
            try OpenSearchTarget(url: "http://localhost", index: name, authorization: nil)
        }
    }

    @Test func rowsOfOthersAndDoubledRowsGo() {
        let there = ["x", "00-1-aa", ""].map { ExportedRow(id: $0, digest: "") }
        let difference = Difference(wanted: [], there: there)
        #expect(difference.surplus == ["", "00-1-aa", "x"])
        #expect(difference.missing.isEmpty && difference.changed.isEmpty)
    }
}
