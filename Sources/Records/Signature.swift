/// What dedupe keeps of a document: enough to say with which others it has to be compared, by their texts.
///
/// - Source: MinHash, Broder 1997; 126 hashes read as 21 bands of 6 rows.
package struct Signature: Hashable, Sendable {
    package static let hashCount = 126
    package static let bandCount = 21
    package static let rowsPerBand = 6

    /// SHA-256 of the normalised tokens and the signs between them: equal for documents that differ in
    /// case, punctuation and space only.
    package var exact: Digest
    /// Under which others are found that it has to be compared with, as ``BandKey`` stores them; empty when
    /// the document has no tokens.
    package var bandKeys: [UInt64]
    /// Hash of the document's numbers, signs, negations and number words in their order.
    ///
    /// Documents of which it differs differ in a fact; the converse does not hold.
    package var facts: UInt64

    package init(exact: Digest, bandKeys: [UInt64], facts: UInt64 = 0) {
        self.exact = exact
        self.bandKeys = bandKeys
        self.facts = facts
    }

    /// - Parameter minimums: of each of the 126 hash functions over the document's shingles; none when it
    ///   has no tokens.
    package init(exact: Digest, minimums: [UInt32], facts: UInt64 = 0) {
        let keys = BandKey.stored(BandKey.whole(ofMinimums: minimums))
        self.init(exact: exact, bandKeys: keys, facts: facts)
    }
}
