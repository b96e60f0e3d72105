internal import Foundation
internal import Operations
internal import Segments
internal import Telemetry

/// Sources that go missing, shrink or run empty: nothing may leave the index without a word.
package func selftestVanish(_ options: SelftestOptions) throws -> SelftestReport {
    let start = monotonicNanoseconds()
    var report = SelftestReport(
        name: "vanish",
        seed: options.seed,
        caseCount: 0,
        caseName: "disasters",
        seconds: 0
    )
    // The planted bug is a guard that lets everything pass, which one disaster shows.
    let disasters = options.plantsBug ? [.halved] : Disaster.allCases.filter(\.canHappen)
    for disaster in disasters {
        options.progress("\(disaster.rawValue)")
        var test = try VanishTest(options, disaster)
        try test.run()
        report.failures += test.failures.map { "\(disaster.rawValue): \($0)" }
        report.details.append(
            "\(disaster.rawValue): exit code \(test.exitCode), \(test.found) of \(test.names.count) found"
        )
        report.caseCount += 1
    }
    for (name, test) in [
        ("small deletion", VanishTest.smallDeletion), ("approved deletion", VanishTest.approval),
        ("moved folder", VanishTest.move), ("small source", VanishTest.smallSource),
        ("edit beside held deletions", VanishTest.editBesideHeld),
    ] {
        options.progress(name)
        report.failures += try test(options).map { "\(name): \($0)" }
        report.caseCount += 1
    }
    report.seconds = Double(monotonicNanoseconds() - start) / 1e9
    return report
}

/// A collection with a published index, and one disaster.
private struct VanishTest {
    private static let documentCount = 60

    let names: [String]
    private(set) var failures: [String] = []
    private(set) var exitCode: Int32 = 0
    private(set) var found = 0
    private let disaster: Disaster
    private let folder: WorkFolder
    private let options: SelftestOptions
    private var source: SourceFolder
    private let bench: Bench
    /// What finds each document and no other.
    private let words: [String: String]

    init(_ options: SelftestOptions, _ disaster: Disaster) throws {
        self.options = options
        self.disaster = disaster
        self.folder = try WorkFolder(in: options.folder)
        self.source = try SourceFolder(self.folder("docs"))
        var random = SeededRandom(seed: options.seed)
        var words: [String: String] = [:]
        for number in 0..<Self.documentCount {
            var document = SyntheticDocument(
                language: .english,
                number: number,
                sections: 1,
                random: &random
            )
            let word = "witness\(number)x\(random.below(1_000_000))"
            document.sections[0].sentences.append("The word is \(word).")
            let formats = SyntheticDocument.Format.allCases
            let format = formats[number % formats.count]
            let name = "\(number % 2 == 0 ? "even" : "odd")/d\(number).\(format.rawValue)"
            try self.source.write(name, document.bytes(format))
            words[name] = word
        }
        self.words = words
        self.names = words.keys.sorted()
        var shape = PipelineShape()
        if options.plantsBug { shape.maximumDelete = 1 }
        self.bench = Bench(
            shape,
            source: self.source.root,
            workspace: self.folder("workspace")
        )
    }

    mutating func run() throws {
        let before = try self.bench.run(.backfill, workers: 2)
        let undo = try self.disaster.strike(
            self.source,
            folder: "even",
            spare: self.folder("spare")
        )
        let during = try self.sync()
        try self.checkDuring(during, before: before)
        try undo()
        let after = try self.bench.run(.sync, workers: 2)
        self.checkAfter(after, before: before)
    }

    /// Nil when the sync failed, which leaves the exit code.
    private mutating func sync() throws -> RunSummary? {
        do {
            let summary = try self.bench.run(.sync, workers: 2)
            self.exitCode = summary.exitCode
            return summary
        } catch let error as OperationError {
            self.exitCode = error.status.rawValue
            return nil
        }
    }

    private mutating func checkDuring(_ summary: RunSummary?, before: RunSummary) throws {
        let (code, wanted) = (self.exitCode, self.disaster.exitCode)
        self.expect(code == wanted, "exit code \(code), expected \(wanted)")
        for name in self.names {
            let hits = try self.bench.search(self.words[name] ?? "", count: 1)
            if isHit(hits.first?.uri, name) { self.found += 1 }
        }
        let lost = self.names.count - self.found
        self.expect(lost == 0, "\(lost) of \(Self.documentCount) documents are no longer found")
        guard let summary else { return }
        self.expect(summary.accounts.addsUp, "the accounts are \(summary.accounts)")
        self.expect(
            summary.digest == before.digest,
            "the digest is another, though no document is"
        )
        if self.exitCode == 4 {
            self.expect(!summary.heldReasons.isEmpty, "no reason is given for the held deletions")
            self.expect(summary.accounts.held > 0, "no document is counted as held")
        }
    }

    private mutating func checkAfter(_ summary: RunSummary, before: RunSummary) {
        self.expect(summary.exitCode == 0, "exit code \(summary.exitCode) after the source is back")
        self.expect(summary.digest == before.digest, "another digest after the source is back")
        self.expect(
            summary.accounts == before.accounts,
            "accounts \(summary.accounts) after the source is back, \(before.accounts) before"
        )
        self.expect(
            summary.chunksEmbedded == 0,
            "\(summary.chunksEmbedded) chunks embedded again after the source is back"
        )
        self.expect(
            summary.segmentsWritten == 0,
            "\(summary.segmentsWritten) segments written again after the source is back"
        )
    }

