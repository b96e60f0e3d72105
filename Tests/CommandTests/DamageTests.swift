import Foundation
import Testing

extension CommandTests {
    /// Files of a workspace that were damaged: what is said, and what mends them.
    @Suite struct DamageTests {
        enum Place: CaseIterable {
            case header
            /// Every page but the first.
            case middle
        }

        private func flip(_ place: Place, of path: String) throws {
            var bytes = Array(try Data(contentsOf: URL(filePath: path)))
            let range = place == .header ? 0..<100 : 8_192..<bytes.count
            for offset in range { bytes[offset] ^= 0x5A }
            try Data(bytes).write(to: URL(filePath: path))
        }

        @Test(arguments: Place.allCases)
        func damagedManifestIsNamedAndRebuiltFromTheSources(place: Place) throws {
            let corpus = try CommandCorpus(documents: 60)
            _ = try corpus.command("backfill")
            let digest = try corpus.command("digest").output
            let manifest = corpus.workspace + "/shards/0001/manifest.sqlite"
            try self.flip(place, of: manifest)
            let refused = try corpus.command("sync")
            #expect(refused.exitCode == 1)
            #expect(refused.errors.contains(manifest))
            #expect(refused.errors.contains("--rebuild-shard 0001"))
            // The live snapshot needs no manifest.
            #expect(try corpus.command("digest").output == digest)
            let doctor = try Command.run(["doctor", "--workspace", corpus.workspace])
            #expect(doctor.exitCode == 1)
            #expect(doctor.output.contains("PROBLEM  shard 0001"))
            #expect(doctor.output.contains("ok       shard 0002"))

            let rebuilt = try corpus.command("sync", ["--rebuild-shard", "0001", "--json"])
            #expect(rebuilt.exitCode == 0, "\(rebuilt.errors)")
            #expect(rebuilt.errors.contains(manifest + ".damaged-1"))
            let summary = try rebuilt.json()
            #expect((summary["digest"] as? String).map { $0 + "\n" } == digest)
            let extracted = try #require(summary["extracted"] as? Int)
            #expect(extracted > 0)
            #expect(summary["unchanged"] as? Int == 60 - extracted)
            #expect(try corpus.command("verify").exitCode == 0)
            #expect(try corpus.command("audit").exitCode == 0)
            #expect(try Command.run(["doctor", "--workspace", corpus.workspace]).exitCode == 0)
        }

        @Test(arguments: Place.allCases)
        func damagedDedupeStoreIsNamedAndMadeAgainFromTheManifests(place: Place) throws {
            let corpus = try CommandCorpus(documents: 60)
            for number in 0..<20 {
                try corpus.write("copy\(number).md", CommandCorpus.text(number, words: 60))
            }
            _ = try corpus.command("backfill")
            let digest = try corpus.command("digest").output
            let store = corpus.workspace + "/dedupe.sqlite"
            try self.flip(place, of: store)
            try corpus.write("late.md", CommandCorpus.text(3, words: 60))
            let refused = try corpus.command("sync")
            #expect(refused.exitCode == 1)
            #expect(refused.errors.contains("\(store): "), "\(refused.errors)")
            #expect(refused.errors.contains("--rebuild dedupe"))
            #expect(try corpus.command("digest").output == digest)
            let doctor = try Command.run(["doctor", "--workspace", corpus.workspace])
            #expect(doctor.exitCode == 1)
            #expect(doctor.output.contains("PROBLEM  dedupe store"))

            let mended = try corpus.command("sync", ["--rebuild", "dedupe", "--json"])
            #expect(mended.exitCode == 0, "\(mended.errors)")
            let summary = try mended.json()
            #expect((summary["digest"] as? String).map { $0 + "\n" } == digest)
            #expect((summary["accounts"] as? [String: Int])?["duplicates"] == 21)
            #expect(try Command.run(["doctor", "--workspace", corpus.workspace]).exitCode == 0)
        }

        /// Rows can be read that a whole look at the file finds fault with.
        @Test func damageInAFreePageIsFoundByDoctor() throws {
            let corpus = try CommandCorpus(documents: 60)
            _ = try corpus.command("backfill")
            let manifest = corpus.workspace + "/shards/0001/manifest.sqlite"
            var bytes = Array(try Data(contentsOf: URL(filePath: manifest)))
            // The number of pages on the list of free ones (SQLite file format §1.3.11).
            bytes[39] &+= 7
            try Data(bytes).write(to: URL(filePath: manifest))
            let doctor = try Command.run(["doctor", "--workspace", corpus.workspace])
            #expect(doctor.exitCode == 1)
            #expect(doctor.output.contains("PROBLEM  shard 0001"), "\(doctor.output)")
        }

        @Test func shardThatIsNotThereIsAUsageError() throws {
            let corpus = try CommandCorpus(documents: 3)
            _ = try corpus.command("backfill")
            let result = try corpus.command("sync", ["--rebuild-shard", "7"])
            #expect(result.exitCode == 2)
            #expect(result.errors.contains("0000 to 0002"))
        }

        @Test func auditSaysWhenManifestAndSegmentsDisagree() throws {
            let corpus = try CommandCorpus(documents: 9)
            _ = try corpus.command("backfill")
            #expect(try corpus.command("audit").output.contains("accounted for"))
            let names = (0..<3).map { "shards/000\($0)/manifest.sqlite" }
            let before = try names.map {
                try Data(contentsOf: URL(filePath: "\(corpus.workspace)/\($0)"))
            }
            try corpus.write("more.md", CommandCorpus.text(900, words: 50))
            _ = try corpus.command("sync")
            // The manifests of before do not know the new document.
            for (name, data) in zip(names, before) {
                try data.write(to: URL(filePath: "\(corpus.workspace)/\(name)"))
            }
            let result = try corpus.command("audit")
            #expect(result.exitCode == 1)
            #expect(result.output.contains("problem: "))
            #expect(result.output.contains("run a sync"))
            let fields = try corpus.command("audit", ["--json", "--run", "2"]).json()
            #expect((fields["problems"] as? [String])?.isEmpty == false)
            #expect(try corpus.command("audit", ["--run", "7"]).exitCode == 10)
        }

        @Test func missingSegmentIsFoundByDoctorAndMadeAgainBySync() throws {
            let corpus = try CommandCorpus(documents: 9)
            _ = try corpus.command("backfill")
            let folder = corpus.workspace + "/shards/0000/segments"
            let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first)
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            let doctor = try Command.run(["doctor", "--workspace", corpus.workspace, "--json"])
            #expect(doctor.exitCode == 1)
            let checks = try #require(try doctor.json()["checks"] as? [[String: Any]])
            let unsound = checks.filter { $0["isSound"] as? Bool == false }
            #expect(unsound.count == 1)
            #expect((unsound.first?["detail"] as? String)?.contains(name) == true)
            #expect(try corpus.command("sync").exitCode == 0)
            #expect(try Command.run(["doctor", "--workspace", corpus.workspace]).exitCode == 0)
        }
    }
}
