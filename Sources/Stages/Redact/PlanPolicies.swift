package import Dataflow
package import Records
internal import Text

/// The redaction policies of a plan, as far as they concern what is made of clean documents.
package struct PlanPolicies: Sendable {
    /// Identifies the policies, for the header of every segment; empty where nothing is redacted.
    package let hash: String
    private let redactors: [PolicyRedactor]

    /// - Throws: ``StageConstructionError`` for a key that is not there.
    package init(_ plan: Plan) throws {
        self.redactors = try plan.nodes.filter { $0.uses == redactDescriptor.name }
            .map(makePolicyRedactor)
        self.hash = Set(self.redactors.map(\.hash.hex)).sorted().joined(separator: " ")
    }

    /// Whether a document's URI is shown redacted.
    package var redactsURIs: Bool { self.redactors.contains { $0.policy.redactsURIs } }

    /// The URI as an index may show it.
    package func shownURI(_ uri: String, source: String, language: String) -> String {
        self.redactors.filter(\.policy.redactsURIs).reduce(uri) { uri, redactor in
            redactor.redactURI(uri, source: source, language: language).uri
        }
    }

    /// Whether a document was redacted by a policy that is not of this plan.
    package func isOutdated(_ policy: Digest?) -> Bool {
        policy.map { hash in !self.redactors.contains { $0.hash == hash } }
            ?? !self.redactors.isEmpty
    }
}
