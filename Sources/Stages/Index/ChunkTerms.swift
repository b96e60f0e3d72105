internal import Records
package import Segments
internal import Text

/// Makes the postings' input of chunks, reusing the analyzer's buffers.
package struct ChunkTermReader {
    package static let revision = TermAnalyzer.revision

    private var analyzer = TermAnalyzer()
    private var terms = TermCounts()
    private var joined: [UInt8] = []

    package init() {}

    /// The terms of a chunk with what stands above it, so that a word of a title finds what it is about.
    ///
    /// A title or heading that the chunk's own text has counts there only.
    ///
    /// - Parameter language: Of the document, as BCP 47 has it.
    package mutating func terms(
        of text: ArraySlice<UInt8>,
        title: String,
        headings: [String],
        language: String = LanguageResult.undetermined.language
    ) -> SegmentTerms {
        joinLines(title: title, headings: headings, above: text, into: &self.joined)
        return self.terms(of: self.joined[...], language: language)
    }

    /// The terms of one chunk's text with their counts.
    package mutating func terms(
        of text: ArraySlice<UInt8>,
        language: String = LanguageResult.undetermined.language
    ) -> SegmentTerms {
        let inflections = LightStemmer.of(language)
        text.withUnsafeBufferPointer {
            self.analyzer.analyze($0, in: inflections, into: &self.terms)
        }
        return SegmentTerms(
            bytes: self.terms.bytes,
            offsets: self.terms.offsets,
            counts: self.terms.counts,
            length: self.terms.length,
            positions: self.terms.positions
        )
    }
}
