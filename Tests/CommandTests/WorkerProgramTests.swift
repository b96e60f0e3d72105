import Foundation
import Testing

/// `millrace` and the program that reads documents for it.
@Suite(.enabled(if: Command.isBuilt, Command.absence))
struct WorkerProgramTests {
    private static let line = #"{"id":1,"path":"/no/such/file"}"# + "\n"

    @Test func aMissingWorkerIsAConfigurationErrorThatSaysWhatToDo() throws {
        let result = try Command.run(
            ["stage", "extract"],
            input: Self.line,
            environment: ["MILLRACE_WORKER": "/no/such/worker"]
        )
        #expect(result.exitCode == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("/no/such/worker, which MILLRACE_WORKER names"))
        #expect(result.errors.contains("swift build -c release --product millrace"))
    }

    @Test func anotherProgramIsNoWorker() throws {
        let result = try Command.run(
            ["stage", "extract"],
            input: Self.line,
            environment: ["MILLRACE_WORKER": "/bin/cat"]
        )
        #expect(result.exitCode == 2)
        #expect(result.errors.contains("/bin/cat"))
    }

    @Test func doctorTellsOfTheWorkerAndOfOneThatIsMissing() throws {
        let sound = try Command.run(["doctor"])
        #expect(sound.output.contains("libxml2"))
        #expect(sound.output.contains("poppler"))
        let lost = try Command.run(["doctor"], environment: ["MILLRACE_WORKER": "/no/such/worker"])
        #expect(lost.output.contains("no worker program at /no/such/worker"))
    }

    @Test func onlyTheWorkerIsLinkedWithTheParsers() throws {
        let program = try NeededLibraries.of(Command.executable)
        let worker = try NeededLibraries.of(Command.executable + "-worker")
        let parsers = ["libpoppler", "libxml2", "libgmime", "libarchive"]
        for parser in parsers {
            #expect(worker.contains { $0.hasPrefix(parser) }, "\(parser)")
            #expect(!program.contains { $0.hasPrefix(parser) }, "\(parser)")
        }
    }

    /// `Ops/README.md` names what each program is linked with, and under which licence.
    @Test func everyLibraryIsInTheTableOfLicences() throws {
        var root = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let text = try String(
            contentsOf: root.appending(path: "Ops/README.md"),
            encoding: .utf8
        )
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `lib") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        #expect(rows.count > 10)
        for (column, path) in [(1, Command.executable), (2, Command.executable + "-worker")] {
            let needed = try NeededLibraries.of(path)
            for library in needed {
                let isListed = rows.contains { row in
                    row[column] != "no"
                        && row[0].split(separator: "`").contains {
                            library.hasPrefix(String($0))
                        }
                }
                #expect(isListed, "\(library) of \(path)")
            }
            for row in rows where row[column] == "yes" {
                let names = row[0].split(separator: "`").filter { $0.hasPrefix("lib") }
                let isNeeded = names.contains { name in
                    needed.contains { $0.hasPrefix(String(name)) }
                }
                #expect(isNeeded, "\(row[0]) of \(path)")
            }
        }
    }
}
