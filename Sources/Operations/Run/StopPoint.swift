/// Where a phase ends early when the run is asked to stop: between two pieces of work that are stored.
struct StopPoint: Sendable {
    let isReached: @Sendable () -> Bool

    /// For work that nobody stops.
    static let never = StopPoint { false }

    func check() throws(RunStopped) {
        if self.isReached() { throw RunStopped() }
    }
}

/// The run was asked to stop; what was done is stored, and the next run goes on with the rest.
struct RunStopped: Error {}
