/// What a person typed, taken apart.
///
/// `"quoted phrases"` must stand in the chunk, its title or its headings as they are written; `-word` and
/// `-"some words"` must not; `title:word` must be a word of the document's title, `heading:word` of the
/// headings above the chunk (`title:"some words"` for several). All other words rank. A quotation mark
/// that is not closed, a sign before a number or alone, and any other `name:` are words like all others.
package struct QueryText: Hashable, Sendable {
    package enum Field: String, Hashable, Sendable, CaseIterable {
        case title
        case heading
    }

    package struct FieldWords: Hashable, Sendable {
        package let field: Field
        package let words: String
    }

    /// What ranks: the bare words, and those of phrases and fields.
    package private(set) var words: String
    package private(set) var phrases: [String] = []
    package private(set) var excluded: [String] = []
    package private(set) var fields: [FieldWords] = []

    /// Takes the text as words and nothing else.
    package init(plain text: String) { self.words = text }

    package init(parsing text: String) {
        self.words = ""
        var ranking: [Substring] = []
        var rest = text[...]
        while let start = rest.firstIndex(where: { !$0.isWhitespace }) {
            rest = rest[start...]
            let token = Token(takingFrom: &rest)
            guard !token.isExcluded else {
                self.excluded.append(String(token.words))
                continue
            }
            ranking.append(token.words)
            if let field = token.field {
                self.fields.append(FieldWords(field: field, words: String(token.words)))
            } else if token.isQuoted {
                self.phrases.append(String(token.words))
            }
        }
        // As it was typed where nothing in it is more than words.
        let isPlain = self.excluded.isEmpty && self.fields.isEmpty && self.phrases.isEmpty
        self.words = isPlain ? text : ranking.joined(separator: " ")
    }

    /// Whether it asks for more than words.
    package var hasConditions: Bool {
        !(self.phrases.isEmpty && self.excluded.isEmpty && self.fields.isEmpty)
    }
}

/// One word or quotation with what stands before it.
private struct Token {
    var words: Substring = ""
    var isQuoted = false
    var isExcluded = false
    var field: QueryText.Field?

    /// - Precondition: `rest` does not start with white space.
    init(takingFrom rest: inout Substring) {
        var body = rest
        if body.first == "-", let next = body.dropFirst().first, next.isLetter || next.isQuote {
            self.isExcluded = true
            body = body.dropFirst()
        }
        for field in QueryText.Field.allCases where !self.isExcluded {
            let mark = field.rawValue + ":"
            guard body.hasPrefix(mark), let next = body.dropFirst(mark.count).first,
                !next.isWhitespace
            else { continue }
            self.field = field
            body = body.dropFirst(mark.count)
        }
        if body.first?.isQuote == true, let close = body.dropFirst().firstIndex(where: \.isQuote),
            body[body.index(after: body.startIndex)..<close].contains(where: {
                $0.isLetter || $0.isNumber
            })
        {
            self.words = body[body.index(after: body.startIndex)..<close]
            self.isQuoted = true
            rest = body[body.index(after: close)...]
            return
        }
        let end = body.firstIndex(where: \.isWhitespace) ?? body.endIndex
        self.words = body[..<end]
        rest = body[end...]
    }
}

extension Character {
    fileprivate var isQuote: Bool {
        self == "\"" || self == "\u{201C}" || self == "\u{201D}" || self == "\u{201E}"
    }
}
