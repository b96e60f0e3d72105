/// One value of a metric.
package struct MetricSample: Sendable, Hashable {
    package let metric: MetricDescriptor
    /// One for each of the metric's labels, in their order.
    package let labelValues: [String]
    package let value: Double

    package init(_ metric: MetricDescriptor, _ labelValues: [String], _ value: Double) {
        precondition(labelValues.count == metric.labels.count, "a value for each label")
        self.metric = metric
        self.labelValues = labelValues
        self.value = value
    }
}

/// The text that node_exporter's textfile collector reads: metrics in the order of ``MetricTable``, samples by
/// label, no timestamps.
///
/// - Source: Prometheus text exposition format 0.0.4.
package func metricText(_ samples: [MetricSample]) -> String {
    var text = ""
    for metric in MetricTable.all {
        let own = samples.filter { $0.metric == metric }
            .sorted { $0.labelValues.lexicographicallyPrecedes($1.labelValues) }
        guard !own.isEmpty else { continue }
        text +=
            "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
        for sample in own {
            let labels = zip(metric.labels, sample.labelValues)
                .map { "\($0)=\"\(escapedLabel($1))\"" }
                .joined(separator: ",")
            text += "\(metric.name){\(labels)} \(metricNumber(sample.value))\n"
        }
    }
    return text
}

/// Whole numbers without a fraction, as people compare them.
private func metricNumber(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    return value.isFinite ? "\(value)" : value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf"
}

private func escapedLabel(_ value: String) -> String {
    var text = ""
    for character in value {
        switch character {
        case "\\": text += "\\\\"
        case "\"": text += "\\\""
        case "\n": text += "\\n"
        default: text.append(character)
        }
    }
    return text
}
