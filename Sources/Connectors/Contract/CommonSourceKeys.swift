package import Dataflow

/// The keys that every source has.
package enum CommonSourceKeys {
    static let bytesByDefault = 256 << 20
    package static let concurrencyByDefault = 8

    static let maximumBytes = ParameterSpec(
        "maximum_bytes",
        .int(1...1 << 40),
        default: .int(bytesByDefault),
        summary: "Larger documents become dead letters unread."
    )
    package static let concurrency = ParameterSpec(
        "concurrency",
        .int(1...256),
        default: .int(concurrencyByDefault),
        affectsOutput: false,
        summary: "How many documents are read at the same time."
    )
    package static let reconcileEvery = ParameterSpec(
        "reconcile_every",
        .string,
        default: .string("7d"),
        affectsOutput: false,
        summary:
            "How long listings may name changes alone, where a source can say them, before all of "
            + "it is listed again: a number and s, m, h or d. 'sync --reconcile' does it at once."
    )
    package static let maximumDelete = ParameterSpec(
        "max_delete",
        .double(0...1),
        default: .double(0.1),
        summary: "The share of the documents that may go in one run; when more than that "
            + "and more than max_delete_count are gone, their deletion waits for approval. "
            + "A document that lives on under another name is not gone."
    )
    package static let maximumDeleteCount = ParameterSpec(
        "max_delete_count",
        .int(0...1 << 40),
        isOptional: true,
        summary: "So many may go whatever their share is. Without the key 20, but of a source "
            + "that had more than 5 documents never more than half."
    )

    static func all(isLocal: Bool) -> [ParameterSpec] {
        [self.maximumBytes, self.maximumDelete, self.maximumDeleteCount]
            + (isLocal ? [] : [self.concurrency, self.reconcileEvery])
    }
}

/// `7d`, `12h`, `30m` or `45s` in milliseconds; nil for anything else.
package func milliseconds(of duration: String) -> Int64? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let last = duration.last, let unit = units[last], let count = Int64(duration.dropLast()),
        (0...1_000_000).contains(count)
    else { return nil }
    return count * unit * 1000
}
