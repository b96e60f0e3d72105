/// The form of a token: literal bytes, and runs of an alphabet between them.
///
/// It is written as the token is: `ghp_{a30-255}` is four bytes, then 30 to 255 letters or digits;
/// `[MNO]` is one byte of three; ``TokenAlphabet`` has the letters. `{{` stands for a brace. After `^` the
/// token starts a word: no underscore stands before. `'` ends the three bytes that are the rarest of them
/// in documentation, where that is another choice than ``Anchor/weight(_:)`` makes.
struct TokenForm: Sendable {
    enum Part: Hashable, Sendable {
        case literal([UInt8])
        /// One byte of each set.
        case sets([[UInt8]])
        case run(TokenAlphabet, ClosedRange<Int>)

        /// Bytes it takes, where that is known.
        var fixedCount: Int? {
            switch self {
            case .literal(let bytes): bytes.count
            case .sets(let sets): sets.count
            case .run: nil
            }
        }
    }

    /// What the runs must show, so that no name in code is taken for a token.
    enum Randomness: Sendable {
        /// Two of digits, capitals and small letters.
        case mixed
        /// The three change places as often as they do in random text.
        case dense
        /// Nothing: the literal is long enough.
        case any
    }

    enum Check: Sendable {
        case none
        /// JSON Web Token (RFC 7519): a second part that starts as JSON does, or five parts.
        case jwt
        /// A checksum (BIP 173); the value is a wallet, not a secret.
        case bech32
    }

    let parts: [Part]
    let randomness: Randomness
    let check: Check
    /// The literal whose three bytes an ``Anchor`` looks for, and where in it they end.
    let anchorPart: Int
    let anchorEnd: Int
    /// The bytes each of the three may be.
    let triple: [[UInt8]]
    /// Bytes that are the same in every token of the form.
    let literalCount: Int
    /// Whether its own bytes are enough to tell the token after an underscore, as in file names.
    let isDistinct: Bool

    init(_ text: String, _ randomness: Randomness, _ check: Check) {
        let startsWord = text.hasPrefix("^")
        let read = Self.read(startsWord ? String(text.dropFirst()) : text)
        self.parts = read.parts
        self.randomness = randomness
        self.check = check
        self.literalCount = self.parts.reduce(0) { $0 + ($1.fixedCount ?? 0) }
        self.isDistinct = !startsWord && self.literalCount >= 4
        var best: (cost: Int, part: Int, end: Int, triple: [[UInt8]]) = (.max, 0, 0, [])
        for (place, part) in self.parts.enumerated() {
            for (end, triple) in Self.triples(of: part, at: place, in: self.parts) {
                if let mark = read.mark, mark != (place, end) { continue }
                let cost = triple.reduce(1) { $0 * $1.reduce(0) { $0 + Anchor.weight($1) } }
                if cost < best.cost { best = (cost, place, end, triple) }
            }
        }
        precondition(!best.triple.isEmpty, "a form has two literal bytes side by side: \(text)")
        self.anchorPart = best.part
        self.anchorEnd = best.end
        self.triple = best.triple
    }

    /// Every three bytes of the part; of two, those with one of the run after or before them.
    private static func triples(
        of part: Part,
        at place: Int,
        in parts: [Part]
    ) -> [(end: Int, triple: [[UInt8]])] {
        func run(_ place: Int) -> [UInt8]? {
            guard parts.indices.contains(place), case .run(let alphabet, let counts) = parts[place],
                counts.lowerBound > 0
            else { return nil }
            return alphabet.bytes
        }
        let sets: [[UInt8]] =
            switch part {
            case .literal(let bytes): bytes.map { [$0] }
            case .sets(let sets): sets
            case .run: []
            }
        if sets.count >= 3 {
            return (3...sets.count).map { ($0, Array(sets[($0 - 3)..<$0])) }
        }
        guard sets.count == 2 else { return [] }
        if let after = run(place + 1) { return [(3, sets + [after])] }
        return run(place - 1).map { [(2, [$0] + sets)] } ?? []
    }
}

