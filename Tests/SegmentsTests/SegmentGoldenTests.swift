import Foundation
import Hashing
import Records
import Segments
import Testing

/// The hex dumps in `SegmentFormat.md` and `TombstoneFormat.md` are real files.
@Suite(.serialized) struct SegmentGoldenTests {
    static let specifications = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/Segments/Segments.docc")

    static func file(_ name: String) throws -> (name: String, bytes: [UInt8]) {
        let folder = try TemporaryFolder()
        func oneChunk() throws -> SegmentReference {
            try writeSegment(
                [
                    (
                        document("file:///a.html"),
                        [
                            chunk(
                                0,
                                "one two two",
                                vector: [0.5, -2],
                                headings: ["A"],
                                page: 1,
                                place: PagePlace(
                                    label: "iv",
                                    left: 72,
                                    top: 80,
                                    right: 540,
                                    bottom: 92
                                )
                            )
                        ]
                    )
                ],
                configuration(dimensions: 2, encoding: .packed),
                in: folder
            )
        }
        func oneExpansion() throws -> SegmentReference {
            var row = chunk(0, "one two two")
            row.expansion = terms(of: "one two two")
            row.expansion.counts = [200, 9]
            row.expansion.positions = []
            return try writeSegment(
                [(document("file:///a.html"), [row])],
                ExpansionTests.configuration(),
                in: folder
            )
        }
        let written =
            switch name {
            case "empty": try writeSegment([], configuration(), in: folder).name
            case "one-chunk": try oneChunk().name
            case "one-expansion": try oneExpansion().name
            default:
                try bury(
                    [documentID(uri: "file:///a.html")],
                    in: LiveSegment(oneChunk()),
                    folder: folder.path
                ).tombstones?.name ?? ""
            }
        return (written, try folder.read(written))
    }

    /// Offset, sixteen bytes, characters; lines of zeros that repeat the line before are left out.
    static func dump(_ bytes: [UInt8]) -> String {
        var lines: [String] = []
        var isSkipping = false
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(start + 16, bytes.count)]
            let isZero = row.allSatisfy { $0 == 0 } && row.count == 16
            if isZero, start > 0, bytes[start - 16..<start].allSatisfy({ $0 == 0 }) {
                if !isSkipping { lines.append("*") }
                isSkipping = true
                continue
            }
            isSkipping = false
            let hex = row.map { String(format: "%02x", $0) }.joined(separator: " ")
            let text = row.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "." }
            let padding = String(repeating: " ", count: 47 - hex.utf8.count)
            lines.append(String(format: "%05x  ", start) + hex + padding + "  " + text.joined())
        }
        return lines.joined(separator: "\n")
    }

    @Test(
        arguments: [
            ("SegmentFormat.md", "empty"), ("SegmentFormat.md", "one-chunk"),
            ("SegmentFormat.md", "one-expansion"), ("TombstoneFormat.md", "one-dead"),
        ])
    func theSpecificationShowsTheBytesThatAreWritten(document: String, name: String) throws {
        let file = try Self.file(name)
        let specification = Self.specifications.appendingPathComponent(document)
        let expected = "```hexdump \(name)\n\(file.name)\n\(Self.dump(file.bytes))\n```"
        let text = try String(contentsOf: specification, encoding: .utf8)
        let start = try #require(text.range(of: "```hexdump \(name)\n"))
        let end = try #require(
            text.range(of: "\n```", range: start.upperBound..<text.endIndex)
        )
        let found = start.lowerBound..<end.upperBound
        if ProcessInfo.processInfo.environment["MILLRACE_UPDATE_GOLDENS"] == "1" {
            try text.replacingCharacters(in: found, with: expected)
                .write(to: specification, atomically: true, encoding: .utf8)
        } else {
            #expect(String(text[found]) == expected)
        }
    }
}
