internal import Foundation
internal import Storage

/// What a selftest did and what it found.
package struct SelftestReport: Sendable, Codable {
    package var name: String
    package var seed: UInt64
    /// How many cases were tried, and what one of them is called: `200`, `histories`.
    package var caseCount: Int
    package var caseName: String
    package var seconds: Double
    /// What was found wrong, each in words with what is needed to see it again; empty when all is well.
    package var failures: [String] = []
    /// What was seen, for people.
    package var details: [String] = []

    package var isSound: Bool { self.failures.isEmpty }
}

/// How a selftest is carried out.
package struct SelftestOptions: Sendable {
    package var seed: UInt64 = 1
    /// Where its folders are made and removed again.
    ///
    /// A disk in memory where there is a large one: nothing here is about power cuts.
    package var folder = SelftestOptions.fastestFolder
    /// The `millrace` that runs which are to be killed are started with; nil leaves those out.
    package var executable: String?
    /// A smaller version, for a check on every change.
    package var isQuick = false
    /// Makes the selftest wrong on purpose, so that it has to fail.
    package var plantsBug = false
    /// Told what is being done, from time to time.
    package var progress: @Sendable (String) -> Void = { _ in }

    package init() {}

    package static var fastestFolder: String {
        let memory = "/dev/shm"
        let isLarge = ((try? freeBytes(at: memory)) ?? 0) >= 2 << 30
        return isLarge && access(memory, W_OK) == 0
            ? memory : FileManager.default.temporaryDirectory.path
    }
}
