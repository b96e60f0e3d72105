package import Dataflow
package import Records
package import Telemetry

/// Takes documents through the prepare phase, one at a time.
package protocol Preparer {
    /// - Parameter source: the name of the source the document comes from.
    mutating func prepare(
        _ raw: RawDocument,
        source: String,
        counters: inout StageCounters
    ) -> PreparedFile
}

/// What the prepare phase makes of one listed document.
package struct PreparedFile: Sendable {
    package var outcome: PrepareOutcome
    /// The documents in it, each before those in it; nil where they could not be told, so that what was
    /// known of them stands.
    package var children: [PreparedChild]?

    package init(outcome: PrepareOutcome, children: [PreparedChild]? = nil) {
        self.outcome = outcome
        self.children = children
    }
}

/// Makes what prepares the documents of these nodes, with a signature or without.
package typealias MakePreparer =
    @Sendable (_ nodes: [PlanNode], _ wantsSignature: Bool) throws -> any Preparer
