internal import Synchronization

/// Live figures of a run, written by workers and read by the status line.
package final class RunProgress: Sendable {
    /// One consistent reading.
    package struct Reading: Sendable, Hashable {
        package var phase = "starting"
        /// Documents the sources listed so far.
        package var listed = 0
        /// Documents this phase has to do, as far as it is known.
        package var total = 0
        package var done = 0
        package var failed = 0
        package var bytesRead = 0
        package var chunks = 0
        package var embeddedTokens = 0
        package var isListingComplete = false
        package var stages = StageCounters()
    }

    /// Where the pieces of the run are timed; nil where nobody asked for a trace.
    package let spans: SpanLog?
    private let reading = Mutex(Reading())

    package init(spans: SpanLog? = nil) { self.spans = spans }

    package func read() -> Reading { self.reading.withLock { $0 } }

    package func update(_ change: (inout Reading) -> Void) {
        self.reading.withLock { change(&$0) }
    }

    /// Adds what is found out to be done, too.
    package func expect(_ count: Int) { self.reading.withLock { $0.total += count } }

    /// Counts what is done; what nobody expected was to be done as well.
    package func finish(_ count: Int) {
        self.reading.withLock {
            $0.done += count
            $0.total = max($0.total, $0.done)
        }
    }

    /// Begins a phase of `total` documents.
    package func begin(phase: String, total: Int) {
        self.spans?.enter(phase: phase)
        self.reading.withLock {
            $0.phase = phase
            $0.total = total
            $0.done = 0
        }
    }
}
