internal import Synchronization

/// A timed piece of a run: a phase, a batch, what a stage took of one.
///
/// Ids and counts, never a document's text.
package struct Span: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        case text(String)
        case count(Int)
    }

    /// A document that was set aside, by its id.
    package struct Failure: Sendable, Hashable {
        package var document: String
        package var stage: String
        package var code: String

        package init(document: String, stage: String, code: String) {
            self.document = document
            self.stage = stage
            self.code = code
        }
    }

    package var name: String
    /// Place of the span it is a part of; nil for a part of the run itself.
    package var parent: Int?
    /// Nanoseconds since 1970.
    package var start: UInt64
    package var end: UInt64
    package var attributes: [String: Value] = [:]
    package var failures: [Failure] = []
}

/// The spans of one run, as workers and phases note them.
package final class SpanLog: Sendable {
    private struct State {
        var spans: [Span] = []
        var phase: Int?
        var dropped = 0
    }

    /// Choice: some 10 MB; a run of more batches says how many it left out.
    private static let spanCountMax = 20_000
    private static let failureCountMax = 128

    /// Nanoseconds since 1970 at 0 of the clock that durations are taken by.
    private let epoch: UInt64
    private let state = Mutex(State())

    package init(clock: WallClock = .system) {
        self.epoch = UInt64(max(0, clock.milliseconds())) * 1_000_000 &- monotonicNanoseconds()
    }

    /// Ends the phase there is, and begins another.
    package func enter(phase: String) {
        let now = self.now
        self.state.withLock { state in
            if let last = state.phase { state.spans[last].end = now }
            state.phase = state.spans.count
            state.spans.append(Span(name: phase, parent: nil, start: now, end: now))
        }
    }

    /// Notes a piece of the present phase that ends now, and what its stages took, one after the other.
    ///
    /// - Parameter start: by ``monotonicNanoseconds()``.
    package func note(
        _ name: String,
        since start: UInt64,
        _ attributes: [String: Span.Value],
        stages: StageCounters = StageCounters(),
        failures: [Span.Failure] = []
    ) {
        let now = self.now
        self.state.withLock { state in
            guard state.spans.count + stages.stages.count < Self.spanCountMax else {
                state.dropped += 1
                return
            }
            let place = state.spans.count
            var span = Span(
                name: name,
                parent: state.phase,
                start: self.epoch &+ start,
                end: now,
                attributes: attributes
            )
            span.failures = Array(failures.prefix(Self.failureCountMax))
            state.spans.append(span)
            var from = span.start
            for stage in stages.stages {
                let row = stages[stage]
                state.spans.append(
                    Span(
                        name: stage,
                        parent: place,
                        start: from,
                        end: from + row.nanoseconds,
                        attributes: [
                            "millrace.documents": .count(row.documents),
                            "millrace.failures": .count(row.failures),
                        ]
                    )
                )
                from += row.nanoseconds
            }
        }
    }

    /// Everything noted so far, the present phase up to now, and how many pieces there was no room for.
    package func read() -> (spans: [Span], dropped: Int) {
        let now = self.now
        return self.state.withLock { state in
            var spans = state.spans
            if let last = state.phase { spans[last].end = now }
            return (spans, state.dropped)
        }
    }

    /// Nanoseconds since 1970.
    package var now: UInt64 { self.epoch &+ monotonicNanoseconds() }
}
