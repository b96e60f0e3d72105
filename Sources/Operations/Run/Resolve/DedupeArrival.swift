internal import Manifests
internal import Records
internal import Text

/// A document that came or changed.
struct DedupeArrival {
    var id: DocumentID
    var isHeld: Bool
    var rank: PreferenceRank
    /// Equal for documents of equal tokens and signs.
    var exact: Digest
    /// Equal for equal `exact`.
    var facts: UInt64
    /// As ``BandKey`` stores them; equal for equal `exact`.
    var bandKeys: [UInt64]
}

extension DedupeArrival {
    /// Nil where the document is compared with no other.
    init?(_ document: UnresolvedDocument, _ rule: DedupeRule) {
        // Documents without words all look alike and are still no copies of each other.
        guard let row = document.signature, !row.bandKeys.isEmpty else { return nil }
        self.init(row, rule)
    }

    private init(_ row: SignatureRow, _ rule: DedupeRule) {
        let key = PreferenceKey(
            uri: row.uri,
            priority: row.priority,
            canonical: CanonicalRank(uri: row.uri, canonical: row.metadata["canonical"]),
            modified: row.metadata["modified"].flatMap(documentDate)
        )
        let separation = AccessSeparation(
            labels: row.labels,
            metadata: row.metadata,
            isAcross: rule.acrossLabels
        )
        self.init(
            id: row.id,
            isHeld: false,
            rank: PreferenceRank(key, by: rule.prefer),
            exact: separation.exact(row.exact),
            facts: row.facts,
            bandKeys: comparedKeys(row.bandKeys, rule.near).map(separation.bandKey)
        )
    }
}
