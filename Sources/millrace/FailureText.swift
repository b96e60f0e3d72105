internal import Console
internal import Operations

/// A table of failures with the commands that go on from there.
func text(of report: FailuresReport, place: String) -> String {
    guard !report.failures.isEmpty else {
        let count = report.counts.values.reduce(0, +)
        return count == 0 ? "no document failed" : "none of \(plural(count, "failure")) matches"
    }
    let heads = ["ID", "CODE", "STAGE", "TRIES", "FIRST SEEN", "LAST SEEN", "STATE", "URI"]
    let rows =
        [heads]
        + report.failures.map { failure in
            [
                String(failure.id.prefix(12)), failure.code, failure.stage,
                String(failure.attempts),
                dayAndMinute(failure.firstSeenMilliseconds),
                dayAndMinute(failure.lastSeenMilliseconds),
                failure.state.rawValue, failure.uri,
            ]
        }
    return table(rows) + "\n\(counts(report.counts)). Times are UTC. Go on with: "
        + "millrace failures show \(place) ID, millrace failures retry \(place)"
}

/// All that is known of a failure, and what to do.
func text(of failure: FailureReport, place: String) -> String {
    let served = failure.isServed ? ", an older version is served" : ""
    let id = failure.id.prefix(12)
    return """
        \(failure.uri)
          id         \(failure.id), shard \(failure.shard)
          source     \(failure.source)
          state      \(failure.state.rawValue)\(served)
          stage      \(failure.stage)
          code       \(failure.code)
          cause      \(failure.message)
          attempts   \(failure.attempts) of the same content, the last in run \(failure.run)
          first seen \(universalTime(failure.firstSeenMilliseconds))
          last seen  \(universalTime(failure.lastSeenMilliseconds))
          hint       \(failure.hint)
          commands   millrace failures retry \(place) \(id)
                     millrace failures ignore \(place) \(id)
        """
}
