package import Dataflow
package import Records
internal import Redact

/// Which policies a plan's documents go through; knowing them takes no key.
package struct PolicyHashes: Sendable {
    private let hashes: Set<Digest>

    /// - Precondition: the plan's policies were read.
    /// - Throws: ``PolicyError``.
    package init(_ plan: Plan) throws {
        self.hashes = Set(
            try plan.nodes.filter { $0.uses == redactDescriptor.name }
                .map { try redactionPolicy(of: $0).hash }
        )
    }

    /// Identifies the policies, for the header of every segment; empty where nothing is redacted.
    var joined: String { self.hashes.map(\.hex).sorted().joined(separator: " ") }

    /// Whether a document was redacted by a policy that is not of this plan.
    package func isOutdated(_ policy: Digest?) -> Bool {
        policy.map { !self.hashes.contains($0) } ?? !self.hashes.isEmpty
    }
}

/// The redaction policies of a plan, as far as they concern what is made of clean documents.
package struct PlanPolicies: Sendable {
    /// Identifies the policies, for the header of every segment; empty where nothing is redacted.
    package let hash: String
    private let uriRedactors: [PolicyRedactor]

    /// - Throws: ``StageConstructionError`` for a key that is not there.
    package init(_ plan: Plan) throws {
        self.hash = try PolicyHashes(plan).joined
        self.uriRedactors = try plan.nodes.filter { node in
            try node.uses == redactDescriptor.name && redactionPolicy(of: node).redactsURIs
        }
        .map(makePolicyRedactor)
    }

    /// The URI as an index may show it.
    package func shownURI(_ uri: String, source: String, language: String) -> String {
        self.uriRedactors.reduce(uri) { uri, redactor in
            redactor.redactURI(uri, source: source, language: language).uri
        }
    }
}
