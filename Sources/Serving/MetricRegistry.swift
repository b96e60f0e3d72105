internal import Metrics
internal import Synchronization

/// Counters, gauges and histograms of this process, as OpenMetrics text.
///
/// - Source: OpenMetrics 1.0, sections 4 (data model) and 5 (text format).
final class MetricRegistry: MetricsFactory {
    /// Upper bounds of histograms in nanoseconds: 0.5 ms to 10 s, each about twice the one before.
    static let bounds: [Int64] = [
        500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000,
        200_000_000, 500_000_000, 1_000_000_000, 2_000_000_000, 5_000_000_000, 10_000_000_000,
    ]

    fileprivate struct Series: Hashable {
        let label: String
        let dimensions: String
    }

    private struct Handlers {
        var counters: [Series: CountingHandler] = [:]
        var gauges: [Series: GaugeHandler] = [:]
        var timers: [Series: HistogramHandler] = [:]
    }

    private let handlers = Mutex(Handlers())

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let series = Series(label, dimensions)
        return self.handlers.withLock { handlers in
            let handler = handlers.counters[series] ?? CountingHandler()
            handlers.counters[series] = handler
            return handler
        }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.gauge(Series(label, dimensions))
    }

    func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler { self.gauge(Series(label, dimensions)) }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let series = Series(label, dimensions)
        return self.handlers.withLock { handlers in
            let handler = handlers.timers[series] ?? HistogramHandler()
            handlers.timers[series] = handler
            return handler
        }
    }

    // A series is kept for as long as the process: a counter that goes would count from 0 again.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func gauge(_ series: Series) -> GaugeHandler {
        self.handlers.withLock { handlers in
            let handler = handlers.gauges[series] ?? GaugeHandler()
            handlers.gauges[series] = handler
            return handler
        }
    }

    /// Every metric of `table` with its series, in the table's order.
    func text(_ table: [MetricDescription]) -> String {
        let handlers = self.handlers.withLock { $0 }
        var lines: [String] = []
        for metric in table {
            lines.append("# TYPE \(metric.name) \(metric.kind.rawValue)")
            if let unit = metric.unit { lines.append("# UNIT \(metric.name) \(unit)") }
            lines.append("# HELP \(metric.name) \(metric.help)")
            switch metric.kind {
            case .counter:
                for (series, handler) in Self.sorted(handlers.counters, metric.name) {
                    lines.append("\(metric.name)_total\(series.braced()) \(handler.value)")
                }
            case .gauge:
                for (series, handler) in Self.sorted(handlers.gauges, metric.name) {
                    lines.append("\(metric.name)\(series.braced()) \(handler.value)")
                }
            case .histogram:
                for (series, handler) in Self.sorted(handlers.timers, metric.name) {
                    lines += handler.lines(metric.name, series)
                }
            }
        }
        return (lines + ["# EOF", ""]).joined(separator: "\n")
    }

    private static func sorted<Handler>(
        _ all: [Series: Handler],
        _ name: String
    ) -> [(Series, Handler)] {
        all.filter { $0.key.label == name }.sorted { $0.key.dimensions < $1.key.dimensions }
            .map { ($0.key, $0.value) }
    }
}

/// One metric: its name with the unit at the end, as OpenMetrics wants it.
struct MetricDescription: Sendable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    let name: String
    let kind: Kind
    var unit: String?
    let help: String
}

extension MetricRegistry.Series {
    fileprivate init(_ label: String, _ dimensions: [(String, String)]) {
        self.label = label
        self.dimensions = dimensions.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
    }

    /// The label set, with `extra` at the end.
    fileprivate func braced(_ extra: String = "") -> String {
        let all = [self.dimensions, extra].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? "" : "{\(all)}"
    }
}

private func escaped(_ value: String) -> String {
    value.map { character -> String in
        switch character {
        case "\\": "\\\\"
        case "\"": "\\\""
        case "\n": "\\n"
        default: String(character)
        }
    }
    .joined()
}

private final class CountingHandler: CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: Int64 { self.count.load(ordering: .relaxed) }

    func increment(by amount: Int64) { self.count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { self.count.store(0, ordering: .relaxed) }
}

private final class GaugeHandler: MeterHandler, RecorderHandler {
    private let state = Mutex(0.0)

    var value: Double { self.state.withLock { $0 } }

    func set(_ value: Int64) { self.set(Double(value)) }
    func set(_ value: Double) { self.state.withLock { $0 = value } }
    func increment(by amount: Double) { self.state.withLock { $0 += amount } }
    func decrement(by amount: Double) { self.state.withLock { $0 -= amount } }
    func record(_ value: Int64) { self.set(Double(value)) }
    func record(_ value: Double) { self.set(value) }
}

private final class HistogramHandler: TimerHandler {
    private struct State {
        var counts = [Int64](repeating: 0, count: MetricRegistry.bounds.count + 1)
        var sum: Int64 = 0
    }

    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) {
        let place =
            MetricRegistry.bounds.firstIndex { duration <= $0 } ?? MetricRegistry.bounds.count
        self.state.withLock { state in
            state.counts[place] += 1
            state.sum &+= duration
        }
    }

    func lines(_ name: String, _ series: MetricRegistry.Series) -> [String] {
        let state = self.state.withLock { $0 }
        var total: Int64 = 0
        var lines: [String] = []
        for (place, count) in state.counts.enumerated() {
            total += count
            let bound =
                place < MetricRegistry.bounds.count
                ? "\(Double(MetricRegistry.bounds[place]) / 1e9)" : "+Inf"
            lines.append("\(name)_bucket\(series.braced("le=\"\(bound)\"")) \(total)")
        }
        lines.append("\(name)_count\(series.braced()) \(total)")
        lines.append("\(name)_sum\(series.braced()) \(Double(state.sum) / 1e9)")
        return lines
    }
}
