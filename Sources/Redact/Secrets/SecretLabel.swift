/// A word whose value is a secret: `password`, `api_key`, `пароль`.
///
/// The word stands right before a sign such as `:` or `=`, whatever is before it: `DB_PASSWORD=`.
struct SecretLabel: Sendable {
    enum Value: Sendable {
        /// Six bytes or more that no word looks like.
        case password
        /// Sixteen bytes or more.
        case token
        /// Sixteen or more that change as random text does: the word alone says little.
        case random
        /// A signature of a URL, in base64 or hexadecimal digits.
        case signature
        /// Base64 of a name, a colon and a password.
        case credentials
        /// A name, a colon and a password, or else what ``random`` is.
        case pair
        /// What ``random`` is, after a variable's name that says nothing of being public.
        case variable
        /// The second of two strings in brackets, the first of which is a name.
        case arguments
        /// A scheme and credentials (RFC 9110 §11.6.2).
        case authorization
        /// Credentials after the scheme itself, wherever it stands.
        case bearer
        /// Names and values (RFC 6265 §4).
        case cookies
        /// The private members of a JSON Web Key around its type (RFC 7518 §6).
        case keyObject
        /// Twelve words or more that a wallet is made of again (BIP 39).
        case mnemonic
        /// A password in the code of a wireless network: `WIFI:T:WPA;S:net;P:…;;`.
        case network
        /// What a command before a bar writes to the input of the command the word is of.
        case piped
    }

    let value: Value
    /// In small letters.
    let word: [UInt8]
    /// Words one of which has to stand before, with a separator or without; none for any.
    let heads: [[UInt8]]
    /// Whether no letter may stand before.
    let isWhole: Bool
    /// Where the three bytes that an ``Anchor`` looks for end in the word.
    let anchorEnd: Int

    /// - Parameter text: the word; `~` stands for a space, `'` ends the three bytes that are the rarest in
    ///   documentation, `=` at the end says that the last of them is the sign after the word.
    fileprivate init(_ value: Value, _ text: Substring, heads: [[UInt8]], isWhole: Bool) {
        let isSigned = text.hasSuffix("=")
        let bytes = text.utf8.filter { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "=") }
            .map { $0 == UInt8(ascii: "~") ? UInt8(ascii: " ") : $0 }
        self.value = value
        self.word = bytes
        self.heads = heads
        self.isWhole = isWhole
        if let mark = text.utf8.firstIndex(of: UInt8(ascii: "'")) {
            self.anchorEnd = text.utf8.distance(from: text.utf8.startIndex, to: mark)
        } else if isSigned {
            self.anchorEnd = bytes.count + 1
        } else {
            let rarest = (3...max(3, bytes.count)).min { left, right in
                Self.weight(bytes, left) < Self.weight(bytes, right)
            }
            self.anchorEnd = rarest ?? 3
        }
    }

    private static func weight(_ bytes: [UInt8], _ end: Int) -> Int {
        bytes[max(0, end - 3)..<min(end, bytes.count)].reduce(1) { $0 * Anchor.weight($1) }
    }

    /// The bytes an ``Anchor`` looks for, letters in both cases; after a word of two a sign.
    var triple: [[UInt8]] {
        let bytes = self.word[(self.anchorEnd - 3)..<min(self.anchorEnd, self.word.count)]
        // The last of them is the first byte of a full-width sign.
        let signs = Array(" :=\"'".utf8) + [0xEF]
        let rest = [[UInt8]](repeating: signs, count: 3 - bytes.count)
        return bytes.map { $0 &- 0x61 < 26 ? [$0, $0 & 0xDF] : [$0] } + rest
    }
}

/// Labels that are looked for alike, with examples that a test reads.
struct SecretLabelRow: Sendable {
    let labels: [SecretLabel]
    /// Texts and, after a bar, the value that has to be found in each.
    let found: [String]
    let left: [String]

    init(
        _ value: SecretLabel.Value,
        _ words: String,
        heads: String = "",
        isWhole: Bool = false,
        found: [String],
        left: [String]
    ) {
        let heads = heads.split(separator: " ").map { Array($0.utf8) }
        self.labels = words.split(separator: " ").map {
            SecretLabel(value, $0, heads: heads, isWhole: isWhole)
        }
        self.found = found
        self.left = left
    }

