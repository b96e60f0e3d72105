import Foundation
import Testing

extension CommandTests {
    /// Runs that are killed, stopped, or meet each other.
    @Suite struct ProcessTests {
        static let documents = 240

        private let corpus: CommandCorpus

        init() throws { self.corpus = try CommandCorpus(documents: Self.documents) }

        private func indexed(_ summary: [String: Any]) -> Int? {
            (summary["accounts"] as? [String: Int])?["indexed"]
        }

        /// Waits until a worker has answered with a document, so that the run is well on its way.
        private func waitForFirstAnswer(_ run: RunningCommand) -> Bool {
            run.waits { run.children.contains { Self.bytesWritten(by: $0) > 2_048 } }
        }

        private static func bytesWritten(by processID: Int32) -> Int {
            let text = try? String(contentsOfFile: "/proc/\(processID)/io", encoding: .utf8)
            let line = text?.split(separator: "\n").first { $0.hasPrefix("wchar: ") }
            return line.flatMap { Int($0.dropFirst("wchar: ".count)) } ?? 0
        }

        @Test func killedRunEndsLikeAnUndisturbedOne() throws {
            let clock = ContinuousClock()
            let start = clock.now
            let digest = try self.corpus.undisturbedDigest()
            let whole = clock.now - start
            // Moments over the whole run, the last near its end.
            for moment in 1...7 {
                let name = "killed\(moment)"
                let run = try self.corpus.backfill(workspace: name)
                let delay = whole * moment / 8
                usleep(UInt32(delay / Duration.microseconds(1)))
                let children = run.children
                run.send(SIGKILL)
                let killed = try run.wait()
                #expect(killed.isSignalled || killed.exitCode == 0, "moment \(moment)")
                // Workers die with their parent.
                for child in children { Self.waitForEnd(of: child) }
                let resumed = try self.corpus.backfill(workspace: name).wait()
                #expect(resumed.exitCode == 0, "moment \(moment): \(resumed.errors)")
                let summary = try resumed.json()
                #expect(summary["digest"] as? String == digest, "moment \(moment)")
                #expect(self.indexed(summary) == Self.documents)
                let workspace = self.corpus.folder(name)
                let verify = try Command.run(["verify", "--workspace", workspace])
                #expect(verify.exitCode == 0, "moment \(moment): \(verify.output)")
            }
        }

        @Test func runKilledAgainAndAgainStillArrives() throws {
            let digest = try self.corpus.undisturbedDigest()
            var state: UInt64 = 7
            for _ in 0..<6 {
                let run = try self.corpus.backfill()
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                usleep(UInt32(50_000 + state >> 33 % 400_000))
                run.send(SIGKILL)
                _ = try run.wait()
            }
            let summary = try self.corpus.backfill().wait().json()
            #expect(summary["digest"] as? String == digest)
        }

        private static func waitForEnd(of processID: Int32) {
            for _ in 0..<2_000 {
                // A zombie of this container's first process counts as ended.
                let stat = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8)
                guard let stat, !stat.contains(") Z ") else { return }
                usleep(5_000)
            }
            Issue.record("worker \(processID) outlives its parent")
        }

        @Test func killedWorkerCostsARetryOnly() throws {
            let digest = try self.corpus.undisturbedDigest()
            let run = try self.corpus.backfill(["--workers", "2"])
            try #require(self.waitForFirstAnswer(run))
            let children = run.children
            for child in children { kill(child, SIGKILL) }
            let result = try run.wait()
            try #require(!children.isEmpty, "the workers were gone before they could be killed")
            #expect(result.exitCode == 0, "\(result.errors)")
            let summary = try result.json()
            #expect(summary["digest"] as? String == digest)
            #expect((summary["failures"] as? [String: Int])?.isEmpty == true)
        }

