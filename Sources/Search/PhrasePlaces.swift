internal import Segments
internal import Text

/// A quoted phrase by the places of its words: of the chunks with all of its words those that have them one after
/// the other, in whatever forms.
///
/// Whether they stand there as they were typed, and in one text or heading, only the texts say.
struct PhrasePlaces {
    struct Word {
        let position: UInt64
        /// Ascending.
        let forms: [[UInt8]]
    }

    /// Every chunk that the phrase stands in has one of the forms of each.
    ///
    /// Another spelling of a word need not be there.
    let words: [Word]

    /// - Parameter text: The phrase; where its script has no blanks, without any.
    init(_ text: [UInt8], in languages: [LightStemmer], with analyzer: inout TermAnalyzer) {
        self.words = analyzer.forms(of: text, in: languages).compactMap { word in
            guard let position = word.position else { return nil }
            let forms = Set(word.forms).sorted { $0.lexicographicallyPrecedes($1) }
            return Word(position: UInt64(position), forms: forms)
        }
    }

    /// Of `chunks` those that the phrase may stand in.
    ///
    /// - Precondition: the segment has positions.
    /// - Complexity: O(postings of the words + their positions in `chunks`).
    func holders(among chunks: ChunkMask, in reader: SegmentReader) throws -> ChunkMask {
        guard self.words.count > 1 else { return chunks }
        let entries = try self.words.map { word in
            try word.forms.compactMap { try reader.term($0) }
        }
        // The rarest word first: it leaves the fewest chunks whose positions are read.
        let order = entries.indices.sorted {
            let counts = (entries[$0].holderCount, entries[$1].holderCount)
            return counts.0 != counts.1 ? counts.0 < counts.1 : $0 < $1
        }
        var left = chunks
        var starts: [WordPlace]?
        for index in order {
            let found = try self.starts(
                of: self.words[index],
                entries[index],
                among: left,
                in: reader
            )
            let kept = starts.map { common($0, found) } ?? found
            starts = kept
            left = ChunkMask(chunkCount: reader.chunkCount)
            for start in kept { left.insert(Int(start >> 32)..<Int(start >> 32) + 1) }
        }
        return left
    }

    /// The same in a segment without positions, by what the texts of `chunks` say.
    ///
    /// - Complexity: O(bytes of these texts), each read and analysed.
    func holders(
        among chunks: ChunkMask,
        readingTextsOf reader: SegmentReader,
        with analyzer: inout TermAnalyzer
    ) throws -> ChunkMask {
        guard self.words.count > 1 else { return chunks }
        var left = ChunkMask(chunkCount: reader.chunkCount)
        var block = ExpandedTextBlock()
        var joined: [UInt8] = []
        var counted = TermCounts()
        for chunk in 0..<reader.chunkCount where chunks.contains(chunk) {
            let row = try reader.chunkRow(chunk)
            let document = try reader.document(row.document)
            joinLines(
                title: document.title,
                headings: try reader.headings(row.headingPath),
                above: try reader.checkedText(of: row, through: &block)[...],
                into: &joined
            )
            joined.withUnsafeBufferPointer {
                analyzer.analyze($0, in: LightStemmer.of(document.language), into: &counted)
            }
            if self.stands(in: counted) { left.insert(chunk..<chunk + 1) }
        }
        return left
    }

    /// Whether the words stand one after the other in a text of these terms.
    private func stands(in counted: TermCounts) -> Bool {
        var positions: [[UInt8]: ArraySlice<UInt32>] = [:]
        let wanted = Set(self.words.flatMap(\.forms))
        var start = 0
        for index in 0..<counted.termCount {
            let end = start + Int(counted.counts[index])
            let term = Array(counted.term(at: index))
            if wanted.contains(term) { positions[term] = counted.positions[start..<end] }
            start = end
        }
        var starts: Set<UInt64>?
        for word in self.words {
            let found = word.forms.flatMap { positions[$0] ?? [] }.map(UInt64.init)
                .filter { $0 >= word.position }.map { $0 - word.position }
            starts = starts?.intersection(found) ?? Set(found)
        }
        return starts.map { !$0.isEmpty } ?? false
    }

    /// Where the phrase begins if the word stands where it does, ascending.
    private func starts(
        of word: Word,
        _ entries: [SegmentTermEntry],
        among chunks: ChunkMask,
        in reader: SegmentReader
    ) throws -> [WordPlace] {
        var starts: [WordPlace] = []
        for entry in entries {
            for place in try reader.places(of: entry, in: chunks)
            where place & 0xFFFF_FFFF >= word.position {
                starts.append(place - word.position)
            }
        }
        return entries.count > 1 ? starts.sorted() : starts
    }
}

extension [SegmentTermEntry] {
    fileprivate var holderCount: Int { self.reduce(0) { $0 + $1.chunkCount } }
}

/// What two ascending lists have in common.
private func common(_ left: [WordPlace], _ right: [WordPlace]) -> [WordPlace] {
    var both: [WordPlace] = []
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
        if left[i] == right[j] { both.append(left[i]) }
        let (first, second) = (left[i], right[j])
        if first <= second { i += 1 }
        if second <= first { j += 1 }
    }
    return both
}
