/// The start of a secret token that its issuer marked, and what follows.
struct TokenPrefix {
    enum Body {
        /// Letters and digits.
        case alphanumeric
        case upperAlphanumeric
        case hex
        /// Letters, digits, `-`, `_` and inner dots.
        case token
        /// Three base64url parts, the first of which starts with `{"`.
        case jwt
        /// A bech32 address, which is a wallet.
        case bech32
    }

    let bytes: [UInt8]
    let body: Body
    let lengths: ClosedRange<Int>

    private init(_ prefix: String, _ body: Body, _ lengths: ClosedRange<Int>) {
        self.bytes = Array(prefix.utf8)
        self.body = body
        self.lengths = lengths
    }

    /// Lengths are of what follows the prefix, as the issuers document or as gitleaks' rules have it.
    static let all: [TokenPrefix] = [
        TokenPrefix("AKIA", .upperAlphanumeric, 16...16),
        TokenPrefix("ASIA", .upperAlphanumeric, 16...16),
        TokenPrefix("ABIA", .upperAlphanumeric, 16...16),
        TokenPrefix("ACCA", .upperAlphanumeric, 16...16),
        TokenPrefix("AIza", .token, 30...40),
        TokenPrefix("ATATT3", .token, 60...250),
        TokenPrefix("GOCSPX-", .token, 20...40),
        TokenPrefix("SG.", .token, 50...80),
        TokenPrefix("SK", .hex, 32...32),
        TokenPrefix("dckr_pat_", .token, 20...60),
        TokenPrefix("dop_v1_", .hex, 64...64),
        TokenPrefix("eyJ", .jwt, 20...8192),
        TokenPrefix("figd_", .token, 20...80),
        TokenPrefix("ghp_", .alphanumeric, 30...255),
        TokenPrefix("gho_", .alphanumeric, 30...255),
        TokenPrefix("ghu_", .alphanumeric, 30...255),
        TokenPrefix("ghs_", .alphanumeric, 30...255),
        TokenPrefix("ghr_", .alphanumeric, 30...255),
        TokenPrefix("github_pat_", .token, 40...255),
        TokenPrefix("glpat-", .token, 20...64),
        TokenPrefix("gldt-", .token, 20...64),
        TokenPrefix("glrt-", .token, 20...64),
        TokenPrefix("glsa_", .token, 32...64),
        TokenPrefix("hf_", .alphanumeric, 30...60),
        TokenPrefix("hvs.", .token, 24...200),
        TokenPrefix("lin_api_", .alphanumeric, 32...64),
        TokenPrefix("npm_", .alphanumeric, 36...36),
        TokenPrefix("pk_live_", .token, 16...120),
        TokenPrefix("pypi-AgE", .token, 50...400),
        TokenPrefix("rk_live_", .token, 16...120),
        TokenPrefix("rubygems_", .hex, 48...48),
        TokenPrefix("shpat_", .hex, 32...32),
        TokenPrefix("shpss_", .hex, 32...32),
        TokenPrefix("sk-", .token, 32...400),
        TokenPrefix("sk_live_", .token, 16...120),
        TokenPrefix("sk_test_", .token, 16...120),
        TokenPrefix("whsec_", .token, 24...64),
        TokenPrefix("xapp-", .token, 24...200),
        TokenPrefix("xoxa-", .token, 20...200),
        TokenPrefix("xoxb-", .token, 20...200),
        TokenPrefix("xoxe-", .token, 20...300),
        TokenPrefix("xoxp-", .token, 20...200),
        TokenPrefix("xoxs-", .token, 20...200),
        TokenPrefix("ya29.", .token, 30...400),
        TokenPrefix("bc1", .bech32, 39...87),
        TokenPrefix("BC1", .bech32, 39...87),
    ]

    /// The prefixes by their first byte.
    static let byFirstByte: [[TokenPrefix]] = {
        var table = [[TokenPrefix]](repeating: [], count: 256)
        for prefix in Self.all { table[Int(prefix.bytes[0])].append(prefix) }
        return table
    }()
}
