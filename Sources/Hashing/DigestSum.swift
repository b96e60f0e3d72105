package import Records

/// A sum of digests modulo 2^256: the same whatever the order they are added in.
///
/// Used for logical digests of sets whose parts are visited shard by shard.
package struct DigestSum: Hashable, Sendable {
    package private(set) var value: Digest

    package init(_ value: Digest = .zero) { self.value = value }

    package mutating func add(_ digest: Digest) {
        var carry: UInt64 = 0
        func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (first, overflow) = left.addingReportingOverflow(right)
            let (second, overflowWithCarry) = first.addingReportingOverflow(carry)
            carry = overflow || overflowWithCarry ? 1 : 0
            return second
        }
        let word3 = sum(self.value.word3, digest.word3)
        let word2 = sum(self.value.word2, digest.word2)
        let word1 = sum(self.value.word1, digest.word1)
        let word0 = sum(self.value.word0, digest.word0)
        self.value = Digest(word0, word1, word2, word3)
    }
    /// The inverse of ``add(_:)``.
    package mutating func subtract(_ digest: Digest) {
        var borrow: UInt64 = 0
        func difference(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (first, underflow) = left.subtractingReportingOverflow(right)
            let (second, underflowWithBorrow) = first.subtractingReportingOverflow(borrow)
            borrow = underflow || underflowWithBorrow ? 1 : 0
            return second
        }
        let word3 = difference(self.value.word3, digest.word3)
        let word2 = difference(self.value.word2, digest.word2)
        let word1 = difference(self.value.word1, digest.word1)
        let word0 = difference(self.value.word0, digest.word0)
        self.value = Digest(word0, word1, word2, word3)
    }
}
