/// Secret tokens that one issuer marks, as its documentation or its scanners' partners show them.
///
/// A row holds an example that has to be found and one that has to be left; a test reads both, and
/// makes more of each form.
struct TokenRow: Sendable {
    let issuer: String
    let forms: [TokenForm]
    let found: String
    let left: String

    /// - Parameter forms: ``TokenForm``s in their notation, separated by spaces.
    init(
        _ issuer: String,
        _ forms: String,
        _ randomness: TokenForm.Randomness = .mixed,
        check: TokenForm.Check = .none,
        found: String,
        left: String
    ) {
        self.issuer = issuer
        self.forms = forms.split(separator: " ").map { TokenForm(String($0), randomness, check) }
        self.found = found
        self.left = left
    }

    static let all: [TokenRow] =
        Self.code + Self.cloud + Self.models + Self.messages + Self.payments + Self.services
        + Self.hashes + Self.signed
}

extension TokenRow {
    /// Tokens that a check says more of than their form.
    static let signed: [TokenRow] = [
        .init(
            "jwt",
            "eyJ{W20-8192}",
            check: .jwt,
            found: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.bm90LWEtc2lnbmF0dXJlLWF0LWFsbA",
            left: "eyJhbGciOiJIUzI1NiJ9.is-only-a-header"
        ),
        .init(
            "bitcoin and litecoin, which are wallets",
            "bc1{l39-87} BC1{A39-87} tb1{l39-87} TB1{A39-87} ltc1{l39-87} LTC1{A39-87}",
            check: .bech32,
            found: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            left: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"
        ),
    ]
}
