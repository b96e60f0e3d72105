import Foundation
import Testing

/// Arrows point down only: what a room imports is what the package declares for it.
@Suite struct EdgeTests {
    /// Rooms from the top of the house to the bottom.
    static let order = [
        "millrace", "SelftestCommands", "Serving", "Console", "Selftest", "Faults", "Operations",
        "Preparation", "WorkerMessages", "Execution",
        "Extraction", "Stages", "Formats", "Connectors", "Dataflow", "Exports",
        "MillraceSearch", "Search", "Markdown",
        "Redact", "Text", "Embedding", "Objects",
        "Segments", "Manifests", "Vectors", "Storage",
        "Telemetry",
        "Hashing", "Records", "Bytes",
    ]

    /// Programs in packages of their own, which only say what their program is linked with.
    static let programs = ["millrace-worker", "millrace-selftest", "millrace-serve"]

    static func imports(of file: SourceTree.File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 1, index + 1 < words.count
            else { return nil }
            return String(words[index + 1])
        }
    }

    @Test func everyRoomIsOnTheMap() {
        let rooms = Set(SourceTree.sources.map(\.room))
        #expect(rooms == Set(Self.order + Self.programs))
    }

    @Test func importsPointDown() {
        let position = Dictionary(
            uniqueKeysWithValues: Self.order.enumerated().map { ($1, $0) }
        )
        var found: [String] = []
        for file in SourceTree.sources {
            guard let own = position[file.room] else { continue }
            for name in Self.imports(of: file) {
                guard let other = position[name], name != file.room else { continue }
                if other < own {
                    found.append("\(file.path) imports \(name)")
                }
            }
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func stagesAndExecutionDoNotKnowEachOther() {
        let found = SourceTree.sources.filter { file in
            let imports = Self.imports(of: file)
            return file.room == "Stages" && imports.contains("Execution")
                || file.room == "Execution" && imports.contains("Stages")
        }
        #expect(found.isEmpty, "\(found.map(\.path))")
    }

    @Test(arguments: order)
    func declaredDependenciesAreUsed(room: String) throws {
        let manifest = try String(
            contentsOf: SourceTree.root.appendingPathComponent("Package.swift"),
            encoding: .utf8
        )
        let declared = try #require(
            Self.declaredRooms(of: room, in: manifest),
            "\(room) is not in Package.swift"
        )
        let used = Set(
            SourceTree.sources.filter { $0.room == room }.flatMap(Self.imports)
        )
        let unused = declared.filter { Self.order.contains($0) && !used.contains($0) }
        let undeclared = used.filter {
            Self.order.contains($0) && $0 != room && !declared.contains($0)
        }
        #expect(unused.isEmpty, "\(room) declares but never imports \(unused)")
        #expect(undeclared.isEmpty, "\(room) imports but does not declare \(undeclared)")
    }

    /// The quoted names of a target's dependency list.
    private static func declaredRooms(of room: String, in manifest: String) -> Set<String>? {
        let heads = [
            "room(\n            \"\(room)\",", "room(\"\(room)\",",
            "name: \"\(room)\",\n            dependencies:",
        ]
        guard
            let start = heads.compactMap({ manifest.range(of: $0) })
                .map(\.upperBound).max(),
            let end = manifest[start...].firstIndex(of: "]")
        else { return nil }
        let parts = manifest[start..<end].split(separator: "\"", omittingEmptySubsequences: false)
        return Set(parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) })
    }
}
