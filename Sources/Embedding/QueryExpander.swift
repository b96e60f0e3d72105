internal import Foundation

/// Which model expands the texts of an index, as the index keeps it.
package struct ExpanderReference: Hashable, Sendable, Codable {
    /// A name of the store, or an absolute path of a folder.
    package var model: String
    /// The identity of its tokeniser: queries must be cut as the texts were.
    package var tokenizer: String

    package init(model: String, tokenizer: String) {
        self.model = model
        self.tokenizer = tokenizer
    }

    /// As an index keeps it.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    package init?(json: String) {
        guard let found = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
            return nil
        }
        self = found
    }
}

/// Cuts queries into the pieces that expanded texts are found by; no weights are read.
package final class QueryExpander: Sendable {
    package let reference: ExpanderReference
    private let tokenizer: any TextTokenizer
    private let pieces: [[UInt8]]

    /// - Throws: ``EmbeddingError``, as ``ModelStore``'s `load`.
    init(model: String, folder path: String) throws {
        self.tokenizer = try ModelFolder(path: path).tokenizer().tokenizer
        self.pieces = try expansionPieces(ofModel: path)
        self.reference = ExpanderReference(model: model, tokenizer: self.tokenizer.identity)
    }

    /// The query's pieces with how often each occurs, by ascending bytes.
    package func terms(of text: String) -> [(piece: [UInt8], count: Int)] {
        var counts: [[UInt8]: Int] = [:]
        for id in self.tokenizer.ids(of: Array(text.utf8)) where Int(id) < self.pieces.count {
            let piece = self.pieces[Int(id)]
            if !piece.isEmpty { counts[piece, default: 0] += 1 }
        }
        return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
    }
}