    private mutating func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
        if !condition { self.failures.append(message()) }
    }

    /// Three of sixty deleted documents are a change like any other.
    static func smallDeletion(_ options: SelftestOptions) throws -> [String] {
        var test = try VanishTest(options, .halved)
        try test.bench.run(.backfill, workers: 2)
        let gone = Array(test.names.prefix(3))
        for name in gone { try test.source.remove(name) }
        let summary = try test.bench.run(.sync, workers: 2)
        test.expect(summary.exitCode == 0, "exit code \(summary.exitCode)")
        test.expect(
            summary.accounts.listed - (summary.accounts.children ?? 0)
                == Self.documentCount - gone.count,
            "the accounts are \(summary.accounts)"
        )
        for name in gone {
            let hits = try test.bench.search(test.words[name] ?? "", count: 1)
            test.expect(hits.isEmpty, "\(name) is still found")
        }
        return test.failures
    }

    /// A folder with another name is no loss: nothing waits, and every document is where it is now.
    static func move(_ options: SelftestOptions) throws -> [String] {
        var test = try VanishTest(options, .halved)
        let before = try test.bench.run(.backfill, workers: 2)
        try test.source.rename("even", to: "renamed")
        let summary = try test.bench.run(.sync, workers: 2)
        test.expect(summary.exitCode == 0, "exit code \(summary.exitCode)")
        test.expect(summary.accounts == before.accounts, "the accounts are \(summary.accounts)")
        test.expect(summary.chunksEmbedded == 0, "\(summary.chunksEmbedded) chunks were embedded")
        for name in test.names {
            let now = name.hasPrefix("even/") ? "renamed" + name.dropFirst("even".count) : name
            let hit = try test.bench.search(test.words[name] ?? "", count: 1).first
            test.expect(isHit(hit?.uri, now), "\(now) is not found")
        }
        return test.failures
    }

    /// A source that had a few documents and has nearly none is as ill as a large one.
    static func smallSource(_ options: SelftestOptions) throws -> [String] {
        var test = try VanishTest(options, .halved)
        let kept = Array(test.names.prefix(12))
        for name in test.names.dropFirst(kept.count) { try test.source.remove(name) }
        try test.bench.run(.backfill, workers: 2)
        for name in kept.dropFirst() { try test.source.remove(name) }
        let summary = try test.bench.run(.sync, workers: 2)
        test.expect(summary.exitCode == 4, "exit code \(summary.exitCode)")
        for name in kept {
            let hits = try test.bench.search(test.words[name] ?? "", count: 1)
            test.expect(isHit(hits.first?.uri, name), "\(name) is no longer found")
        }
        return test.failures
    }

    /// What is new is published, whatever waits.
    static func editBesideHeld(_ options: SelftestOptions) throws -> [String] {
        var test = try VanishTest(options, .halved)
        try test.bench.run(.backfill, workers: 2)
        _ = try test.disaster.strike(test.source, folder: "even", spare: test.folder("spare"))
        let held = try test.bench.run(.sync, workers: 2)
        test.expect(held.exitCode == 4, "exit code \(held.exitCode)")
        try test.source.write("new/added.md", Array("# Added\n\nThe word is newwitness.\n".utf8))
        let summary = try test.bench.run(.sync, workers: 2)
        test.expect(summary.exitCode == 4, "exit code \(summary.exitCode) after the addition")
        let hits = try test.bench.search("newwitness", count: 1)
        test.expect(hits.first?.uri == "docs/new/added.md", "what was added is not found")
        return test.failures
    }

    /// What was held goes once somebody says so, and nothing else with it.
    static func approval(_ options: SelftestOptions) throws -> [String] {
        var test = try VanishTest(options, .halved)
        try test.bench.run(.backfill, workers: 2)
        _ = try test.disaster.strike(test.source, folder: "even", spare: test.folder("spare"))
        let held = try test.bench.run(.sync, workers: 2)
        test.expect(held.exitCode == 4, "exit code \(held.exitCode) before the approval")
        guard held.accounts.held > 0 else { return test.failures }
        let approved = try approveDeletes(ofRun: held.run, workspace: test.bench.workspace).approved
        // What is in a container goes with it.
        let gone = test.names.filter { $0.hasPrefix("even/") }
        let wantedCount = gone.count + gone.count { isContainer($0) }
        test.expect(approved == wantedCount, "\(approved) deletions were approved")
        let after = try test.bench.run(.sync, workers: 2)
        test.expect(after.exitCode == 0, "exit code \(after.exitCode) after the approval")
        for name in test.names {
            let isFound = try !test.bench.search(test.words[name] ?? "", count: 1).isEmpty
            let isGone = name.hasPrefix("even/")
            test.expect(isFound != isGone, "\(name) is \(isFound ? "still" : "not") found")
        }
        let fresh = Bench(
            test.bench.shape,
            source: test.source.root,
            workspace: test.folder("fresh")
        )
        let wanted = try fresh.run(.backfill, workers: 1).digest
        test.expect(after.digest == wanted, "the digest is not that of a fresh backfill")
        return test.failures
    }
}

private func isContainer(_ name: String) -> Bool {
    let ending = name.split(separator: ".").last.map(String.init) ?? ""
    return SyntheticDocument.Format(rawValue: ending)?.isContainer == true
}

/// Whether a URI is that of the file, or of the document in it.
private func isHit(_ uri: String?, _ name: String) -> Bool {
    guard let uri else { return false }
    return isContainer(name) ? uri.hasPrefix("docs/\(name)") : uri == "docs/\(name)"
}
