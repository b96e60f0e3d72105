import Records
import Testing

@testable import Extraction

@Suite("JSON")
struct JSONTests {
    private func markdown(_ text: String) throws -> String {
        try extractJSON(Array(text.utf8)).markdownText
    }

    @Test func membersAreLinesAndContainersAreSections() throws {
        let content = try extractJSON(
            Array(
                """
                {"title": "Pump", "spec": {"power": "5 kW", "tags": ["a", "b"], "inner": {"deep": true}},
                 "none": null, "note": "Line \\u00e9\\n\\ud83d\\ude00 \\"end\\""}
                """.utf8
            )
        )
        #expect(content.title == "Pump")
        #expect(
            content.markdownText == """
                - title: Pump

                note: Line é
                😀 "end"

                # spec

                - power: 5 kW
                - tags: a, b

                ## spec.inner

                - deep: true
                """
        )
    }

    @Test func likeObjectsAreATable() throws {
        let expected = "| a | b |\n| --- | --- |\n| 1 | x |\n| 2 |  |\n| 3 | z |"
        #expect(try self.markdown(#"[{"a":1,"b":"x"},{"a":2},{"b":"z","a":3}]"#) == expected)
        #expect(
            try self.markdown("{\"a\":1,\"b\":\"x\"}\n{\"a\":2}\n{\"b\":\"z\",\"a\":3}\n")
                == expected
        )
    }

    @Test func unlikeItemsAreSectionsByTheirPlace() throws {
        let text =
            #"{"orders": [{"id": 1, "lines": [{"sku": "A", "n": 1}, {"sku": "B", "n": 2}]}, "loose"]}"#
        #expect(
            try self.markdown(text) == """
                # orders

                ## orders[0]

                - id: 1

                ### orders[0].lines

                | sku | n |
                | --- | --- |
                | A | 1 |
                | B | 2 |

                - loose
                """
        )
    }

    @Test func whatPeopleWriteBesideJSONIsRead() throws {
        #expect(
            try self.markdown("// settings\n{unquoted: 'single', /* x */ \"b\": [1, 2,],}\n")
                == "- unquoted: single\n- b: 1, 2"
        )
        #expect(try self.markdown("\u{FEFF}{\"a\": \"b\"}") == "- a: b")
    }

    @Test func encodedBytesAndLongRowsOfFiguresAreCounted() throws {
        let figures = (0..<400).map { "\($0).5" }.joined(separator: ",")
        let bytes = String(repeating: "QUJD", count: 300)
        let content = try extractJSON(
            Array(#"{"a": "kept", "v": [\#(figures)], "b": "\#(bytes)"}"#.utf8)
        )
        #expect(content.plainText == "a: kept")
        #expect(content.count(of: "data_left_out") == 2)
    }

    @Test func damagedLinesAreCountedAndDamagedFilesRefused() throws {
        let lines = "{\"a\":1}\n{\"a\":\n{\"a\":2}\n{\"a\":3}\n"
        let content = try extractJSON(Array(lines.utf8))
        #expect(content.count(of: "damaged_records") == 1)
        #expect(content.plainText == "a\n1\n2\n3")
        for text in ["{\"a\": ", "{\"a\" 1}", "[1, 2", "{\"a\": \"b}", "words and more words"] {
            #expect(refusal { _ = try extractJSON(Array(text.utf8)) } == .corrupt, "\(text)")
        }
        #expect(refusal { _ = try extractJSON(Array("{}".utf8)) } == .empty)
    }

    @Test func hostileJSONEnds() throws {
        for text in [
            String(repeating: "[", count: 200_000), String(repeating: "{\"a\":", count: 100_000),
            String(repeating: "[[1,", count: 5_000), String(repeating: "\\", count: 100_000),
            "{\"" + String(repeating: "k", count: 100_000)
                + "\": {\"a\": {\"b\": {\"c\": [{}, {\"d\": 1}]}}}}",
            String(repeating: "{\"a\":1}\n{", count: 20_000),
        ] {
            _ = try? extractJSON(Array(text.utf8))
        }
        #expect(
            refusal { _ = try extractJSON(Array(String(repeating: "[{\"a\":", count: 1_000).utf8)) }
                == .limitExceeded
        )
    }
}