        @Test func workerKilledWhileItStartsIsStartedAgain() throws {
            let digest = try self.corpus.undisturbedDigest()
            let run = try self.corpus.backfill(["--workers", "1"])
            var children: [Int32] = []
            _ = run.waits {
                children = run.children
                return !children.isEmpty
            }
            for child in children { kill(child, SIGKILL) }
            let result = try run.wait()
            try #require(!children.isEmpty)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(try result.json()["digest"] as? String == digest)
        }

        @Test func interruptedRunEndsWith130AndResumes() throws {
            let digest = try self.corpus.undisturbedDigest()
            let run = try self.corpus.backfill(["--workers", "1"])
            try #require(self.waitForFirstAnswer(run))
            run.send(SIGINT)
            let result = try run.wait()
            #expect(!result.isSignalled)
            #expect(result.exitCode == 130)
            #expect(result.errors.contains("stopping"))
            let stopped = try result.json()
            #expect(stopped["outcome"] as? String == "stopped")
            let done = try #require(stopped["extracted"] as? Int)
            let resumed = try self.corpus.backfill().wait()
            #expect(resumed.exitCode == 0)
            let summary = try resumed.json()
            #expect(summary["digest"] as? String == digest)
            #expect(summary["extracted"] as? Int == Self.documents - done)
        }

        @Test func secondRunIsExitCode11NamingTheFirst() throws {
            let run = try self.corpus.backfill()
            defer { run.send(SIGCONT) }
            try #require(self.waitForFirstAnswer(run))
            run.send(SIGSTOP)
            let second = try self.corpus.command("sync")
            #expect(second.exitCode == 11)
            #expect(second.errors.contains("backfill"))
            #expect(second.errors.contains(String(run.processID)))
            #expect(second.errors.contains("UTC"))
            let status = try self.corpus.command("status")
            #expect(status.exitCode == 0)
            #expect(status.output.contains("held by 'backfill' (process \(run.processID) on "))
            #expect(status.output.contains("unfinished run 1"))
            #expect(status.output.contains("at work"))
            run.send(SIGCONT)
            #expect(try run.wait().exitCode == 0)
            #expect(try self.corpus.command("sync").exitCode == 0)
        }

        @Test func secondRunWaitsForTheFirstAsLongAsItMay() throws {
            let run = try self.corpus.backfill()
            defer { run.send(SIGCONT) }
            try #require(self.waitForFirstAnswer(run))
            run.send(SIGSTOP)
            let impatient = try self.corpus.command("sync", ["--wait", "1s"])
            #expect(impatient.exitCode == 11)
            #expect(impatient.errors.contains("waiting up to 1 s for 'backfill'"))
            #expect(impatient.errors.contains(" since 20"))
            #expect(impatient.errors.contains("--wait 5m"))
            let patient = try Command.start(["sync", self.corpus.pipeline, "--wait", "10m"])
            usleep(300_000)
            #expect(patient.isRunning)
            run.send(SIGCONT)
            #expect(try run.wait().exitCode == 0)
            let result = try patient.wait()
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.output.contains("nothing changed"))
        }

        @Test func lockOfAnotherProgramIsRespected() throws {
            try FileManager.default.createDirectory(
                atPath: self.corpus.workspace,
                withIntermediateDirectories: true
            )
            let descriptor = open(
                self.corpus.workspace + "/lock",
                O_RDWR | O_CREAT | O_CLOEXEC,
                0o644
            )
            try #require(descriptor >= 0)
            try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            let refused = try self.corpus.command("backfill")
            #expect(refused.exitCode == 11)
            #expect(refused.errors.contains("in use by another process"))
            close(descriptor)
            #expect(try self.corpus.command("backfill").exitCode == 0)
        }

        @Test func workerCountDoesNotChangeTheDigest() throws {
            let digest = try self.corpus.undisturbedDigest()
            for workers in ["1", "8"] {
                let run = try self.corpus.backfill(
                    ["--workers", workers],
                    workspace: "w" + workers
                )
                #expect(try run.wait().json()["digest"] as? String == digest, "\(workers) workers")
            }
        }
    }
}
