/// Personal data made up for a test: of the right shape and with valid check digits, of nobody.
package struct PlantedData: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case email
        case phone
        case card
        case iban
        case socialSecurityNumber
        case accessKey
        case token
    }

    package struct Value: Hashable, Sendable {
        package let kind: String
        package let text: String
        /// The value in a sentence that says what it is.
        package let sentence: String
        /// The forms that must not be found: as planted, and without separators.
        package let forms: [String]
    }

    package private(set) var values: [Value] = []
    private var random: SeededRandom

    package init(seed: UInt64) { self.random = SeededRandom(seed: seed) }

    /// A new value; no two are equal.
    package mutating func plant(_ kind: Kind) -> Value {
        let text = self.text(kind)
        let (before, after) = Self.sentences[kind] ?? ("", "")
        let value = Value(
            kind: kind.rawValue,
            text: text,
            sentence: before + text + after,
            forms: Self.forms(of: text, kind)
        )
        self.values.append(value)
        return value
    }

    /// A new value of a kind chosen by the seed.
    package mutating func plant() -> Value { self.plant(self.random.pick(Kind.allCases)) }

    private static let sentences: [Kind: (String, String)] = [
        .email: ("Write to ", " for an answer."),
        .phone: ("Telephone: ", ", weekdays only."),
        .card: ("Credit card number ", " was charged."),
        .iban: ("Please pay to IBAN ", " within a week."),
        .socialSecurityNumber: ("Social security number: ", "."),
        .accessKey: ("The access key is ", " until spring."),
        .token: ("It runs with token ", " at night."),
    ]

    private static func forms(of text: String, _ kind: Kind) -> [String] {
        switch kind {
        case .email, .accessKey, .token: return [text]
        case .phone, .card, .iban, .socialSecurityNumber:
            let compact = text.filter { $0 != " " && $0 != "-" && $0 != "+" }
            return [text, compact]
        }
    }

    private mutating func text(_ kind: Kind) -> String {
        switch kind {
        case .email:
            let name = self.letters(7, of: "bcdfghjklmnprstvwz")
            return "\(name).\(self.letters(6, of: "aeioubdgkmrst"))\(self.digits(3))@example.org"
        // Numbers kept for drama by the regulator.
        case .phone: return "+44 20 7946 0" + self.digits(3)
        case .card: return grouped(withLuhnDigit("4" + self.digits(14)))
        case .iban: return grouped(iban(country: "DE", account: self.digits(18)))
        case .socialSecurityNumber:
            return "536-\(self.random.number(in: 10...88))-\(self.random.number(in: 1_000...9_998))"
        case .accessKey: return "AKIA" + self.letters(16, of: "ABCDEFGHJKLMNPQRSTUVWXYZ234567")
        case .token:
            let body = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
            return "ghp_" + self.letters(36, of: body)
        }
    }

    private mutating func digits(_ count: Int) -> String { self.letters(count, of: "0123456789") }

    private mutating func letters(_ count: Int, of alphabet: String) -> String {
        let letters = Array(alphabet)
        return String((0..<count).map { _ in self.random.pick(letters) })
    }
}

/// Groups of four, as on cards and bank statements.
private func grouped(_ text: String) -> String {
    var result = ""
    for (index, character) in text.enumerated() {
        if index > 0, index.isMultiple(of: 4) { result += " " }
        result.append(character)
    }
    return result
}

/// Adds the check digit of ISO/IEC 7812-1, annex B.
private func withLuhnDigit(_ digits: String) -> String {
    var sum = 0
    for (place, digit) in digits.reversed().compactMap(\.wholeNumberValue).enumerated() {
        let doubled = place.isMultiple(of: 2) ? digit * 2 : digit
        sum += doubled > 9 ? doubled - 9 : doubled
    }
    return digits + String((10 - sum % 10) % 10)
}

/// The account with the check digits of ISO 13616: the remainder by 97 is 1.
private func iban(country: String, account: String) -> String {
    let letters = country.unicodeScalars.map { String($0.value - 55) }.joined()
    let remainder = (account + letters + "00").compactMap(\.wholeNumberValue).reduce(0) {
        ($0 * 10 + $1) % 97
    }
    let check = 98 - remainder
    return country + (check < 10 ? "0" : "") + String(check) + account
}