    static let all: [SecretLabelRow] = [
        .init(
            .network,
            ";p=",
            found: ["WIFI:T:WPA;S:net;P:k3Jd82mXqW;;|k3Jd82mXqW"],
            left: ["for (i = 0;p: k3Jd82mXqW)", "WIFI:T:nopass;S:net;P:;;"]
        ),
        .init(
            .password,
            """
            passwo'rd passwd' passwo'rt passp'hrase passc'ode kennwo'rt kenwo'rt losungswort contraseña \
            contrasenya' contras'ena senh'a passo'rd paro'la wachtwoo'rd lösenord lozinka sala'sana jelszó \
            gesl'o hesl'o hasło hasl'o parolă to-se'curestring recovery~code requirepa'ss masterau'th bindpw' rootpw' mot~de~passe mật~khẩu kata~sandi adg'angskode \
            пароль Пароль ПАРОЛЬ парола Парола лозинка κωδικός Κωδικός סיסמה סיסמא كلمة~المرور كلمة~السر \
            पासवर्ड รหัสผ่าน 密码 密碼 口令 パスワード 暗証番号 비밀번호 암호 şifre Şifre sifr'e
            """,
            found: [
                "DB_PASSWORD=tU1k0I2oYY5nZ2Fd2|tU1k0I2oYY5nZ2Fd2",
                "password: \"mbXIs5!W\"|mbXIs5!W",
                "<password>xX5339tWN16L0G8</password>|xX5339tWN16L0G8", "密码：Qr7dke39x|Qr7dke39x",
                "password is Kx82mqpZ1|Kx82mqpZ1", "Das Passwort lautet Kx82mqpZ1.|Kx82mqpZ1",
                "machine h login b password nN7C7J7MTZWpdmm|nN7C7J7MTZWpdmm",
                "CREATE USER a IDENTIFIED WITH PASSWORD 'x7Gq2LmP9';|x7Gq2LmP9",
                "- name: DB_PASSWORD\n  value: k3Jd82mXqW|k3Jd82mXqW",
                "define('DB_PASSWORD', 'k3Jd82mXqW');|k3Jd82mXqW",
                "tool --password k3Jd82mXqW run|k3Jd82mXqW", "bindpw k3Jd82mXqW\n|k3Jd82mXqW",
                "password%3Dk3Jd82mXqW&x=1|k3Jd82mXqW", "password = r\"k3Jd82mXqW\"|k3Jd82mXqW",
                "\"DB_PASSWORD\": {\"value\": \"k3Jd82mXqW\"}|k3Jd82mXqW",
                "Password:\n  k3Jd82mXqW\n|k3Jd82mXqW", "Password:\r\n\r\nk3Jd82mXqW|k3Jd82mXqW",
                "**Password:** k3Jd82mXqW|k3Jd82mXqW",
                "| Password | k3Jd82mXqW |\n|k3Jd82mXqW",
                "пароль: Kx82mqpZ1|Kx82mqpZ1", "le mot de passe est Kx82mqpZ1|Kx82mqpZ1",
                "пароль - Kx82mqpZ1|Kx82mqpZ1",
                "<password type=\"plain\">xX5339tWN16L0G8</password>|xX5339tWN16L0G8",
                "| Password: | Kx82mqpZ1 |\n|Kx82mqpZ1", "password: admin / Kx82mqpZ1|Kx82mqpZ1",
                "root password for the db is Kx82mqpZ1|Kx82mqpZ1",
                "Passphrase for the key: Kx82mqpZ1|Kx82mqpZ1",
                "SET PASSWORD FOR a = 'Kx82mqpZ1';|Kx82mqpZ1",
                "setPassword(\"Kx82mqpZ1\")|Kx82mqpZ1", "x.password('Kx82mqpZ1').y|Kx82mqpZ1",
                "ConvertTo-SecureString \"Kx82mqpZ1\" -AsPlainText|Kx82mqpZ1",
                "username admin password 7 0822455D0A16544541|0822455D0A16544541",
                "Recovery code: 7f3a-9k2m-41qz|7f3a-9k2m-41qz",
            ],
            left: [
                "password = get_password(user)", "password: str", "password=password",
                "PASSWORD=${DB_PASSWORD}", "Set password: <your-password>", "password is required",
                "the password field", "a password of 12 characters", "--password PASSWORD",
                "passwords are hashed", "password:\n  secretKeyRef: db2",
                "password:\n  a4 paper is used", "(\"username\", \"password\")", "password: %s",
                "getPassword(\"prod1db\")", "password for user2 accounts",
                "password - see page 12b",
                "the password of the account is needed", "<password type=\"plain\">",
            ]
        ),
        .init(
            .password,
            "pwd pass passwd' pswd' pw p/w psk pwort mdp clav'e пасс pin_c'ode wpa;p",
            isWhole: true,
            found: [
                "Pwd=k3Jd82mXqW;|k3Jd82mXqW", "psk=\"k3Jd82mXqW\"|k3Jd82mXqW",
                "pw: k3Jd82mXqW|k3Jd82mXqW",
                "openssl -passin pass:k3Jd82mXqW|k3Jd82mXqW", "dbPass = 'k3Jd82mXqW'|k3Jd82mXqW",
                "SMTP_PASS=k3Jd82mXqW|k3Jd82mXqW", "const pw = `k3Jd82mXqW`;|k3Jd82mXqW",
                "clave: k3Jd82mXqW|k3Jd82mXqW", "Clave de acceso: k3Jd82mXqW|k3Jd82mXqW",
                "WIFI:S:net;T:WPA;P:k3Jd82mXqW;;|k3Jd82mXqW",
                "ID：admin PW：k3Jd82mXqW|k3Jd82mXqW", "P/W: k3Jd82mXqW|k3Jd82mXqW",
            ],
            left: [
                "bypass: everything", "pwd: /home/user2/work", "pass: 12", "first pass = 3 seconds",
            ]
        ),
        .init(
            .password,
            "identif'ied~by",
            found: ["CREATE USER 'a'@'b' IDENTIFIED BY 'k3Jd82mXqW'|k3Jd82mXqW"],
            left: ["identified by name"]
        ),
        .init(
            .password,
            "key commun'ity",
            heads: """
                tacacs-server radius-server snmp-server pre-shared wpa wpa2 wpa3 wifi wi-fi wlan network
                """,
            found: [
                "tacacs-server key k3Jd82mXqW|k3Jd82mXqW", "WPA2 key: k3Jd82mXqW|k3Jd82mXqW",
                "snmp-server community k3Jd82mXqW RO|k3Jd82mXqW",
                "pre-shared-key k3Jd82mXqW|k3Jd82mXqW", "Network key: k3Jd82mXqW|k3Jd82mXqW",
            ],
            left: ["the network key is shared", "snmp-server community public RO", "wifi key"]
        ),
        .init(
            .password,
            "schlüssel",
            heads: "wlan wpa wpa2 wpa3 wifi wi-fi netzwerk",
            found: ["WLAN-Schlüssel: k3Jd82mXqW|k3Jd82mXqW"],
            left: ["WLAN-Schlüssel: siehe Rückseite", "Schlüssel: k3Jd82mXqW"]
        ),
        .init(
            .token,
            "token secr'et jwt",
            found: [
                "token=9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
                "\"client_secret\": \"9f3Kd82mXqW7Lp0Zr5T\"|9f3Kd82mXqW7Lp0Zr5T",
                "X-Auth-Token: 9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
                "?access_token=9f3Kd82mXqW7Lp0Zr5T&x=1|9f3Kd82mXqW7Lp0Zr5T",
                "run --token 9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
                "otpauth://totp/x?secret=JBSWY3DPEHPK3PXPJBSWY3DP&issuer=x|JBSWY3DPEHPK3PXPJBSWY3DP",
                "the token is 9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
                "setToken(\"9f3Kd82mXqW7Lp0Zr5T\")|9f3Kd82mXqW7Lp0Zr5T",
            ],
            left: [
                "token = parser.next_token()", "token = ${TOKEN}", "maximum_tokens: 256",
                "secret = None", "token: the word that was read",
            ]
        ),
        .init(
            .token,
            "key",
            heads: """
                api access secret private account auth encryption signing shared client app master \
                storage service license server session logged_in secure_auth primary secondary admin \
                webhook consumer subscription integration write deploy function host cipher aes hmac jwt
                """,
            found: [
                "api_key = \"9f3Kd82mXqW7Lp0Zr5T\"|9f3Kd82mXqW7Lp0Zr5T",
                "aws_secret_access_key = 9f3Kd82mXqW7Lp0Zr5T/x+9f3Kd82mXqW7Lp0Zr5|"
                    + "9f3Kd82mXqW7Lp0Zr5T/x+9f3Kd82mXqW7Lp0Zr5",
                "AccountKey=9f3Kd82mXqW7Lp0Zr5T==;|9f3Kd82mXqW7Lp0Zr5T==",
                "X-Api-Key: 9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
                "define('AUTH_KEY', '9f3Kd82mXqW7Lp0Zr5T');|9f3Kd82mXqW7Lp0Zr5T",
                "API key: 9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
                "aws_secret_access_key=/9f3Kd82mXqW7Lp0Zr5T/x+9f3Kd82mXqW7Lp0Zr|"
                    + "/9f3Kd82mXqW7Lp0Zr5T/x+9f3Kd82mXqW7Lp0Zr",
                "setx API_KEY \"9f3Kd82mXqW7Lp0Zr5T\"|9f3Kd82mXqW7Lp0Zr5T",
                "the api key is 9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
            ],
            left: [
                "api_key=\"YOUR_API_KEY\"", "primary_key=True", "key: 9f3Kd82mXqW7Lp0Zr5T",
                "primary key for a table (source: fileformat2.html",
                "api key for x: see_chapter_12b",
                "access_key = self.settings.access_key", "apiKey: process.env.API_KEY",
                "the api key is required_for_version_2x", "access_key: /usr/share/keys/api/v2",
            ]
        ),
        .init(
            .variable,
            "_key _pat",
            found: [
                "MAPTILER_KEY=9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
                "private_ai_key=9f3Kd82mXqW7Lp0Zr5T9f3Kd|9f3Kd82mXqW7Lp0Zr5T9f3Kd",
                "export SNOWFLAKE_PAT=\"9f3Kd82mXqW7Lp0Zr5T\"|9f3Kd82mXqW7Lp0Zr5T",
            ],
            left: [
                "CACHE_KEY=9f3Kd82mXqW7Lp0Zr5T", "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
                "partition_key = 9f3Kd82mXqW7Lp0Zr5T9f3Kd", "a_key=9f3Kd82m-XqW7-Lp0Z-r5T9f3Kd",
                "FOREIGN_KEY=user_id",
                "PUBLIC_KEY=9f3Kd82mXqW7Lp0Zr5T",
            ]
        ),
        .init(
            .token,
            "key_base auth_s'alt logged_i'n_salt nonce_sal't",
            found: [
                "export SECRET_KEY_BASE='8b7ceca24295da07975032b0691c0bb4'|"
                    + "8b7ceca24295da07975032b0691c0bb4"
            ],
            left: ["monkey base: camp"]
        ),
        .init(
            .random,
            """
            session= sessionid' session_i'd sessid' phps'essid jsessionid' sid connect.s'id csrfto'ken csr'f xsrf \
            bea'rer_token authto'ken tokenid' webh'ook_id
            """,
            isWhole: true,
            found: [
                "sessionid=ad53dd4afedbfc25c07f19ba07a3d73e|ad53dd4afedbfc25c07f19ba07a3d73e",
                "PHPSESSID=9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
            ],
            left: ["session = SessionStore2()", "session: the first one of the day"]
        ),
        .init(
            .pair,
            "crede'ntial crede'ntials cred= creds= login= logins= zugan'gsdaten identif'iants",
            isWhole: true,
            found: [
                "credentials: admin:Sup3rS3cret!Pw|Sup3rS3cret!Pw",
                "Login: ann.lee@corp.io:k3Jd82mXqW|k3Jd82mXqW",
                "creds = \"deploy:k3Jd82mXqW\"|k3Jd82mXqW",
                "Zugangsdaten: gast:k3Jd82mXqW|k3Jd82mXqW",
                "credential=ad53dd4afedbfc25c07f19ba07a3d73e|ad53dd4afedbfc25c07f19ba07a3d73e",
                "login: root / k3Jd82mXqW|k3Jd82mXqW",
            ],
            left: [
                "login: root", "login: monday:10:30", "credentials: see chapter:password2",
                "login: https://host.example/path2", "credentials: file:/etc/keys/id2",
                "login: user:password", "credentials: [NAME:k1:3f2a9c]",
            ]
        ),
        .init(
            .signature,
            "sig= signa'ture",
            isWhole: true,
            found: [
                "&sig=ZazwbMGqABH9TAiALWMsCsfx1qa0H7O5YbssjjhkxRY%3D|"
                    + "ZazwbMGqABH9TAiALWMsCsfx1qa0H7O5YbssjjhkxRY%3D"
            ],
            left: ["signature: (a: int, b: str)", "sig = inspect.signature(call_it_2)"]
        ),
        .init(
            .credentials,
            "auth= _auth",
            isWhole: true,
            found: ["{\"auth\":\"Ym90Ok55Zkt4bTZlbm9TbA==\"}|Ym90Ok55Zkt4bTZlbm9TbA=="],
            left: ["auth: required", "\"auth\": \"bm90IGEgcGFpciBvZiBhbnl0aGluZw==\""]
        ),
        .init(
            .arguments,
            "crede'ntials crede'ntial basicau'th login auth",
            found: [
                ".withCredentials(\"u\", \"k3Jd82mXqW\")|k3Jd82mXqW",
                "auth=('u', 'k3Jd82mXqW')|k3Jd82mXqW",
                "HTTPBasicAuth('u', 'k3Jd82mXqW')|k3Jd82mXqW",
                "login(\"u\", \"k3Jd82mXqW\")|k3Jd82mXqW",
                "new NetworkCredential(\"u\", \"k3Jd82mXqW\")|k3Jd82mXqW",
            ],
            left: [
                "login(\"user1\", \"password\")", "auth(\"v1\", other)", "login(a, b)",
                "login(\"user\")", "auth=(a2b4c6d8, e2f4)",
            ]
        ),
        .init(
            .keyObject,
            "\"kty\"",
            found: [
                "{\"kty\":\"EC\",\"d\":\"q9f3Kd82mXqW7Lp0Zr5Tq9f3Kd82mXqW7Lp0Zr5T\"}|"
                    + "q9f3Kd82mXqW7Lp0Zr5Tq9f3Kd82mXqW7Lp0Zr5T"
            ],
            left: ["{\"kty\":\"EC\",\"x\":\"q9f3Kd82mXqW7Lp0Zr5Tq9f3Kd82mXqW7Lp0Zr5T\"}"]
        ),
        .init(
            .mnemonic,
            "seed~phrase recovery~phrase secret~phrase mnemonic~phrase mnemonic",
            found: [
                "mnemonic: \"legal winner thank year wave sausage worth useful legal winner thank yellow\"|"
                    + "legal winner thank year wave sausage worth useful legal winner thank yellow"
            ],
            left: ["mnemonic: a word that helps to remember", "seed phrase: twelve words in a row"]
        ),
        .init(
            .piped,
            "chpasswd password-stdin",
            found: [
                "echo \"root:k3Jd82mXqW\" | chpasswd|k3Jd82mXqW",
                "echo 'k3Jd82mXqW' | docker login --password-stdin|k3Jd82mXqW",
            ],
            left: ["cat file | docker login --password-stdin", "echo $PASS2x | chpasswd"]
        ),
        .init(
            .authorization,
            "authorization",
            found: [
                "Authorization: Token 9f3Kd82mXqW7Lp0Zr5T|9f3Kd82mXqW7Lp0Zr5T",
                "\"Authorization\": \"Basic YWRtaW46aHVudGVyMg==\"|YWRtaW46aHVudGVyMg==",
                "Proxy-Authorization: Basic YWRtaW46aHVudGVyMg==|YWRtaW46aHVudGVyMg==",
                "proxy_set_header Authorization \"Basic YWRtaW46aHVudGVyMg==\";|YWRtaW46aHVudGVyMg==",
            ],
            left: ["Authorization: required", "authorization: see section 4.2 of the manual"]
        ),
        .init(
            .bearer,
            "bearer",
            found: ["-H 'Bearer VGIJfyiKnnZkpx1fYgUbwykG1g1'|VGIJfyiKnnZkpx1fYgUbwykG1g1"],
            left: ["the bearer of this letter", "Bearer authentication-is-what-we-use"]
        ),
        .init(
            .cookies,
            "cookie'",
            found: [
                "Cookie: a=ad53dd4afedbfc25c07f19ba07a3d73e; theme=dark|"
                    + "ad53dd4afedbfc25c07f19ba07a3d73e"
            ],
            left: ["Cookie: theme=dark; lang=en-GB", "cookie: a small file"]
        ),
    ]
}

extension SecretLabel {
    static let all = SecretLabelRow.all.flatMap(\.labels)

    static let index = AnchorIndex(Self.all.map { ($0.word, $0.anchorEnd, $0.triple) })
}
