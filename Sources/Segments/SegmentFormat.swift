internal import Records

/// The constants of segment format version 5 and of those before it; `SegmentFormat.md` has the whole layout.
package enum SegmentFormat {
    /// As in PNG: a byte over 127, the name, and line ends that a text transfer would change.
    static let magic: [UInt8] = [0x89, 0x4D, 0x52, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
    static let endMagic: [UInt8] = Array("MRS-END\n".utf8)
    /// What is written.
    package static let version: UInt32 = 5
    /// Files of it and of all since are read as they are.
    package static let oldestVersion: UInt32 = 2
    /// The first whose long lists are in packed blocks and whose terms have positions; documents have dates since.
    static let packedVersion: UInt32 = 5
    package static let fileExtension = ".mrs"

    static let headerByteCount = 128
    static let sectionEntryByteCount = 24
    static let footerByteCount = 48
    static let alignment = 64
    static let documentRowByteCount = 48
    static let chunkRowByteCount = 84

    /// Uncompressed bytes of a text block: a hit costs one or two, and the ratio is near the best.
    static let textBlockByteCount = 1 << 16
    /// Measured on documentation and abstracts, zlib 1.2.13: level 1 is three to four times as fast
    /// as level 6 (97 against 30 MB/s) for a sixth more bytes (.343 against .289).
    static let deflateLevel = 1
    static let termsPerBlock = 64
    /// A list of fewer is not packed.
    static let postingsPerBlock = 128
    /// The date of a document without one.
    static let noDate = Int64.min
    /// The revision of `Rotation` and `BinaryQuantiser`.
    static let codeRevision: UInt32 = 1
    /// Far above any model's, so that a damaged header cannot ask for much memory.
    package static let dimensionsMax = 1 << 16
    package static let termByteCountMax = 1 << 12

    /// The sections of a file of this version, in file order.
    static func sections(ofVersion version: UInt32) -> ArraySlice<Section> {
        switch version {
        case 2: Section.allCases.prefix(16)
        case 3: Section.allCases.prefix(19)
        case 4: Section.allCases.prefix(22)
        default: Section.allCases[...]
        }
    }

    /// Where the section table ends.
    static func tableEnd(ofVersion version: UInt32) -> Int {
        Self.headerByteCount
            + Self.sections(ofVersion: version).count * Self.sectionEntryByteCount
    }

    static func aligned(_ offset: Int) -> Int {
        (offset + Self.alignment - 1) / Self.alignment * Self.alignment
    }

    /// The parts of a file, in file order; all of its version are present, some may be empty.
    package enum Section: UInt32, CaseIterable, Sendable {
        case description = 1
        case documents
        case documentStrings
        case labels
        case headings
        case headingPaths
        case chunks
        case chunkLengths
        case textOffsets
        case text
        case vectors
        case codes
        case factors
        case termIndex
        case terms
        case postings
        case attributeIndex
        case attributes
        case attributePostings
        case expansionIndex
        case expansions
        case expansionPostings
        case positions
        case dates

        var position: Int { Int(self.rawValue) - 1 }

        package var name: String { String(describing: self) }
    }

    /// One row of the section table.
    struct SectionEntry: Hashable, Sendable {
        var checksum: UInt32
        var offset: Int
        var byteCount: Int

        var range: Range<Int> { self.offset..<self.offset + self.byteCount }
    }

    /// The fixed part of a file's beginning.
    struct Header: Hashable, Sendable {
        var version = SegmentFormat.version
        var fileByteCount = 0
        var dimensions = 0
        var vectorEncoding = VectorEncoding.none
        var codeWordCount = 0
        var analyzerRevision = 0
        var chunkCount = 0
        var documentCount = 0
        var termCount = 0
        /// Sum of the chunks' lengths in terms.
        var termOccurrenceCount = 0
        /// Uncompressed bytes of all chunks' texts.
        var textByteCount = 0
        var digest = Digest.zero
        /// Distinct attributes of documents.
        var attributeCount = 0
        /// Distinct terms of expansions; the description has it.
        var expansionCount = 0
    }
}
