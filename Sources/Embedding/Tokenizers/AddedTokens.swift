/// Tokens that are found in a text before anything else is done with it.
///
/// - Source: Hugging Face tokenizers `added_vocabulary.rs`.
struct AddedTokens: Sendable {
    enum Part {
        case text(ArraySlice<UInt8>)
        case token(Int32)
    }

    private let tokens: [TokenizerJSON.AddedToken]
    /// Their bytes, by place in `tokens`.
    private let trie: PieceTrie

    init(_ tokens: [TokenizerJSON.AddedToken]) {
        self.tokens = tokens
        self.trie = PieceTrie(tokens.map(\.content))
    }

    func id(of piece: [UInt8]) -> Int32? {
        self.trie.id(of: piece[...]).map { self.tokens[Int($0)].id }
    }

    /// The text between tokens, and those: the leftmost, of several there the longest.
    func parts(of text: [UInt8]) -> [Part] {
        guard !text.isEmpty else { return [] }
        guard !self.tokens.isEmpty else { return [.text(text[...])] }
        var parts: [Part] = []
        var start = 0
        var place = 0
        while place < text.count {
            guard let token = self.longest(in: text, at: place) else {
                place += 1
                continue
            }
            var first = place
            var end = place + token.content.count
            if token.isSingleWord, isInWord(text, first, end) {
                place = end
                continue
            }
            if token.stripsLeft {
                while first > start, isSpace(before: first, in: text) {
                    first = characterStart(before: first, in: text)
                }
            }
            if token.stripsRight {
                while end < text.count, isSpace(at: end, in: text) {
                    end = min(text.count, end + utf8Length(text[end]))
                }
            }
            if first > start { parts.append(.text(text[start..<first])) }
            parts.append(.token(token.id))
            start = end
            place = end
        }
        if start < text.count { parts.append(.text(text[start...])) }
        return parts
    }

    private func longest(in text: [UInt8], at place: Int) -> TokenizerJSON.AddedToken? {
        var longest: Int32?
        self.trie.visitPrefixes(of: text, from: place) { _, token in longest = token }
        return longest.map { self.tokens[Int($0)] }
    }
}

private func characterStart(before place: Int, in text: [UInt8]) -> Int {
    var start = place - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start
}

private func scalar(at place: Int, in text: [UInt8]) -> Unicode.Scalar? {
    guard place < text.count else { return nil }
    let end = min(text.count, place + utf8Length(text[place]))
    return String(decoding: text[place..<end], as: UTF8.self).unicodeScalars.first
}

private func isSpace(at place: Int, in text: [UInt8]) -> Bool {
    scalar(at: place, in: text)?.properties.isWhitespace == true
}

private func isSpace(before place: Int, in text: [UInt8]) -> Bool {
    place > 0 && isSpace(at: characterStart(before: place, in: text), in: text)
}

/// Whether a letter, digit or underscore touches the range.
private func isInWord(_ text: [UInt8], _ start: Int, _ end: Int) -> Bool {
    func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return scalar == "_" || scalar.properties.isAlphabetic
            || scalar.properties.numericType != nil
    }
    let before = start > 0 ? scalar(at: characterStart(before: start, in: text), in: text) : nil
    return isWord(before) || isWord(scalar(at: end, in: text))
}
