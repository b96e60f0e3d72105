/// Steps that cut a normalised text before a model sees it, each as Hugging Face tokenizers does it.
enum PreTokenizerStep: Sendable {
    enum PrependScheme: String, Sendable {
        case always
        case first
        case never
    }

    /// At white space, which is dropped.
    case whitespaceSplit
    /// Blanks become `replacement`, which begins each piece.
    case metaspace(replacement: String, prepend: PrependScheme, splits: Bool)
    /// The words of GPT-2, as bytes.
    case byteLevel(prependsSpace: Bool, usesPattern: Bool)

    /// - Parameter isFirst: whether the piece begins the text.
    func apply(_ piece: String, isFirst: Bool) -> [String] {
        switch self {
        case .whitespaceSplit:
            return piece.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }
        case .metaspace(let replacement, let prepend, let splits):
            var text = String(
                decoding: piece.utf8.flatMap { $0 == 0x20 ? Array(replacement.utf8) : [$0] },
                as: UTF8.self
            )
            let isPrepended =
                prepend == .always && !text.utf8.starts(with: replacement.utf8)
                || prepend == .first && isFirst && !text.utf8.starts(with: replacement.utf8)
            if isPrepended, !text.isEmpty { text = replacement + text }
            return splits ? Self.pieces(of: text, beginningWith: replacement) : [text]
        case .byteLevel(let prependsSpace, let usesPattern):
            var text = piece
            if prependsSpace, text.utf8.first != 0x20, !text.isEmpty { text = " " + text }
            return usesPattern ? gpt2Words(text) : [text]
        }
    }

    /// Cuts before each `mark`.
    private static func pieces(of text: String, beginningWith mark: String) -> [String] {
        let bytes = Array(text.utf8)
        let wanted = Array(mark.utf8)
        guard !wanted.isEmpty else { return [text] }
        var pieces: [String] = []
        var start = 0
        var place = 0
        while place < bytes.count {
            guard bytes[place] == wanted[0], bytes[place...].starts(with: wanted) else {
                place += 1
                continue
            }
            if place > start {
                pieces.append(String(decoding: bytes[start..<place], as: UTF8.self))
            }
            start = place
            place += wanted.count
        }
        if start < bytes.count { pieces.append(String(decoding: bytes[start...], as: UTF8.self)) }
        return pieces
    }
}

private enum WordClass {
    case space
    case letter
    case number
    case other

    init(_ scalar: Unicode.Scalar) {
        let properties = scalar.properties
        if properties.isWhitespace {
            self = .space
            return
        }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        default: self = .other
        }
    }
}

/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, match by match.
///
/// - Source: openai/gpt-2 `encoder.py`.
func gpt2Words(_ text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    let classes = scalars.map(WordClass.init)
    var words: [String] = []
    var place = 0
    while place < scalars.count {
        let end = wordEnd(scalars, classes, from: place)
        var word = String.UnicodeScalarView()
        word.append(contentsOf: scalars[place..<end])
        words.append(String(word))
        place = end
    }
    return words
}

private func wordEnd(
    _ scalars: [Unicode.Scalar],
    _ classes: [WordClass],
    from start: Int
) -> Int {
    if scalars[start] == "'" {
        let rest = scalars[(start + 1)...].prefix(2)
        if let first = rest.first, ["s", "t", "m", "d"].contains(first) { return start + 2 }
        let two = Array(rest)
        if two == ["r", "e"] || two == ["v", "e"] || two == ["l", "l"] { return start + 3 }
    }
    var first = start
    if scalars[start] == " ", start + 1 < scalars.count, classes[start + 1] != .space {
        first = start + 1
    }
    var end = first
    while end < scalars.count, classes[end] == classes[first] { end += 1 }
    guard classes[first] == .space else { return end }
    // White space before a word leaves it the last character.
    return end < scalars.count && end - first > 1 ? end - 1 : end
}
