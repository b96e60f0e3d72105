internal import Bytes

/// Turns the text of a chunk or a query into the terms that BM25 counts.
///
/// A term is a lower-cased run of letters, numbers, `_` and marks, its letters as ``LatinFolding`` has
/// them. Words of three or more ASCII letters are stemmed as English; in a text of a language that a
/// ``LightStemmer`` knows, words of letters are stemmed by it and begin with the language's code, `de:strass`.
/// Scripts written without spaces give each pair of neighbouring scalars, Hangul whole words. No word
/// is left out, so that lengths are true. Words that people spell in several ways have their other
/// spellings as terms beside them, which the length does not count: `TermAnalyzer+Forms.swift`.
///
/// An analyzer works for one thread at a time and learns the words it meets; keep one for each.
package struct TermAnalyzer {
    /// Goes up when the same text may give other terms: postings of two revisions do not mix.
    package static let revision = 4

    /// The revisions whose terms a query of this one finds: what 4 added are stems by language and more spellings.
    package static let readRevisions = Self.oldestRevision...Self.revision
    private static let oldestRevision = 3

    /// The most bytes of one term; what goes beyond is dropped between two scalars.
    package static let termByteLimit = 64

    /// Shorter words are the same in all languages: `EU`, `km`.
    private static let inflectedByteMin = 3

    var scalars = WordScalars()
    private var stemmer = EnglishStemmer()
    var table = TermTable()
    private let folding = LatinFolding()
    private let wordBytes = NormalisedTokens.makeWordBytes()
    /// That of the text being read.
    private(set) var inflections: LightStemmer?
    /// The terms in the order of the text, where somebody asked for it.
    private var sequence: [SequencedTerm]?
    /// Then every language has the same number of terms.
    var isSequenced: Bool { self.sequence != nil }

    package init() {}

    /// Replaces `terms` by the terms of `text`.
    ///
    /// - Input: UTF-8; a malformed byte separates words.
    /// - Parameter inflections: Those of the text's language; nil for English and for languages without.
    /// - Complexity: O(text) and a sort of the distinct terms.
    package mutating func analyze(
        _ text: UnsafeBufferPointer<UInt8>,
        in inflections: LightStemmer? = nil,
        into terms: inout TermCounts
    ) {
        self.read(text, in: inflections)
        self.table.move(to: &terms)
    }

    /// Adds the terms of `text` to the table.
    mutating func read(_ text: UnsafeBufferPointer<UInt8>, in inflections: LightStemmer?) {
        self.inflections = inflections
        // Room to load 16 bytes from any place of a term.
        let capacity = Self.termByteLimit + PackedTerm.byteCount
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * capacity) { buffer in
            guard let bytes = buffer.baseAddress else { return }
            bytes.update(repeating: 0, count: 2 * capacity)
            var word = WordBuffer(bytes: bytes)
            var form = WordForm(buffer: WordBuffer(bytes: bytes + capacity))
            self.wordBytes.withUnsafeBufferPointer { wordBytes in
                self.scan(text, wordBytes, &word, &form)
            }
        }
    }

    /// The terms of a text in its order, repeated ones again.
    ///
    /// Their number is the same in all languages: the same place is the same word, as each of them has it.
    package mutating func sequence(
        of text: [UInt8],
        in inflections: LightStemmer? = nil
    ) -> [SequencedTerm] {
        self.sequence = []
        text.withUnsafeBufferPointer { self.read($0, in: inflections) }
        self.table.removeAll()
        defer { self.sequence = nil }
        return self.sequence ?? []
    }

    /// The words of a text in its order, each as no language and then as each of `languages` has it.
    ///
    /// As ``sequence(of:in:)`` of each would say, by one reading of the text.
    package mutating func forms(of text: [UInt8], in languages: [LightStemmer]) -> [SequencedForms]
    {
        self.sequence(of: text).map { term in
            let others = languages.map { language in
                term.word.flatMap { Self.stem($0, in: language) } ?? term.bytes
            }
            return SequencedForms(position: term.position, forms: [term.bytes] + others)
        }
    }

    /// The language's stem of a word that it may take inflections off; nil for one too long.
    private static func stem(_ word: [UInt8], in language: LightStemmer) -> [UInt8]? {
        guard word.count + language.prefix.count <= Self.termByteLimit else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Self.termByteLimit) { bytes, count in
            guard let target = bytes.baseAddress else { return }
            target.initialize(repeating: 0, count: Self.termByteLimit)
            target.update(from: word, count: word.count)
            count = language.name(target, count: word.count)
        }
    }

    private mutating func scan(
        _ text: UnsafeBufferPointer<UInt8>,
        _ wordBytes: UnsafeBufferPointer<UInt8>,
        _ word: inout WordBuffer,
        _ form: inout WordForm
    ) {
        guard let source = text.baseAddress, let table = wordBytes.baseAddress else { return }
        var pair = ScalarPair()
        var offset = 0
        while offset < text.count {
            let byte = table[Int(source[offset])]
            if byte == 0 {
                self.endRun(&pair, &word)
                if WordForm.isSign(source[offset]) {
                    offset = self.endWord(atSign: offset, of: text, table, &word, &form)
                } else {
                    if WordForm.isSeparator(source[offset]), word.isDigits {
                        self.addGroupedNumber(at: offset, of: text, &form)
                    }
                    self.endWord(at: offset, of: text, table, &word, &form)
                    offset &+= 1
                }
            } else if byte != NormalisedTokens.nonASCII {
                self.endRun(&pair, &word)
                if word.count == 0 { form.wordStart = offset }
                let run = word.appendRun(source, from: offset, to: text.count, table)
                if run.hasMarks { self.addParts(of: text, offset..<run.end, table, &form) }
                offset = run.end
            } else {
                let (codePoint, length) = decodeUTF8(text, at: offset)
                if WordForm.isHyphen(codePoint) {
                    self.endRun(&pair, &word)
                    self.endWord(atJoint: offset, length, of: text, table, &word, &form)
                } else {
                    let entry = self.scalars.entry(of: codePoint)
                    if word.count == 0 { form.wordStart = offset }
                    if entry.isUnspaced || !(entry.isWord || entry.isMark) {
                        self.endWord(at: offset, of: text, table, &word, &form)
                    } else if WordForm.umlaut(codePoint) != nil {
                        form.hasUmlaut = true
                    }
                    self.add(entry, codePoint ?? 0, &pair, &word)
                }
                offset &+= length
            }
        }
        self.endWord(at: offset, of: text, table, &word, &form)
        self.endRun(&pair, &word)
    }

    private mutating func add(
        _ entry: WordScalars.Entry,
        _ codePoint: UInt32,
        _ pair: inout ScalarPair,
        _ word: inout WordBuffer
    ) {
        guard entry.isWord || entry.isMark else {
            self.endRun(&pair, &word)
            return
        }
        if entry.isUnspaced {
            self.addPaired(codePoint, &pair, &word)
            return
        }
        self.endRun(&pair, &word)
        self.append(entry, codePoint, to: &word)
    }

    /// Appends a scalar of a word, lower-cased and folded.
    func append(_ entry: WordScalars.Entry, _ codePoint: UInt32, to word: inout WordBuffer) {
        if entry.isMark {
            // A mark alone is no word; on Latin, Greek and Cyrillic it is a diacritic.
            if word.count > 0, !LatinFolding.isDropped(codePoint) { word.append(scalar: codePoint) }
        } else if codePoint == 0x130 {
            word.append(UInt8(ascii: "i"))
        } else if let letters = self.folding.letters(of: entry.lowercase) {
            word.append(letters.first)
            if letters.second != 0 { word.append(letters.second) }
            if letters.third != 0 { word.append(letters.third) }
        } else if codePoint != 0x640 {
            // All but the stroke that makes Arabic words longer.
            word.append(scalar: LatinFolding.plain(entry.lowercase))
        }
    }

    /// Counts what `spelling` holds as a term that the length of the text does not count.
    mutating func addUncounted(_ spelling: inout WordBuffer) {
        guard spelling.count > 0 else { return }
        let length = self.table.length
        self.endWord(&spelling)
        self.table.length = length
        if let last = self.sequence?.indices.last { self.sequence?[last].position = nil }
    }

    mutating func endWord(_ word: inout WordBuffer) {
        guard word.count > 0 else { return }
        defer { word.removeAll() }
        if self.inflections != nil || self.sequence != nil { return self.endWordSlowly(&word) }
        if word.count > PackedTerm.byteCount {
            if word.isLetters {
                word.count = self.stemmer.stemInPlace(word.bytes, count: word.count)
            }
            self.addTerm(of: word)
            return
        }
        let packed = PackedTerm(word.bytes, count: word.count)
        if word.isLetters, word.count >= 3 {
            let stem = self.stemmer.stem(packed, word.bytes, count: word.count)
            self.table.add(stem.packed, count: stem.byteCount)
        } else {
            self.table.add(packed, count: word.count)
        }
    }

    /// Ends a word of a text whose language has inflections of its own, or of one whose order is asked for.
    @inline(never)
    private mutating func endWordSlowly(_ word: inout WordBuffer) {
        let isInflected = word.isOfLetters && word.count >= Self.inflectedByteMin
        let whole = isInflected && self.isSequenced ? word.copied : nil
        if let inflections = self.inflections, isInflected,
            word.count + inflections.prefix.count <= Self.termByteLimit
        {
            word.count = inflections.name(word.bytes, count: word.count)
        } else if word.isLetters, word.count >= 3 {
            word.count = self.stemmer.stemInPlace(word.bytes, count: word.count)
        }
        self.sequence?.append(
            SequencedTerm(bytes: word.copied, word: whole, position: self.table.length)
        )
        self.addTerm(of: word)
    }

    /// Counts what the word holds as it stands.
    private mutating func addTerm(of word: WordBuffer) {
        let packed = PackedTerm(word.bytes, count: word.count)
        if word.count > PackedTerm.byteCount {
            let bytes = UnsafeBufferPointer(start: word.bytes, count: word.count)
            self.table.add(bytes, packed)
        } else {
            self.table.add(packed, count: word.count)
        }
    }

    /// Adds the pair of the last scalar of the run and this one.
    private mutating func addPaired(
        _ codePoint: UInt32,
        _ pair: inout ScalarPair,
        _ word: inout WordBuffer
    ) {
        if pair.last != 0 {
            word.append(scalar: pair.last)
            word.append(scalar: codePoint)
            self.endWord(&word)
            pair.isPaired = true
        }
        pair.last = codePoint
    }

    /// Ends a run of unspaced script; one scalar alone is a term.
    @inline(__always)
    private mutating func endRun(_ pair: inout ScalarPair, _ word: inout WordBuffer) {
        guard pair.last != 0 else { return }
        if !pair.isPaired {
            word.append(scalar: pair.last)
            self.endWord(&word)
        }
        pair = ScalarPair()
    }
}

/// A term of a text whose order is asked for.
package struct SequencedTerm: Hashable, Sendable {
    package let bytes: [UInt8]
    /// The word without its stem, where languages take inflections off it; nil for others.
    fileprivate let word: [UInt8]?
    /// Which word of the text it is, counted from 0; nil for another spelling, which the length does not count.
    package fileprivate(set) var position: Int?
}

/// A word of a text as several languages have it.
package struct SequencedForms: Hashable, Sendable {
    /// Which word of the text it is, counted from 0; nil for another spelling, which the length does not count.
    package let position: Int?
    /// As no language has it, and then as each.
    package let forms: [[UInt8]]
}

/// A run of unspaced script so far.
struct ScalarPair {
    /// The last scalar; 0 outside runs.
    var last: UInt32 = 0
    var isPaired = false
}
