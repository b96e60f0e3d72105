internal import Records

/// The band keys that the store has groups under, for a process that looks them up beside others.
package struct StoredBands {
    private let runs: BandRuns

    fileprivate init(_ runs: BandRuns) { self.runs = runs }

    /// - Output: true also where all groups of that key are gone, and their run was not written anew since.
    package func hold(_ key: UInt64) -> Bool {
        var isFound = false
        for run in self.runs.runs where !isFound {
            run.forEachNumber(of: key) { _ in
                isFound = true
                return false
            }
        }
        return isFound
    }
}

extension DedupeStore {
    /// The files are not held to their hashes: who decides does that.
    package func bands() throws -> StoredBands {
        try self.file.read { database in
            StoredBands(try BandRuns(database, in: self.folder, isTrusting: true))
        }
    }
}