extension TokenForm {
    /// The parts, and where a mark says that the anchor ends.
    private static func read(
        _ text: String
    ) -> (parts: [Part], mark: (part: Int, end: Int)?) {
        var mark: (part: Int, end: Int)?
        var parts: [Part] = []
        var literal: [UInt8] = []
        var sets: [[UInt8]] = []
        var rest = Array(text.utf8)[...]
        func next(until end: UInt8) -> [UInt8] {
            let body = rest.prefix { $0 != end }
            rest = rest[body.endIndex...].dropFirst()
            return Array(body)
        }
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "'") {
                mark = (parts.count, literal.count)
                continue
            }
            if byte == UInt8(ascii: "[") {
                sets.append(next(until: UInt8(ascii: "]")))
                continue
            }
            if !sets.isEmpty { parts.append(.sets(sets)) }
            sets = []
            guard byte == UInt8(ascii: "{"), rest.first != byte else {
                if byte == UInt8(ascii: "{") { rest.removeFirst() }
                literal.append(byte)
                continue
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
            let body = next(until: UInt8(ascii: "}"))
            let counts = String(decoding: body.dropFirst(), as: UTF8.self).split(separator: "-")
                .compactMap { Int($0) }
            guard let least = counts.first, let most = counts.last, let code = body.first else {
                parts += Self.uuid
                continue
            }
            parts.append(.run(TokenAlphabet(code), least...most))
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        return (parts, mark)
    }

    /// `{u}`: a UUID (RFC 9562) in small letters.
    private static let uuid: [Part] = {
        let hex = TokenAlphabet(UInt8(ascii: "x"))
        let dash = Part.literal([UInt8(ascii: "-")])
        return [8, 4, 4, 4, 12].flatMap { [dash, Part.run(hex, $0...$0)] }.dropFirst().map { $0 }
    }()
}

/// The bytes a run may hold.
struct TokenAlphabet: Hashable, Sendable {
    private let low: UInt64
    private let high: UInt64
    /// Dots count too, where a letter, a digit, `-` or `_` follows.
    let hasInnerDots: Bool

    /// The letters of the notation: `a` letters and digits, `A` capitals and digits, `l` small
    /// letters and digits, `x` small hexadecimal digits, `X` either, `d` digits, `w` base64url, `W`
    /// that with inner dots, `b` base64, `c` crypt's base64, the others as they say.
    init(_ code: UInt8) {
        let digits = "0123456789"
        let small = "abcdefghijklmnopqrstuvwxyz"
        let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        let members =
            switch Character(UnicodeScalar(code)) {
            case "d": digits
            case "x": digits + "abcdef"
            case "X": digits + "abcdefABCDEF"
            case "A": digits + capitals
            case "l": digits + small
            case "w", "W": digits + small + capitals + "-_"
            case "q": digits + small + capitals + "-_="
            case "b": digits + small + capitals + "+/"
            case "c": digits + small + capitals + "./"
            case "e": digits + small + capitals + "-_.+/=%"
            case "i": digits + small + capitals + "-_.@/"
            case "r": digits + small + capitals + "-_+/="
            case "v": digits + small + capitals + "-_.~"
            case "=": "="
            default: digits + small + capitals
            }
        self.init(Array(members.utf8), hasInnerDots: code == UInt8(ascii: "W"))
    }

    private init(_ members: [UInt8], hasInnerDots: Bool) {
        self.low = members.filter { $0 < 64 }.reduce(0) { $0 | 1 << UInt64($1) }
        self.high = members.filter { $0 >= 64 }.reduce(0) { $0 | 1 << UInt64($1 & 63) }
        self.hasInnerDots = hasInnerDots
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 0x80 && (byte < 64 ? self.low : self.high) >> UInt64(byte & 63) & 1 == 1
    }

    var bytes: [UInt8] { (0..<0x80).filter(self.contains) }
}
