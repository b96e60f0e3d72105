package import Records
internal import Segments
internal import Text

/// A question made of what a collection itself says, with the documents that it is for.
package struct SyntheticQuestion: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case title
        case heading
    }

    package let kind: Kind
    package let text: String
    /// Ascending.
    package let uris: [String]
}

extension Searcher {
    private static let questionWords = 2...12
    /// Choice: what more documents are called says of none of them what it is about.
    private static let sharingMax = 3

    /// Titles and headings of live documents as questions, at most `count`; the same of the same live chunks.
    ///
    /// - Complexity: O(chunks).
    package func questions(_ count: Int) throws -> [SyntheticQuestion] {
        var places: [String: Place] = [:]
        for reader in self.readers {
            for row in 0..<reader.segment.documentCount where reader.isLive(document: row) {
                try Self.note(row, of: reader.segment, in: &places)
            }
        }
        let questions = places.filter { $0.value.uris.count <= Self.sharingMax }
            .map { text, place in
                SyntheticQuestion(kind: place.kind, text: text, uris: place.uris.sorted())
            }
        return Array(
            questions.map { (mixed($0.text), $0) }
                .sorted { ($0.0, $0.1.text) < ($1.0, $1.1.text) }
                .prefix(count).map(\.1)
        )
    }

    private struct Place {
        var kind: SyntheticQuestion.Kind
        var uris: Set<String> = []
    }

    private static func note(
        _ row: Int,
        of segment: SegmentReader,
        in places: inout [String: Place]
    ) throws {
        let document = try segment.document(row)
        func add(_ text: String, _ kind: SyntheticQuestion.Kind) {
            let words = text.split(whereSeparator: \.isWhitespace)
            guard self.questionWords.contains(words.count), text.utf8.count <= 300 else { return }
            places[words.joined(separator: " "), default: Place(kind: kind)].uris
                .insert(document.uri)
        }
        add(document.title, .title)
        var paths: Set<Int> = []
        for chunk in try segment.documentRow(row).chunks {
            let path = try segment.chunkRow(chunk).headingPath
            guard paths.insert(path).inserted else { continue }
            for heading in try segment.headings(path) { add(heading, .heading) }
        }
    }

    /// Whether the words of a question are in a document, and no chunk of it has as many of them as all together.
    ///
    /// - Complexity: O(bytes of the document); its texts are read.
    package func splitsWords(of question: String, in id: DocumentID) throws -> Bool {
        var analyzer = TermAnalyzer()
        let asked = Set(QueryTerms(question, with: &analyzer).terms)
        for reader in self.readers {
            guard let row = try reader.segment.documentIndex(of: id), reader.isLive(document: row)
            else { continue }
            var (all, most) = (Set<[UInt8]>(), 0)
            for chunk in try reader.segment.documentRow(row).chunks {
                let text = try reader.segment.checkedText(of: reader.segment.chunkRow(chunk))
                // Question and text alike without a language: words are compared here, not ranked.
                let own = asked.intersection(
                    QueryTerms(bytes: Array(text), with: &analyzer).terms
                )
                all.formUnion(own)
                most = max(most, own.count)
            }
            return all.count > 1 && most < all.count
        }
        return false
    }
}

/// FNV-1a of a text, mixed: no order that a collection could have.
private func mixed(_ text: String) -> UInt64 {
    var word: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { word = (word ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    return word ^ (word >> 27)
}
