import Extraction
import Foundation
import Testing

@Suite struct UnitWeightsTests {
    @Test func theWeightsFitTheFeatures() {
        let (units, groups) = describeUnits(of: page("<article>\(article)</article>"))
        #expect(units.count == 4)
        #expect(groups.map(\.count).reduce(0, +) == unitWeightCount)
        let features = units.flatMap(\.features)
        #expect(features.allSatisfy { (0..<unitWeightCount).contains($0) })
    }

    private struct Page: Encodable {
        struct Unit: Encodable {
            var features: [Int]
            var text: String
        }
        struct Group: Encodable {
            var name: String
            var count: Int

            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try container.encode(self.name)
                try container.encode(self.count)
            }
        }
        var id: String
        var kept: String
        var groups: [Group]
        var units: [Unit]
    }

    private static let folder = ProcessInfo.processInfo.environment["MILLRACE_UNITS"]

    /// Writes what `Ops/benchmarks/extraction/fit-units` learns from.
    @Test(
        .enabled(
            if: folder != nil && sharedFolder != nil,
            "MILLRACE_UNITS and shared data are absent"
        ),
        arguments: ["scrapinghub", "trafilatura", "readability"]
    )
    func describesTheDevelopmentPages(set: String) throws {
        let folder = try #require(Self.folder)
        let shared = try #require(sharedFolder)
        var lines = Data()
        for path in listFolder(shared + "/data/html/\(set)/pages") {
            let bytes = try #require(readFile(path))
            let (units, groups) = describeUnits(of: bytes)
            let kept = try? extractHTML(bytes).text
            let described = Page(
                id: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent,
                kept: String(decoding: kept ?? [], as: UTF8.self),
                groups: groups.map { Page.Group(name: $0.name, count: $0.count) },
                units: units.map {
                    Page.Unit(features: $0.features, text: String(decoding: $0.text, as: UTF8.self))
                }
            )
            lines.append(try JSONEncoder().encode(described))
            lines.append(UInt8(ascii: "\n"))
        }
        #expect(!lines.isEmpty)
        try lines.write(to: URL(fileURLWithPath: folder).appendingPathComponent(set + ".jsonl"))
    }
}
