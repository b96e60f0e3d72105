import Records
import Segments
import Testing

/// Documents found by their attributes, beside a walk over their strings.
@Suite struct AttributeTests {
    static func rows(_ count: Int) -> Rows {
        var random = Seeded(31)
        var rows: Rows = (0..<count).map { number in
            var document = document("https://example.org/\(number % 7)/\(number)")
            document.metadata["part"] = "\(random.next() % 5)"
            // Without an end in the first place, and with a key that holds the byte that ends one.
            if number % 3 == 0 { document.metadata["part\u{0}"] = "1" }
            if number % 4 == 0 { document.metadata["empty"] = "" }
            if number % 11 == 0 { document.metadata["long"] = String(repeating: "x", count: 5_000) }
            if number % 13 == 0 { document.uri += "/" + String(repeating: "y", count: 5_000) }
            return (document, [chunk(0, "word\(number)")])
        }
        rows.sort { $0.document.id < $1.document.id }
        return rows
    }

    static func expected(_ rows: Rows, _ holds: (SegmentDocument) -> Bool) -> [UInt32] {
        rows.indices.filter { holds(rows[$0].document) }.map(UInt32.init)
    }

    @Test func attributesFindWhatAWalkFinds() throws {
        let folder = try TemporaryFolder()
        let rows = Self.rows(300)
        let reference = try writeSegment(rows, configuration(), in: folder)
        let reader = try SegmentReader(path: folder.path + "/" + reference.name)
        try reader.verify()
        for (key, value) in [
            ("part", "0"), ("part", "4"), ("part", "5"), ("part", ""), ("par", "t0"), ("empty", ""),
            ("site", "example"), ("site", "exampl"), ("absent", "x"),
        ] {
            let found = try reader.documents(with: Array(value.utf8), under: Array(key.utf8))
            #expect(found == Self.expected(rows) { $0.metadata[key] == value }, "\(key)=\(value)")
        }
        for prefix in [
            "", "h", "https://example.org/", "https://example.org/3/", "https://example.org/3/31",
            "https://example.org/9", "i", "https://example.org/0/273/yyyy",
        ] {
            let found = try reader.documents(withURIPrefix: Array(prefix.utf8))
            #expect(found == Self.expected(rows) { $0.uri.hasPrefix(prefix) }, "\(prefix)")
        }
    }

    @Test func whatIsNotKeptIsNotAnsweredFromLists() throws {
        let folder = try TemporaryFolder()
        let reference = try writeSegment(Self.rows(30), configuration(), in: folder)
        let reader = try SegmentReader(path: folder.path + "/" + reference.name)
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000)
        #expect(try reader.documents(with: long, under: Array("long".utf8)) == nil)
        #expect(try reader.documents(with: Array("1".utf8), under: Array("part\u{0}".utf8)) == nil)
        #expect(try reader.documents(withURIPrefix: long) == nil)
    }

    @Test func theBytesOfAttributesDoNotDependOnTheMemoryBudget() throws {
        let folder = try TemporaryFolder()
        var rows = Self.rows(400)
        for index in rows.indices {
            rows[index].document.metadata["text"] = String(repeating: "\(index) ", count: 300)
        }
        let names = try [1, 1 << 28].map {
            try writeSegment(rows, configuration(), in: folder, memoryBudget: $0).name
        }
        #expect(names[0] == names[1])
        try SegmentReader(path: folder.path + "/" + names[0]).verify()
    }
}
