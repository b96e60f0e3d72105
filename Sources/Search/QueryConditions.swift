internal import Bytes
internal import Segments
internal import Text

/// What a chunk must hold and must not, whatever its rank.
///
/// Postings and positions say which chunks may fit: terms are stems, and a phrase must stand as it was typed. So
/// the texts of those that rank are read to say which do.
struct QueryConditions {
    private let phrasePlaces: [PhrasePlaces]
    /// Chunks with all words of one of these, each in one of its forms, do not fit.
    private let excluded: [PhrasePlaces]
    /// To be found in the words of the text, the title or a heading.
    private let phrases: [[UInt8]]
    private let excludedPhrases: [[UInt8]]
    private let fields: [(field: QueryText.Field, words: [UInt8])]

    init(_ query: QueryText, in languages: [LightStemmer], _ scratch: QueryScratch) {
        func parted(_ text: String) -> [UInt8] { scratch.plainWords.parted(Array(text.utf8)) }
        // As it was typed, signs and all, so that `C++` is no `c`; but a blank parts no words of a script without.
        func analysed(_ text: String) -> [UInt8] {
            let typed = Array(text.utf8)
            let joined = scratch.plainWords.joined(typed)
            return joined == scratch.plainWords.parted(typed) ? typed : joined
        }
        func places(_ text: String) -> PhrasePlaces {
            PhrasePlaces(analysed(text), in: languages, with: &scratch.analyzer)
        }
        self.phrasePlaces = query.phrases.map(places)
        self.phrases = query.phrases.map(parted).filter { !$0.isEmpty }
        self.fields = query.fields.map { ($0.field, parted($0.words)) }
        var excluded: [PhrasePlaces] = []
        var excludedPhrases: [[UInt8]] = []
        for text in query.excluded {
            let words = parted(text)
            // One word is excluded in all its forms, several as they stand.
            if words.count(where: { $0 == UInt8(ascii: " ") }) > 2 {
                excludedPhrases.append(words)
            } else if !words.isEmpty {
                excluded.append(places(text))
            }
        }
        self.excluded = excluded
        self.excludedPhrases = excludedPhrases
    }

    /// Whether a chunk that the postings leave may still not fit.
    var readsTexts: Bool { !(self.phrases.isEmpty && self.excludedPhrases.isEmpty) }

    /// Of `selected` (nil for all) the chunks that may fit.
    ///
    /// - Parameter isJoined: Whether rankings are joined by how good their chunks are: then those that positions leave
    ///   out may take part in none, whether the file has positions or not.
    /// - Complexity: the postings of the terms; O(documents) for titles, O(chunks) for headings. Where rankings are
    ///   joined, a file without positions has the texts read that hold all words of a phrase.
    func narrow(
        _ selected: ChunkMask?,
        isJoined: Bool,
        in reader: SegmentReader,
        _ scratch: QueryScratch
    ) throws -> ChunkMask? {
        let hasWords = self.phrasePlaces.contains { !$0.words.isEmpty }
        guard hasWords || !self.excluded.isEmpty || !self.fields.isEmpty else { return selected }
        var left = selected ?? ChunkMask(allOf: reader.chunkCount)
        for phrase in self.phrasePlaces {
            left.formIntersection(try Self.holders(of: phrase, in: reader))
        }
        for phrase in self.excluded where !phrase.words.isEmpty {
            left.subtract(try Self.holders(of: phrase, in: reader))
        }
        for (field, words) in self.fields {
            let chunks =
                switch field {
                case .title: try Self.chunks(titled: words, in: reader, scratch)
                case .heading: try Self.chunks(under: words, in: reader, scratch)
                }
            left.formIntersection(chunks)
        }
        for phrase in self.phrasePlaces {
            if reader.hasPositions {
                left = try phrase.holders(among: left, in: reader)
            } else if isJoined {
                left = try phrase.holders(
                    among: left,
                    readingTextsOf: reader,
                    with: &scratch.analyzer
                )
            }
        }
        return left
    }

    /// The chunks of documents whose titles have the words.
    private static func chunks(
        titled words: [UInt8],
        in reader: SegmentReader,
        _ scratch: QueryScratch
    ) throws -> ChunkMask {
        var chunks = ChunkMask(chunkCount: reader.chunkCount)
        for index in 0..<reader.documentCount {
            let title = scratch.plainWords.parted(try reader.title(ofDocument: index))
            guard title.firstRange(of: words) != nil else { continue }
            chunks.insert(try reader.documentRow(index).chunks)
        }
        return chunks
    }

    /// The chunks one of whose headings has the words.
    private static func chunks(
        under words: [UInt8],
        in reader: SegmentReader,
        _ scratch: QueryScratch
    ) throws -> ChunkMask {
        let fits = try (0..<reader.headingPathCount).map { path in
            try reader.headings(path).contains {
                scratch.plainWords.parted(Array($0.utf8)).firstRange(of: words) != nil
            }
        }
        var chunks = ChunkMask(chunkCount: reader.chunkCount)
        for index in 0..<reader.chunkCount {
            let path = reader.headingPath(ofChunk: index)
            if path < fits.count, fits[path] { chunks.insert(index..<index + 1) }
        }
        return chunks
    }

    /// The chunks with all of the words, each in one of its forms.
    private static func holders(
        of phrase: PhrasePlaces,
        in reader: SegmentReader
    ) throws -> ChunkMask {
        var holders = ChunkMask(allOf: reader.chunkCount)
        var postings = SegmentPostings()
        for forms in Set(phrase.words.map(\.forms)) {
            var ofWord = ChunkMask(chunkCount: reader.chunkCount)
            for form in forms {
                guard let entry = try reader.term(form) else { continue }
                try reader.postings(of: entry, into: &postings)
                for chunk in postings.chunks { ofWord.insert(Int(chunk)..<Int(chunk) + 1) }
            }
            holders.formIntersection(ofWord)
        }
        return holders
    }

    /// Whether the chunk fits, by its text, title and headings.
    func hold(of chunk: Int, in reader: SegmentReader, _ scratch: QueryScratch) throws -> Bool {
        guard self.readsTexts else { return true }
        let row = try reader.chunkRow(chunk)
        func words(_ text: [UInt8]) -> [UInt8] { scratch.plainWords.parted(text) }
        let title = words(Array(try reader.document(row.document).title.utf8))
        let headings = try reader.headings(row.headingPath).map { words(Array($0.utf8)) }
        let places = [words(try reader.checkedText(of: row)), title] + headings
        func stands(_ phrase: [UInt8]) -> Bool {
            places.contains { $0.firstRange(of: phrase) != nil }
        }
        return self.phrases.allSatisfy(stands) && !self.excludedPhrases.contains(where: stands)
    }
}
