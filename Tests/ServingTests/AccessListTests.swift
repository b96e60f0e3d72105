import Foundation
import Hashing
import JWTKit
import MillraceSearch
import Operations
import Records
import Testing

@testable import Serving

@Suite struct AccessListTests {
    private static func list() throws -> AccessList {
        try AccessList(text: ServedCorpus.tokens, path: "tokens")
    }

    @Test func aTokenIsKnownByItsHash() throws {
        let list = try Self.list()
        #expect(list.principal(token: "a-token")?.access == .labels(["team-a"]))
        #expect(list.principal(token: "reader-token")?.access == .everything)
        #expect(list.principal(token: "a-token ") == nil)
        #expect(list.principal(token: "") == nil)
        // The hash in the file is no token.
        #expect(list.principal(token: sha256("a-token").hex) == nil)
    }

    @Test func aNewTokensLineLetsItsBearerIn() throws {
        let made = try makeToken(name: "alice", roles: ["reader"], labels: ["team-a", "team-b"])
        let list = try AccessList(text: made.line + "\n", path: "tokens")
        let principal = try #require(list.principal(token: made.token))
        #expect(principal.name == "alice")
        #expect(principal.access == .labels(["team-b", "team-a"]))
        #expect(!made.line.contains(made.token))
        #expect(try makeToken(name: "alice", roles: [], labels: []).token != made.token)
    }

    @Test(arguments: [
        "nonsense", "[]", #"{"name":"a"}"#, #"{"name":"a b","sha256":"00","roles":[]}"#,
        #"{"name":"a","sha256":"zz","roles":["reader"]}"#,
        #"{"name":"a","sha256":"\#(String(repeating: "0", count: 64))","roles":["king"]}"#,
        #"{"name":"a","sha256":"\#(String(repeating: "0", count: 64))","roles":[],"labels":[""]}"#,
        #"{"roles":["reader"]}"#, #"{"principal":"","roles":["reader"]}"#,
    ])
    func aLineThatIsNoneIsNamed(line: String) throws {
        let error = #expect(throws: OperationError.self) {
            try AccessList(text: "\n" + line, path: "tokens")
        }
        #expect(error?.status == .configuration)
        #expect(error?.message.hasPrefix("tokens:2: ") == true)
    }

    @Test(arguments: ["", "Bearer", "Basic a-token", "Bearer a b", "a-token"])
    func whatIsNoBearerTokenIsNobody(header: String) async throws {
        let gate = Gatekeeper(try Self.list())
        #expect(await gate.principal(authorization: header) == nil)
        #expect(await gate.principal(authorization: "bearer a-token")?.name == "team-a")
    }

    private struct Claims: JWTPayload {
        var sub: String
        var groups: [String]?
        var iss = "issuer"
        var aud = "millrace"
        var exp: Int
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    /// Signed by a key of the set, in its time, for this server: else nobody.
    @Test func aJWTIsMappedToLabelsByItsSubjectAndGroups() async throws {
        let secret = Data("0123456789abcdef0123456789abcdef".utf8)
        let set = """
            {"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","alg":"EdDSA",\
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",\
            "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]}
            """
        let path =
            NSTemporaryDirectory()
            + "millrace-jwks-\(ProcessInfo.processInfo.processIdentifier).json"
        try Data(set.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let keys = try await BearerKeys(path: path, issuer: "issuer", audience: "millrace")
        let gate = Gatekeeper(try Self.list(), keys: keys)
        let signer = JWTKeyCollection()
        try await signer.add(jwksJSON: set)
        let stranger = JWTKeyCollection()
        await stranger.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256, kid: "k1")
        let later = Int(Date().timeIntervalSince1970) + 600
        func principal(_ claims: Claims, by collection: JWTKeyCollection) async throws -> Principal?
        {
            let token = try await collection.sign(claims, kid: "k1")
            return await gate.principal(authorization: "Bearer " + token)
        }
        let alice = Claims(sub: "alice", exp: later)
        #expect(try await principal(alice, by: signer)?.access == .labels(["team-b"]))
        let both = Claims(sub: "alice", groups: ["staff", "other"], exp: later)
        #expect(try await principal(both, by: signer)?.access == .labels(["team-a", "team-b"]))
        let unknown = Claims(sub: "mallory", exp: later)
        #expect(try await principal(unknown, by: signer) == nil)
        let old = Claims(sub: "alice", exp: later - 1_200)
        #expect(try await principal(old, by: signer) == nil)
        var foreign = alice
        foreign.aud = "another"
        #expect(try await principal(foreign, by: signer) == nil)
        foreign = alice
        foreign.iss = "another"
        #expect(try await principal(foreign, by: signer) == nil)
        #expect(try await principal(alice, by: stranger) == nil)
        #expect(await gate.principal(authorization: "Bearer a.b.c") == nil)
    }

    @Test func hostsAreToldApart() {
        let local = HostGuard(isLoopback: true)
        for name in ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "LOCALHOST"] {
            #expect(local.admits(authority: name))
        }
        for name in [
            "", "evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "[::2]",
        ] {
            #expect(!local.admits(authority: name))
        }
        #expect(HostGuard(isLoopback: false).admits(authority: "search.example"))
        #expect(!HostGuard(isLoopback: false).admits(authority: nil))
        #expect(local.admits(origin: nil, authority: "localhost:1"))
        #expect(local.admits(origin: "http://localhost:1", authority: "localhost:1"))
        #expect(!local.admits(origin: "null", authority: "localhost:1"))
        #expect(!local.admits(origin: "http://localhost:2", authority: "localhost:1"))
    }

    @Test func aBucketFillsAgain() {
        let limiter = RateLimiter(perSecond: 2)
        let start = ContinuousClock.now
        let first = (0..<6).map { _ in limiter.take("a", now: start) }
        #expect(first == [true, true, true, true, false, false])
        #expect(limiter.take("b", now: start))
        #expect(limiter.take("a", now: start.advanced(by: .milliseconds(600))))
        #expect(!limiter.take("a", now: start.advanced(by: .milliseconds(600))))
    }

    @Test(arguments: ["8080", "host", ":1", "host:", "host:70000", "a:b:1", "host:-1", "[::1]"])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(throws: OperationError.self) { try ListenAddress(text) }
    }
}
