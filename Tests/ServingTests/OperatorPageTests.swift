import Foundation
import HTTPTypes
import Hashing
import Hummingbird
import HummingbirdTesting
import Manifests
import MillraceSearch
import Operations
import Records
import Segments
import Storage
import Testing

@testable import Serving

/// The page at `/ui`: who sees what, what may be done, and that nothing of elsewhere runs in it.
@Suite struct OperatorPageTests {
    private static let tokens = """
        {"name":"reader","sha256":"\(sha256("reader-token").hex)","roles":["reader"],"labels":["*"]}
        {"name":"team-a","sha256":"\(sha256("a-token").hex)","roles":["reader"],"labels":["team-a"]}
        {"name":"olga","sha256":"\(sha256("operator-token").hex)","roles":["operator","reader"],"labels":["*"]}
        {"name":"prometheus","sha256":"\(sha256("metrics-token").hex)","roles":["metrics"]}
        """

    private static let reads = [
        "/ui/api/runs", "/ui/api/failures", "/ui/api/snapshots", "/ui/api/diff/1/2",
    ]

    private func expect(
        _ response: TestResponse,
        _ status: HTTPResponse.Status,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(response.status == status, "\(response.text)", sourceLocation: sourceLocation)
    }

    private func served(_ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void)
        async throws
    {
        let corpus = try PublishedCorpus(tenantDocuments(20))
        try corpus.publish(tenantDocuments(24), number: 2)
        let layout = WorkspaceLayout(root: corpus.path)
        // What a run leaves beside the segments, as far as the page reads it.
        let catalog = try Catalog(path: layout.catalog, mode: .create)
        try catalog.setSetting(SettingKey.shardCount, to: "2")
        for shard in 0..<2 {
            _ = try ShardManifest(path: layout.manifest(shard: shard), mode: .create)
        }
        let index = try await SearchIndex.open(
            workspace: corpus.path,
            options: SearchIndex.Options(refreshInterval: nil)
        )
        let limits = RequestLimits()
        let answering = Answering(
            index: index,
            gate: Gatekeeper(try AccessList(text: Self.tokens, path: "tokens")),
            host: HostGuard(isLoopback: false),
            limits: limits,
            page: try OperatorPage(workspace: corpus.path, isCopy: false, limits: limits)
        )
        let application = Serving.application(answering, try ListenAddress("127.0.0.1:0")) { _ in }
        try await application.test(.router) { client in try await body(client) }
        withExtendedLifetime(corpus) {}
    }

    @Test func theFilesAreForAnybodyAndRunNothingOfElsewhere() async throws {
        try await self.served { client in
            for path in ["/ui", "/ui/style.css", "/ui/script.js"] {
                let response = try await client.send(.get, path, token: nil)
                #expect(response.status == .ok)
                let policy = try #require(response.headers[.contentSecurityPolicy])
                #expect(policy.hasPrefix("default-src 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(response.headers[.xContentTypeOptions] == "nosniff")
            }
            let page = try await client.send(.get, "/ui", token: nil).text
            for banned in ["<style", "style=", "onclick", "http://", "https://", "javascript:"] {
                #expect(!page.contains(banned))
            }
            let script = try await client.send(.get, "/ui/script.js", token: nil).text
            for banned in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write",
            ] {
                #expect(!script.contains(banned))
            }
        }
    }

    @Test func whoMaySeeWhat() async throws {
        try await self.served { client in
            for path in Self.reads + ["/ui/api/session", "/ui/api/progress"] {
                expect(try await client.send(.get, path, token: nil), .unauthorized)
                expect(try await client.send(.get, path, token: "metrics-token"), .forbidden)
            }
            // A tenant is told no count and no name of others.
            for path in Self.reads + ["/ui/api/progress"] {
                expect(try await client.send(.get, path, token: "a-token"), .forbidden)
            }
            let session = try await client.send(.get, "/ui/api/session", token: "a-token").json()
            #expect(session["isWhole"] as? Bool == false)
            let found = try await client.send(
                .post,
                "/ui/api/search",
                token: "a-token",
                body: #"{"query":"w1","k":20}"#
            )
            #expect(found.status == .ok)
            #expect(!found.text.contains("team-b"))
            for path in ["/ui/api/snapshots", "/ui/api/runs", "/ui/api/failures"] {
                expect(try await client.send(.get, path), .ok)
            }
        }
    }

    @Test func pathTricksAndOtherMethodsAreRefused() async throws {
        try await self.served { client in
            let tricks = [
                "/ui/../catalog.sqlite", "/ui/api/runs/../failures", "/ui/api/runs/-1",
                "/ui/api/runs/1e3", "/ui/api/diff/1", "/ui/api/diff/1/2/3", "/ui/api/runs/%31",
                "/ui/api/runs/99999999999999999999", "/ui//api/runs", "/UI",
            ]
            for path in tricks {
                expect(try await client.send(.get, path), .notFound)
            }
            expect(try await client.send(.get, "/ui/api/runs/77"), .notFound)
            expect(try await client.send(.post, "/ui/api/runs", body: "{}"), .methodNotAllowed)
            expect(try await client.send(.get, "/ui/api/rollback"), .methodNotAllowed)
        }
    }

    @Test func onlyAnOperatorWithTheTokenOfThePageActs() async throws {
        try await self.served { client in
            let csrf = try #require(HTTPField.Name("X-Millrace-CSRF"))
            let session = try await client.send(.get, "/ui/api/session", token: "operator-token")
                .json()
            let secret = try #require(session["csrf"] as? String)
            #expect(session["isOperator"] as? Bool == true)
            func rollBack(_ token: String, _ headers: HTTPFields, _ body: String) async throws
                -> TestResponse
            {
                try await client.send(
                    .post,
                    "/ui/api/rollback",
                    token: token,
                    headers: headers,
                    body: body
                )
            }
            let one = #"{"number":1}"#
            expect(try await rollBack("operator-token", [:], one), .forbidden)
            expect(try await rollBack("operator-token", [csrf: "x"], one), .forbidden)
            expect(try await rollBack("reader-token", [csrf: secret], one), .forbidden)
            let foreign: HTTPFields = [csrf: secret, .origin: "http://evil.example"]
            expect(try await rollBack("operator-token", foreign, one), .forbidden)
            let form: HTTPFields = [csrf: secret, .contentType: "text/plain"]
            expect(try await rollBack("operator-token", form, one), .unsupportedMediaType)
            expect(try await rollBack("operator-token", [csrf: secret], "{"), .badRequest)
            expect(
                try await rollBack("operator-token", [csrf: secret], #"{"number":9}"#),
                .notFound
            )
            let done = try await rollBack("operator-token", [csrf: secret], one)
            #expect(done.status == .ok, "\(done.text)")
            #expect(try done.json()["to"] as? Int == 1)
            let list = try await client.send(.get, "/ui/api/snapshots").json()
            #expect(list["live"] as? Int == 1)
        }
    }
}
