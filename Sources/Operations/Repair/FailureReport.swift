internal import Manifests
internal import Records

/// A document that was set aside, with what to do about it; never its text.
package struct FailureReport: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Nothing of it is served.
        case failed
        /// An older version of it is served.
        case stale
        /// Ended its worker every time; tried again when its content or stages change, or on demand.
        case quarantined
        /// Accepted by an operator for the content it has.
        case ignored
    }

    /// The document's id in hexadecimal.
    package var id: String
    package var uri: String
    package var source: String
    package var shard: Int
    package var state: State
    /// Whether an older version of it is served, whatever the state says.
    package var isServed: Bool
    package var stage: String
    package var code: String
    package var message: String
    /// Tries of the same content with the same stages.
    package var attempts: Int
    package var firstSeenMilliseconds: Int64
    package var lastSeenMilliseconds: Int64
    /// The run that tried last.
    package var run: Int64
    package var hint: String
}

extension FailureReport {
    init(_ letter: DeadLetter, shard: Int, isServed: Bool) {
        self.init(
            id: letter.id.hex,
            uri: letter.uri,
            source: letter.source,
            shard: shard,
            state: State(letter.disposition, isServed: isServed),
            isServed: isServed,
            stage: letter.failure.stage,
            code: letter.failure.code.rawValue,
            message: letter.failure.message,
            attempts: letter.attempts,
            firstSeenMilliseconds: letter.firstSeenMilliseconds,
            lastSeenMilliseconds: letter.lastSeenMilliseconds,
            run: letter.run,
            hint: letter.failure.code.hint
        )
    }
}

extension FailureReport.State {
    init(_ disposition: Disposition, isServed: Bool) {
        switch disposition {
        case .ignored: self = .ignored
        case .quarantined: self = .quarantined
        case .open: self = isServed ? .stale : .failed
        }
    }
}
