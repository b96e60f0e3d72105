import Foundation
import Testing

extension CommandTests {
    /// Selftests as an operator runs them, small and by a fixed seed.
    @Suite struct SelftestCommandTests {
        static let names = [
            "convergence", "vanish", "hostile", "cheap-changes", "leak", "all",
        ]

        private func selftest(_ arguments: [String]) throws -> (
            code: Int32, reports: [[String: Any]]
        ) {
            let result = try Command.run(["selftest"] + arguments + ["--quick", "--json"])
            let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
            return (result.exitCode, try #require(value as? [[String: Any]], "\(result.errors)"))
        }

        @Test(arguments: names) func everySelftestHasHelpWithoutThePlantedBug(name: String) throws {
            let result = try Command.run(["selftest", name, "--help"])
            #expect(result.exitCode == 0)
            #expect(result.output.contains("--seed"))
            #expect(!result.output.contains("plant-bug"))
        }

        @Test(arguments: [["hostile"], ["leak"]])
        func selftestFindsNothingAndThePlantedBug(arguments: [String]) throws {
            let sound = try self.selftest(arguments + ["--seed", "3"])
            #expect(sound.code == 0)
            #expect((sound.reports[0]["failures"] as? [String])?.isEmpty == true)
            #expect(sound.reports[0]["seed"] as? Int == 3)
            let planted = try self.selftest(arguments + ["--seed", "3", "--plant-bug"])
            #expect(planted.code == 1)
            #expect((planted.reports[0]["failures"] as? [String])?.isEmpty == false)
        }

        @Test func convergenceKillsRunsAndEndsWithALineThatSaysSo() throws {
            let result = try Command.run([
                "selftest", "convergence", "--histories", "3", "--steps", "3", "--seed", "2",
                "--quick",
            ])
            #expect(result.exitCode == 0, "\(result.output)")
            #expect(result.output.contains("\nok convergence: 3 histories, seed 2, "))
        }
    }
}
