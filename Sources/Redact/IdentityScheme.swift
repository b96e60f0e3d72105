/// A number that an authority gives to people or firms: what it is called, how it is written, and how
/// it is checked.
struct IdentityScheme: Sendable {
    let rule: String
    let kind: PIIKind
    /// What stands before such a number, in its own language; parted by commas.
    let labels: String
    /// The number without separators, one form a word: `N` a digit, `A` a letter, `X` either, each with
    /// how many there are.
    let forms: String
    let check: CheckCharacter
    /// A number that passes, made up, for the test that walks the table.
    let example: String

    init(
        _ rule: String,
        _ kind: PIIKind,
        _ labels: String,
        _ forms: String,
        _ check: CheckCharacter,
        _ example: String
    ) {
        self.rule = rule
        self.kind = kind
        self.labels = labels
        self.forms = forms
        self.check = check
        self.example = example
    }

    /// Every scheme; a ``SchemeSet`` holds places in this list.
    ///
    /// - Source: the issuing authorities' algorithms as collected in python-stdnum's documentation, which
    ///   `Ops/benchmarks/pii/schemes` compares them with.
    static let all = europe + americas + asia + africa + labelled
}

/// How the last character of a number checks those before it.
enum CheckCharacter: Sendable {
    /// Nothing but the shape: such a number needs its label right before it.
    case none
    /// The sum of the characters' values times the weights, modulo the length of the map, is the place in
    /// the map of the last character. A digit is worth itself, a letter 10 to 35.
    case sum([Int], String)
    /// A rule over the values of the digits.
    case digits(@Sendable (ArraySlice<UInt8>) -> Bool)
    /// A rule over the characters, letters in upper case.
    case code(@Sendable ([UInt8]) -> Bool)

    /// Whether `code`, of a form of the scheme, has the right check character.
    func isRight(_ code: [UInt8]) -> Bool {
        switch self {
        case .none: true
        case .sum(let weights, let map):
            Self.character(at: self.weightedSum(code, weights), of: map) == code[code.count - 1]
        case .digits(let check): check(digitValues(code))
        case .code(let check): check(code)
        }
    }
}

extension CheckCharacter {
    /// The character of `map` at `sum`, modulo the map's length.
    private static func character(at sum: Int, of map: String) -> UInt8 {
        let characters = Array(map.utf8)
        return characters[sum % characters.count]
    }

    private func weightedSum(_ code: [UInt8], _ weights: [Int]) -> Int {
        zip(code, weights).reduce(0) { $0 + characterValue($1.0) * $1.1 }
    }
}

/// The schemes ready for candidates.
struct IdentityMatchers: Sendable {
    private enum Place: UInt8 {
        case digit
        case letter
        case either

        func fits(_ byte: UInt8) -> Bool {
            switch self {
            case .digit: byte &- 0x30 < 10
            case .letter: byte &- 0x41 < 26
            case .either: byte &- 0x30 < 10 || byte &- 0x41 < 26
            }
        }
    }

    private struct Matcher: Sendable {
        var scheme: IdentityScheme
        var forms: [[Place]]
        var isChecked: Bool
    }

    private let matchers: [Matcher]
    /// The lengths that any scheme has.
    let lengths: ClosedRange<Int>

    static let all = IdentityMatchers(IdentityScheme.all)

    init(_ schemes: [IdentityScheme]) {
        precondition(schemes.count <= SchemeSet.capacity, "a set of schemes has room for all")
        self.matchers = schemes.map { scheme in
            let isChecked = if case .none = scheme.check { false } else { true }
            return Matcher(
                scheme: scheme,
                forms: scheme.forms.split(separator: " ").map { Self.places($0.utf8) },
                isChecked: isChecked
            )
        }
        let counts = self.matchers.flatMap(\.forms).map(\.count)
        self.lengths = (counts.min() ?? 1)...(counts.max() ?? 1)
    }

    /// The first scheme that `code` belongs to, of those whose labels are near.
    ///
    /// - Parameter isWritten: whether letters are capitals in the text, as a number without check
    ///   character has to be written.
    func scheme(of code: [UInt8], _ context: Context, isWritten: Bool) -> IdentityScheme? {
        var found: IdentityScheme?
        context.schemes.forEachWhile { index in
            let matcher = self.matchers[index]
            guard matcher.forms.contains(where: { Self.fits(code, $0) }),
                matcher.isChecked
                    || isWritten && context.nearSchemes.contains(index)
                        && Self.isTelling(code, matcher.scheme.kind),
                matcher.scheme.check.isRight(code)
            else { return true }
            found = matcher.scheme
            return false
        }
        return found
    }

    /// A word in capitals is no number: half of the characters are digits, or four; a plate has both.
    private static func isTelling(_ code: [UInt8], _ kind: PIIKind) -> Bool {
        let digits = code.reduce(0) { $0 + ($1 &- 0x30 < 10 ? 1 : 0) }
        if Self.isYears(code) { return false }
        if kind == .vehicle { return digits > 0 && digits < code.count }
        return digits >= 4 || digits * 2 >= code.count
    }

    /// `2021-2022` is a span of years.
    private static func isYears(_ code: [UInt8]) -> Bool {
        func isYear(_ part: ArraySlice<UInt8>) -> Bool {
            part.starts(with: "19".utf8) || part.starts(with: "20".utf8)
        }
        return code.count == 8 && isYear(code[..<4]) && isYear(code[4...])
            && code.allSatisfy { $0 &- 0x30 < 10 }
    }

    private static func fits(_ code: [UInt8], _ form: [Place]) -> Bool {
        form.count == code.count && zip(form, code).allSatisfy { $0.fits($1) }
    }

    /// `AN7A` as a letter, seven digits and a letter.
    private static func places(_ form: Substring.UTF8View) -> [Place] {
        var places: [Place] = []
        var place = Place.digit
        var count: Int?
        for byte in Array(form) + [0x20] {
            if byte &- 0x30 < 10 {
                count = (count ?? 0) * 10 + Int(byte - 0x30)
                continue
            }
            if let count { places += [Place](repeating: place, count: max(count, 1)) }
            place = byte == 0x4E ? .digit : byte == 0x41 ? .letter : .either
            count = 0
        }
        return places
    }
}
