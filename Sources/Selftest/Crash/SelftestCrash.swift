package import Faults
internal import Glibc
internal import Telemetry

package struct CrashOptions: Sendable {
    /// Every `stride`-th operation is tried, and each fault begins at another one; nil for all of them,
    /// or a few when the self-test is quick.
    package var stride: Int?
    package var phases = CrashPhase.allCases
    package var faults = FaultPlan.Action.allCases.filter { $0 != .count }
    /// Only this operation, to look at a failure again.
    package var number: Int?
    /// The bug to plant; nil for the one of ``SelftestOptions/plantsBug``, if that is set.
    package var flaw: FaultPlan.Flaw?
    /// Cases performed at once.
    package var lanes = 1

    package init() {}

    /// - Throws: ``SelftestError`` when there is no fault of this name.
    package mutating func restrict(toFault name: String) throws {
        self.faults = self.faults.filter { $0.rawValue == name }
        guard !self.faults.isEmpty else { throw SelftestError("there is no fault '\(name)'") }
    }
}

/// Kills and fails a backfill, a sync, one in items and a reshard at every operation that changes the disk, in turn.
///
/// After each fault a reader must find exactly the old snapshot or the new one, with every byte right;
/// the next run must complete to the digest of a fresh backfill; and a run that met an error must have
/// ended with one that names the file. The first failure of each kind of fault is looked for at every
/// smaller operation, and the smallest is reported.
/// - Throws: ``SelftestError`` when the self-test itself cannot be carried out.
package func selftestCrash(
    _ options: SelftestOptions,
    _ crash: CrashOptions = CrashOptions()
) throws -> SelftestReport {
    let start = monotonicNanoseconds()
    let folder = try WorkFolder(in: options.folder)
    // Descriptors tell paths without symbolic links, and notes are compared with those.
    guard let real = realpath(folder.path, nil) else {
        throw SelftestError("\(folder.path) cannot be resolved")
    }
    defer { free(real) }
    let bench = try CrashBench(
        root: String(cString: real),
        executable: "/proc/self/exe",
        seed: options.seed,
        flaw: crash.flaw ?? (options.plantsBug ? .unsyncedFiles : nil)
    )
    var report = try CrashSweep(bench: bench, options: options, crash: crash).run()
    report.seconds = Double(monotonicNanoseconds() - start) / 1e9
    return report
}
