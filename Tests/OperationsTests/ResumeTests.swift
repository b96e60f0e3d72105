import Dispatch
import Foundation
import Operations
import Segments
import Telemetry
import Testing

/// A run that was stopped goes on where it ended, to the same snapshot.
@Suite struct ResumeTests {
    @Test func runStoppedBeforeItBeganPublishesNothing() throws {
        let corpus = try TestCorpus()
        try corpus.fill(5)
        let stopped = try corpus.run { $0.cancellation.request() }
        #expect(stopped.outcome == .stopped)
        #expect(stopped.status == .interrupted)
        #expect(stopped.exitCode == 130)
        #expect(stopped.snapshot == nil)
        let report = try status(workspace: corpus.workspace)
        #expect(report.snapshot == nil)
        #expect(report.runs.first?.status == "interrupted")
        let finished = try corpus.run()
        #expect(finished.outcome == .published)
        #expect(finished.digest == (try corpus.freshSnapshot()).digest)
    }

    /// A run that is killed while it looks at its canary's segment leaves a folder, not a file.
    @Test func whatAKilledRunLeftStandingIsSwept() throws {
        let corpus = try TestCorpus()
        try corpus.fill(3)
        try corpus.run()
        let left = corpus.workspace + "/.tmp-canary-1"
        try FileManager.default.createDirectory(
            atPath: left,
            withIntermediateDirectories: true
        )
        try Data([1]).write(to: URL(filePath: left + "/segment.mrs"))
        #expect(try corpus.run(.sync).status == .clean)
        #expect(!FileManager.default.fileExists(atPath: left))
    }

    /// The clock is read at every checkpoint and phase: a stop at each of them, then the same again.
    @Test(arguments: 1...18) func runStoppedAtAnyCheckpointResumesToTheSameSnapshot(
        reading: Int
    ) throws {
        let corpus = try TestCorpus()
        try corpus.fill(150, sections: 1)
        let stopped = try corpus.run(workers: 1) { options in
            let cancellation = options.cancellation
            options.clock = hookedClock(reading: reading) { cancellation.request() }
        }
        guard stopped.outcome == .stopped else {
            // Past the last checkpoint there is nothing left to stop.
            #expect(reading > 10)
            #expect(stopped.outcome == .published)
            #expect(stopped.digest == (try corpus.freshSnapshot()).digest)
            return
        }
        #expect(stopped.exitCode == 130)
        let resumed = try corpus.run(workers: 2)
        #expect(resumed.outcome == .published)
        #expect(resumed.unchanged == stopped.extracted)
        #expect(resumed.extracted == 150 - stopped.extracted)
        #expect(
            SnapshotContent(try corpus.snapshot()) == SnapshotContent(try corpus.freshSnapshot())
        )
    }

    /// Wherever in the phase the request comes, the next run goes on to the same snapshot.
    @Test(arguments: ["resolve", "materialise"]) func runStoppedInAPhaseResumes(
        phase: String
    ) throws {
        let corpus = try TestCorpus()
        try corpus.fill(60, sections: 1)
        for number in 0..<60 {
            var twin = DuplicateTests.twins
            twin.sections[0] += " \(number % 20)"
            try corpus.write("twin\(number).md", twin)
        }
        let progress = RunProgress()
        let stopped = try corpus.run(workers: 1) { options in
            let cancellation = options.cancellation
            options.progress = progress
            DispatchQueue(label: "stop").async {
                while progress.read().phase != phase, progress.read().phase != "publish" {
                    usleep(100)
                }
                cancellation.request()
            }
        }
        #expect(stopped.outcome == .published || stopped.exitCode == 130)
        let resumed = try corpus.run()
        #expect(resumed.outcome == .published)
        #expect(resumed.digest == (try corpus.freshSnapshot()).digest)
        #expect(resumed.accounts.duplicates == 40)
    }

    @Test(arguments: 3...12) func syncStoppedAtAnyCheckpointLeavesAWholeSnapshotLive(
        reading: Int
    ) throws {
        let corpus = try TestCorpus()
        try corpus.fill(40, sections: 1)
        let before = try corpus.run()
        try corpus.fill(30, sections: 1, seed: 2)
        for number in 36..<40 {
            let suffix = TestDocument.Format.allCases[number % 3].rawValue
            try corpus.delete("a0\(number).\(suffix)")
        }
        let stopped = try corpus.run(.sync, workers: 1) { options in
            let cancellation = options.cancellation
            options.clock = hookedClock(reading: reading) { cancellation.request() }
        }
        let live = try corpus.snapshot()
        if stopped.outcome == .stopped { #expect(live.number == before.snapshot) }
        for segment in live.indexes.flatMap(\.segments) {
            let folder = "\(corpus.workspace)/shards/000\(segment.shard)/segments"
            let reader = try SegmentReader(path: "\(folder)/\(segment.name)")
            try reader.verify()
        }
        let after = try corpus.run(.sync)
        #expect(after.accounts.listed == 36)
        #expect(after.digest == (try corpus.freshSnapshot()).digest)
    }
}

/// Documents that change under a run.
@Suite struct MovingSourceTests {
    @Test func documentThatVanishesAfterItsListingIsGoneAndNoFailure() throws {
        var pipeline = TestPipeline()
        pipeline.shards = 1
        let corpus = try TestCorpus(pipeline)
        try corpus.fill(120, sections: 1)
        let progress = RunProgress()
        let vanishing = corpus.path("a117.md")
        let summary = try corpus.run(workers: 1) { options in
            options.progress = progress
            // A checkpoint reads the clock, and the last batch still waits at the first one; the listing
            // reads it too and must not wait for its own end.
            options.clock = WallClock {
                for _ in 0..<200 where !progress.read().isListingComplete { usleep(1_000) }
                if progress.read().isListingComplete { unlink(vanishing) }
                return 1_700_000_000_000
            }
        }
        #expect(summary.outcome == .published)
        #expect(summary.status == .clean)
        #expect(summary.deadLetters.isEmpty)
        #expect((summary.sources ?? []).compactMap(\.gone) == [1])
        #expect(summary.accounts.indexed == 119)
        let again = try corpus.run(.sync)
        #expect(again.status == .clean)
        #expect(again.accounts.listed == 119)
        #expect(again.digest == summary.digest)
    }
}
