import Testing

@testable import Redact

@Suite struct TokenRowTests {
    @Test(arguments: TokenRow.all) func theExampleIsFoundWhole(_ row: TokenRow) {
        let text = "see \(row.found) there"
        #expect(scan(text).map { slice(text, $0.range) } == [row.found], "\(row.issuer)")
    }

    @Test(arguments: TokenRow.all) func theNearMissIsLeft(_ row: TokenRow) {
        let found = scan("see \(row.left) there")
        #expect(!found.contains { $0.kind == .secret }, "\(row.issuer): \(row.left)")
    }

    private static let surroundings = [
        ("key ", " used"), ("\"", "\""), ("('", "')"), ("a=", ""), ("x:", ","), ("\n", "\n"),
        ("`", "`"),
        ("<b>", "</b>"), ("https://h/", "?x"), ("backup_", "_2"), ("\"a\\n", "\\n\""),
    ]

    /// Random text of an alphabet is now and then a word; of all tokens one in a few thousand.
    @Test func tokensOfEveryFormAreFoundWhateverStandsAround() {
        var random = SplitMix(seed: 29)
        var count = 0
        var missed: [String] = []
        for row in TokenRow.all {
            for form in row.forms where form.check == .none {
                for (before, after) in Self.surroundings {
                    // Without four bytes of its own a token starts a word.
                    if before == "backup_", !form.isDistinct { continue }
                    let token = Self.token(of: form, &random)
                    let text = before + token + after
                    count += 1
                    let isFound = scan(text).contains {
                        $0.kind == .secret && slice(text, $0.range).contains(token)
                    }
                    if !isFound { missed.append(text) }
                }
            }
        }
        #expect(count > 2_500)
        #expect(missed.count * 400 <= count, "\(missed.prefix(20))")
    }

    @Test(arguments: [
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "d41d8cd98f00b204e9800998ecf8427e",
        "2bc7c6dcf458557435f4a185cf4eb66471ce9e16", "sha256:9f86d081884c7d659a2feaa0c55ad015",
        "img-2026-11-29-final_v2.tar.gz", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA1B2C3",
        ".btn-primary-2xl{margin:0 4px 12px}", "a.b3=function(c4){return c4.d5?e6(c4):f7}",
        "https://cdn.host/assets/app.3f9a1c7e.min.js", "pk_live_7mVq9TzR4bLw7cJd0sYn5hGf",
        "pk_test_7mVq9TzR4bLw7cJd0sYn5hGf", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7", "v1.0-rc.2",
        "sk-learn-and-its-estimators", "test_function_with_a_long_name_v2_of_it", "e2b_sandbox",
        "-----BEGIN CERTIFICATE-----\nMIIB1TCCAXugAwIBAgIUQ2\n-----END CERTIFICATE-----",
        "python3.11-x86_64-linux-gnu", "AAAAAElFTkSuQmCC", "org.example.app.MainActivity2",
        "re_match_the_pattern_again_and_again", "live_server_port_8080_of_the_test_machine",
    ])
    func whatIsPublicIsLeft(_ text: String) {
        #expect(!scan(text).contains { $0.kind == .secret }, "\(scan(text))")
    }

    @Test func theSecretPartOfAPuTTYKeyIsFound() {
        let secret = "AAABAQCB7Ml3f2Y4DJ0rGbYr2q0cVvT9\r\nAAABAQCB7Ml3f2Y4DJ0rGbYr2q0cVvT8"
        let text =
            "Public-Lines: 1\r\nAAAAB3NzaC1yc2EA\r\nPrivate-Lines: 2\r\n\(secret)\r\n"
            + "Private-MAC: 0123456789abcdef0123456789abcdef01234567\r\n"
        #expect(scan(text).map { slice(text, $0.range) } == [secret])
        #expect(scan("Private-Lines: 2\nno key").isEmpty)
    }

    private static func token(of form: TokenForm, _ random: inout SplitMix) -> String {
        var bytes: [UInt8] = []
        for part in form.parts {
            switch part {
            case .literal(let literal): bytes += literal
            case .sets(let sets):
                bytes += sets.map { $0[Int(random.next() % UInt64($0.count))] }
            case .run(let alphabet, let counts):
                let signs = alphabet.bytes
                let spread = UInt64(min(counts.count, 9))
                let count = counts.lowerBound + Int(random.next() % spread)
                // Signs that are no letters and digits end a sentence as well as a token.
                let ends = signs.filter { $0 != UInt8(ascii: "=") && isAlphanumeric($0) }
                for place in 0..<count {
                    let isEnd = place == 0 || place == count - 1
                    let choice = isEnd && !ends.isEmpty ? ends : signs
                    bytes.append(choice[Int(random.next() % UInt64(choice.count))])
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension TokenRow: CustomTestStringConvertible {
    public var testDescription: String { "\(self.issuer) \(self.found.prefix(8))" }
}
