internal import Hashing
package import Records

/// Computes dedupe signatures, one document after another, in reused buffers.
///
/// Keep one for each thread: a builder learns the Unicode pages it meets.
package struct SignatureBuilder {
    /// Goes up when the same text may give another signature.
    package static let revision = 3

    /// Buffers beyond this are given back after the document that needed them.
    private static let retainedBytes = 16 << 20

    private var tokens = NormalisedTokens()
    private var shingles: [UInt32] = []
    private var scratch: [UInt32] = []

    package init() {}

    /// The signature of a document's clean text.
    ///
    /// Tokens are runs of letters, numbers and `_` of the lower-cased text. Shingles are five
    /// consecutive tokens; a document of one to four tokens has one shingle, of none, none.
    ///
    /// - Input: UTF-8; a malformed byte separates tokens.
    /// - Output: the digest of the tokens joined by one space and of the signs between them, 21 band
    ///   keys of 126 minimums over all distinct shingles, and the hash of the facts that need no context.
    /// - Complexity: O(text).
    package mutating func signature(of text: UnsafeBufferPointer<UInt8>) -> Signature {
        defer { self.releaseLargeBuffers() }
        return self.sign(text)
    }

    /// The signature and ``shingles(of:)`` of a text that is read once.
    package mutating func signatureAndShingles(
        of text: UnsafeBufferPointer<UInt8>
    ) -> (signature: Signature, shingles: [UInt32]) {
        defer { self.releaseLargeBuffers() }
        return (self.sign(text), self.keptShingles)
    }

    private mutating func sign(_ text: UnsafeBufferPointer<UInt8>) -> Signature {
        let facts = self.readShingles(of: text)
        let byteCount = self.tokens.appendSigns()
        let exact = self.tokens.storage.withUnsafeBytes { storage in
            sha256(UnsafeRawBufferPointer(rebasing: storage.prefix(byteCount)))
        }
        return Signature(
            exact: exact,
            minimums: MinHash.minimums(of: self.shingles),
            facts: facts
        )
    }

    /// The distinct 32-bit hashes of the text's shingles, ascending, at most ``shingleLimit``: what two documents
    /// are compared by.
    ///
    /// - Complexity: O(text).
    package mutating func shingles(of text: UnsafeBufferPointer<UInt8>) -> [UInt32] {
        defer { self.releaseLargeBuffers() }
        _ = self.readShingles(of: text)
        return self.keptShingles
    }

    /// A copy of exactly the size needed; the builder keeps its roomy buffer.
    private var keptShingles: [UInt32] { Array(self.shingles.prefix(shingleLimit)) }

    /// Reads tokens and distinct shingles, ascending; gives the hash of the facts.
    private mutating func readShingles(of text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        self.tokens.read(text)
        let facts = self.tokens.hashShingles(into: &self.shingles)
        radixSort(&self.shingles, scratch: &self.scratch)
        removeRepeats(&self.shingles)
        return facts
    }

    private mutating func releaseLargeBuffers() {
        self.tokens.releaseLargeStorage(over: Self.retainedBytes)
        if self.shingles.capacity > Self.retainedBytes / 4 { self.shingles = [] }
        if self.scratch.capacity > Self.retainedBytes / 4 { self.scratch = [] }
    }
}
