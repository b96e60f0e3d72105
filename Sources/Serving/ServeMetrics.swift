internal import Metrics
internal import MillraceSearch

/// What the server counts: no name, text or id of anybody is a label.
final class ServeMetrics: Sendable {
    static let table = [
        MetricDescription(
            name: "millrace_requests",
            kind: .counter,
            help: "Requests answered, by route and status."
        ),
        MetricDescription(
            name: "millrace_request_seconds",
            kind: .histogram,
            unit: "seconds",
            help: "From the head of a request to its answer, by route."
        ),
        MetricDescription(
            name: "millrace_refused_tokens",
            kind: .counter,
            help: "Requests without a token that is known."
        ),
        MetricDescription(
            name: "millrace_snapshot",
            kind: .gauge,
            help: "The number of the snapshot that is served."
        ),
        MetricDescription(
            name: "millrace_refresh_failed",
            kind: .gauge,
            help: "1 where the last look for a new snapshot failed, else 0."
        ),
    ]

    private let registry = MetricRegistry()

    func answered(_ route: Route?, status: Int, nanoseconds: UInt64) {
        let name = route?.rawValue ?? "none"
        Counter(
            label: "millrace_requests",
            dimensions: [("route", name), ("status", String(status))],
            factory: self.registry
        )
        .increment()
        Timer(
            label: "millrace_request_seconds",
            dimensions: [("route", name)],
            factory: self.registry
        )
        .recordNanoseconds(Int64(clamping: nanoseconds))
    }

    func refusedToken() {
        Counter(label: "millrace_refused_tokens", factory: self.registry).increment()
    }

    func text(_ index: SearchIndex) -> String {
        let number = (try? index.current())?.snapshot.number ?? 0
        Gauge(label: "millrace_snapshot", factory: self.registry).record(number)
        Gauge(label: "millrace_refresh_failed", factory: self.registry)
            .record(index.refreshFailure == nil ? 0 : 1)
        return self.registry.text(Self.table)
    }
}
