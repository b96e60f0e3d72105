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
    ) -> PrepareOutcome
}

/// Makes what prepares the documents of these nodes, with a signature or without.
package typealias MakePreparer =
    @Sendable (_ nodes: [PlanNode], _ wantsSignature: Bool) throws -> any Preparer
