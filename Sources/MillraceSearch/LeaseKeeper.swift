internal import Storage
internal import Synchronization
internal import Telemetry

/// The leases of one reader: written where it may write, renewed, taken back.
final class LeaseKeeper: Sendable {
    private let layout: WorkspaceLayout
    private let holder: LockHolder
    private let clock: WallClock
    /// File name → snapshot.
    private let leases = Mutex<[String: Int]>([:])

    init(workspace: String, clock: WallClock = .system) {
        self.layout = WorkspaceLayout(root: workspace)
        self.clock = clock
        self.holder = .current(verb: "search", startedMilliseconds: clock.milliseconds())
    }

    /// Holds the snapshot until the value goes; holds nothing where this user may only read.
    func hold(_ snapshot: Int) -> SnapshotHold {
        let lease = self.lease(of: snapshot)
        let name = lease.freshName()
        guard (try? lease.write(name, in: self.layout)) != nil else { return SnapshotHold {} }
        self.leases.withLock { $0[name] = snapshot }
        return SnapshotHold {
            self.leases.withLock { _ = $0.removeValue(forKey: name) }
            try? removeFile(self.layout.leasesFolder + "/" + name)
        }
    }

    /// Gives every lease its full time again.
    func renew() {
        for (name, snapshot) in self.leases.withLock({ $0 }) {
            try? self.lease(of: snapshot).write(name, in: self.layout)
            // Released while it was written: it must not stay for an hour.
            if self.leases.withLock({ $0[name] == nil }) {
                try? removeFile(self.layout.leasesFolder + "/" + name)
            }
        }
    }

    private func lease(of snapshot: Int) -> ReaderLease {
        ReaderLease(
            holder: self.holder,
            snapshot: snapshot,
            expiresMilliseconds: self.clock.milliseconds() + ReaderLease.lifetimeMilliseconds
        )
    }
}

/// Ends what it stands for when it goes.
final class SnapshotHold: Sendable {
    private let end: @Sendable () -> Void

    init(_ end: @escaping @Sendable () -> Void) { self.end = end }

    deinit { self.end() }
}
