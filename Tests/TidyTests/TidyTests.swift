import Foundation
import Testing

@Suite struct TidyTests {
    @Test func theTreeIsThere() {
        #expect(SourceTree.sources.count > 50)
        #expect(SourceTree.tests.count > 20)
    }

    @Test(arguments: ["TO" + "DO", "FIX" + "ME", "XX" + "X:"])
    func nothingIsLeftForLater(mark: String) {
        let found = (SourceTree.sources + SourceTree.tests).flatMap { file in
            file.lines.enumerated().filter { $0.element.contains(mark) }
                .map { Finding(file, line: $0.offset, mark) }
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func onlyTheCommandPrints() {
        let found = SourceTree.sources.findings { file, line in
            guard file.room != "millrace", line.contains("print(") else { return nil }
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "(" && $0 != "." }
            return words.contains { $0.hasPrefix("print(") } ? "print" : nil
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func onlyTheClockReadsTheTime() {
        let calls = [
            " Date()", "(Date()", "Date.now", "CLOCK_REALTIME", "gettimeofday(", "time(nil)",
        ]
        let found = SourceTree.sources.findings { file, line in
            guard file.path != "Sources/Telemetry/WallClock.swift" else { return nil }
            return calls.first { line.contains($0) }
        }
        #expect(found.isEmpty, "\(found)")
    }

    /// A test shares its processors with all others: a limit of its own says how busy they were.
    @Test func noTestHasATimeLimit() {
        let mark = ".time" + "Limit("
        let found = SourceTree.tests.findings { _, line in line.contains(mark) ? mark : nil }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func nothingIsRandom() {
        let calls = [".random(in", "UUID()", "SystemRandomNumberGenerator", "arc4random"]
        let found = SourceTree.sources.findings { _, line in calls.first { line.contains($0) } }
        #expect(found.isEmpty, "\(found)")
    }

    /// A source of rows reads files of others; what this program keeps is in `Manifests` alone.
    @Test func onlyManifestsKnowSQLite() {
        let found = SourceTree.sources.findings { file, line in
            file.room != "Manifests" && !file.path.hasSuffix("Tables/SQLiteDatabase.swift")
                && line.contains("import GRDB") ? "GRDB" : nil
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func forcedTriesAndCastsStayOutOfSources() {
        let found = SourceTree.sources.findings { _, line in
            ["try! ", " as! "].first { line.contains($0) }
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func uncheckedConcurrencyCarriesItsReason() {
        let marks = ["@unchecked Sendable", "nonisolated(unsafe)"]
        let found = SourceTree.sources.flatMap { file in
            file.lines.enumerated().compactMap { index, line -> Finding? in
                let code = line.trimmingCharacters(in: .whitespaces)
                guard !code.hasPrefix("//"), marks.contains(where: line.contains) else {
                    return nil
                }
                let before = file.lines[..<index].suffix(3)
                let hasReason = before.contains {
                    $0.trimmingCharacters(in: .whitespaces).hasPrefix("//")
                }
                return hasReason ? nil : Finding(file, line: index, "no reason above")
            }
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func noPathOfOneMachineIsInTheTree() {
        let mark = "/wo" + "rk/"
        let found = (SourceTree.sources + SourceTree.tests).flatMap { file in
            file.lines.enumerated().filter { $0.element.contains(mark) }
                .map { Finding(file, line: $0.offset, mark) }
        }
        #expect(found.isEmpty, "\(found)")
    }
}
