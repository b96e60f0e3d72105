package import Segments
internal import Text

/// Makes the postings' input of chunks, reusing the analyzer's buffers.
package struct ChunkTermReader {
    package static let revision = TermAnalyzer.revision

    private var analyzer = TermAnalyzer()
    private var terms = TermCounts()

    package init() {}

    /// The terms of one chunk's text with their counts.
    package mutating func terms(of text: ArraySlice<UInt8>) -> SegmentTerms {
        text.withUnsafeBufferPointer { self.analyzer.analyze($0, into: &self.terms) }
        return SegmentTerms(
            bytes: self.terms.bytes,
            offsets: self.terms.offsets,
            counts: self.terms.counts,
            length: self.terms.length
        )
    }
}
