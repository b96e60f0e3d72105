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
    /// The rarest three bytes in a row, which an ``Anchor`` looks for, end after so many bytes.
    let anchorEnd: Int

    private init(_ prefix: String, _ body: Body, _ lengths: ClosedRange<Int>) {
        self.bytes = Array(prefix.utf8)
        self.body = body
        self.lengths = lengths
        let weights = self.bytes.map(Anchor.weight)
        let starts = 0..<max(1, self.bytes.count - 2)
        let rarest = starts.min { left, right in
            weights[left...].prefix(3).reduce(1, *) < weights[right...].prefix(3).reduce(1, *)
        }
        self.anchorEnd = 3 + (rarest ?? 0)
    }

    /// The bytes an ``Anchor`` looks for: a prefix of two bytes is followed by its body.
    var triple: [[UInt8]] {
        let bytes = self.bytes[max(0, self.anchorEnd - 3)..<min(self.anchorEnd, self.bytes.count)]
        let rest = [[UInt8]](repeating: Array("0123456789abcdef".utf8), count: 3 - bytes.count)
        return bytes.map { [$0] } + rest
    }

    /// Lengths are of what follows the prefix, as the issuers document or as gitleaks' rules have it.
    static let all: [TokenPrefix] = {
        var all: [TokenPrefix] = []
        for (body, minimum, maximum, prefixes) in Self.families {
            for prefix in prefixes.split(separator: " ") {
                all.append(TokenPrefix(String(prefix), body, minimum...maximum))
            }
        }
        return all
    }()

    private static let families: [(Body, Int, Int, String)] = [
        (.upperAlphanumeric, 16, 16, "AKIA ASIA ABIA ACCA"),
        (.upperAlphanumeric, 26, 26, "API-"),
        (.upperAlphanumeric, 58, 58, "AGE-SECRET-KEY-1"),
        (.alphanumeric, 15, 25, "LTAI"),
        (.alphanumeric, 27, 27, "NRAK-"),
        (.alphanumeric, 19, 32, "NRJS- NRII-"),
        (.alphanumeric, 30, 60, "hf_ api_org_ nfp_"),
        (.alphanumeric, 30, 255, "ghp_ gho_ ghu_ ghs_ ghr_"),
        (.alphanumeric, 32, 64, "lin_api_ lin_oauth_"),
        (.alphanumeric, 36, 36, "npm_ pnu_"),
        (.alphanumeric, 43, 50, "oy2 ntn_ dp.pt. dp.st. secret_ fo1_"),
        (.alphanumeric, 48, 60, "pplx- EZAK EZTK CLOJARS_"),
        (.alphanumeric, 59, 75, "AKCp rdme_ cmVmd"),
        (.alphanumeric, 100, 400, "EAAM EAAC EAAB"),
        (.hex, 32, 32, "SK shpat_ shpca_ shppa_ shpss_ p8e- key- dapi"),
        (.hex, 40, 40, "pul- shippo_live_ shippo_test_"),
        (.hex, 48, 48, "rubygems_"),
        (.hex, 64, 64, "dop_v1_ doo_v1_ dor_v1_ sntryu_ xkeysib- s-s4t2ud- s-s4t2af-"),
        (.token, 15, 40, "sq0atp- sq0csp- sq0idp- EAAA"),
        (.token, 16, 120, "pk_live_ rk_live_ rk_test_ sk_live_ sk_test_ sk_prod_ pk_test_"),
        (.token, 20, 64, "glpat- gldt- glrt- glptt- glcbt- glft- glsoat- glimt- glagent- gloas-"),
        (.token, 20, 80, "dckr_pat_ dckr_oat_ figd_ figu_ GOCSPX- GR1348941 tfp_ ico-"),
        (.token, 20, 300, "xoxa- xoxb- xoxe- xoxp- xoxs- xoxr- xoxe.xoxp- xapp-"),
        (.token, 24, 200, "hvs. hvb. hvr. whsec_ HRKU-AA fm2_ fio-u- dnkey-"),
        (.token, 30, 40, "AIza"),
        (.token, 30, 400, "ya29. pscale_tkn_ pscale_oauth_ pscale_pw_ glc_ ops_ sntrys_"),
        (
            .token, 32, 64,
            "glsa_ PMAK- sm_aat_ sm_pat_ sm_sat_ duffel_live_ duffel_test_ YCAJE AQVN"
        ),
        (.token, 32, 400, "sk-"),
        (.token, 40, 255, "github_pat_ sha256~"),
        (.token, 50, 80, "SG."),
        (.token, 50, 400, "pypi-AgE dt0c01."),
        (.token, 60, 250, "ATATT3 ATCTT3 ATBB ATOA"),
        (.token, 36, 36, "access-sandbox- access-development- access-production-"),
        (.jwt, 20, 8192, "eyJ"),
        (.bech32, 39, 87, "bc1 BC1 tb1 TB1 ltc1 LTC1"),
    ]

    /// The prefixes by the last two bytes of their anchor: places in ``lists``, 0 for none.
    static let byPair: [UInt8] = Self.index.table
    static let lists: [[TokenPrefix]] = Self.index.lists

    private static let index: (table: [UInt8], lists: [[TokenPrefix]]) = {
        var table = [UInt8](repeating: 0, count: 1 << 16)
        var lists: [[TokenPrefix]] = [[]]
        for prefix in Self.all {
            for second in prefix.triple[2] {
                let pair = Int(prefix.triple[1][0]) << 8 | Int(second)
                if table[pair] == 0 {
                    table[pair] = UInt8(lists.count)
                    lists.append([])
                }
                lists[Int(table[pair])].append(prefix)
            }
        }
        return (table, lists)
    }()
}
