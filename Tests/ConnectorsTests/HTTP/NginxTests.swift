import Dataflow
import Foundation
import Hashing
import LoopbackServer
import Objects
import Records
import Synchronization
import Testing

@testable import Connectors

/// The source against the server that most of the sites have, and what goes wrong with it.
@Suite(.enabled(if: NginxServer.isInstalled, Comment(rawValue: NginxServer.absence)))
struct NginxTests {
    private func connector(
        _ server: NginxServer,
        _ values: [String: ConfigValue] = [:]
    ) throws -> WebConnector {
        let own: [String: ConfigValue] = [
            "allow_private": texts("127.0.0.1"), "timeout": .double(600),
        ]
        let start = values["sitemap"] == nil ? ["crawl": texts(server.url + "/")] : [:]
        return WebConnector(
            try WebSourceOptions(
                settings(
                    WebConnector.kind,
                    own.merging(start) { $1 }.merging(values) { $1 }
                )
            )
        )
    }

    private func put(_ count: Int, in server: NginxServer) throws {
        for number in 0..<count {
            let text = "<p>Page \(number) of the mill.</p>"
            try server.put("d\(number % 4)/page \(number).html", text)
        }
    }

    private func documents(_ listing: WholeListing) -> Set<String> {
        Set(listing.uris.filter { $0.hasSuffix(".html") })
    }

    private func expected(_ count: Int) -> Set<String> {
        Set((0..<count).map { "web/d\($0 % 4)/page \($0).html" })
    }

    /// An index of folders as nginx makes it, and conditional requests as it answers them.
    @Test func folderWithItsIndexIsCrawledAndAskedForChanges() async throws {
        let server = try NginxServer(server: "autoindex on;")
        try self.put(40, in: server)
        let whole = try await list(self.connector(server))
        #expect(self.documents(whole) == self.expected(40))
        #expect(whole.problems.isEmpty)
        try server.put("d1/new.html", "<p>New.</p>")
        try server.remove("d2/page 2.html")
        let before = try server.requests().count
        let delta = try await list(self.connector(server), from: whole.checkpoint)
        #expect(delta.isDelta)
        #expect(self.documents(delta) == ["web/d1/new.html"])
        #expect(delta.deleted == [documentID(uri: "web/d2/page 2.html")])
        let asked = try server.requests().dropFirst(before)
        #expect(asked.filter { $0.hasPrefix("304 ") }.count == 39)
        // The indexes alone were sent again, and the new page.
        #expect(asked.filter { $0.hasPrefix("200 ") }.count == 6)
    }

    @Test func limitOfRequestsIsKept() async throws {
        let server = try NginxServer(
            http: "limit_req_zone $binary_remote_addr zone=z:1m rate=8r/s;",
            server: """
                autoindex on; limit_req zone=z burst=3 nodelay; limit_req_status 429;
                error_page 429 = @slow; location @slow { add_header Retry-After 1 always; return 429; }
                """
        )
        try self.put(30, in: server)
        let listing = try await list(self.connector(server))
        #expect(self.documents(listing) == self.expected(30))
        #expect(listing.problems.isEmpty)
        #expect(try server.requests().contains { $0.hasPrefix("429 ") })
    }

    /// One answer in three is 503: whatever is not had is said, and nothing counts as gone.
    @Test func serverThatFailsNowAndThenLosesNothing() async throws {
        let server = try NginxServer(
            http: "split_clients $request_id $fails { 33% 1; * 0; }",
            server: "autoindex on; if ($fails) { return 503; }"
        )
        try self.put(24, in: server)
        var found = Set<String>()
        var checkpoint: ListingCursor?
        for _ in 0..<8 where found.count < 24 {
            // No page but the first leads to the others: without it there is no listing.
            guard let listing = try? await list(self.connector(server), from: checkpoint) else {
                continue
            }
            checkpoint = listing.checkpoint
            #expect(listing.deleted.isEmpty)
            let isWhole = self.documents(listing).count == 24 - found.count
            #expect(isWhole || !listing.problems.isEmpty)
            found.formUnion(self.documents(listing))
        }
        #expect(found == self.expected(24))
        #expect(try server.requests().contains { $0.hasPrefix("503 ") })
    }

    @Test func charsetTypeAndCompressionOfTheServerReachTheDocument() async throws {
        let server = try NginxServer(
            server: """
                autoindex on; gzip on; gzip_min_length 1; gzip_types *;
                location /west/ { charset windows-1252; charset_types text/plain; }
                """
        )
        try server.put("west/a.txt", [0x63, 0x61, 0x66, 0xE9])
        try server.put("raw.txt", String(repeating: "mill ", count: 1000))
        let listing = try await list(self.connector(server))
        let west = try #require(listing.documents["web/west/a.txt"])
        #expect(west.bytes == [0x63, 0x61, 0x66, 0xE9])
        #expect(west.charset?.lowercased() == "windows-1252")
        #expect(listing.documents["web/raw.txt"]?.bytes.count == 5000)
    }

    @Test func redirectsOfFoldersAndOtherHostsAreAsTheScopeSays() async throws {
        let server = try NginxServer(
            server: """
                location = /away { return 302 http://example.org/secret; }
                location = /moved { return 301 /docs/a.html; }
                absolute_redirect off;
                """
        )
        try server.put("index.html", "<a href=/docs>d</a><a href=/away>x</a><a href=/moved>m</a>")
        try server.put("docs/index.html", "<a href=a.html>a</a>")
        try server.put("docs/a.html", "<p>a</p>")
        let listing = try await list(self.connector(server))
        #expect(listing.uris == ["web/", "web/docs/", "web/docs/a.html"])
        #expect(listing.skipped.contains("http://example.org/secret"))
    }

    /// An upstream that cuts its bodies and one that is not there: the pages are held, and the rest is listed.
    @Test func upstreamThatBreaksOffLosesNothing() async throws {
        let isWell = Mutex(true)
        let upstream = try LoopbackServer { _ in
            let body = Array(String(repeating: "<p>long</p>", count: 500).utf8)
            guard isWell.withLock({ $0 }) else {
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5500"
                return .init([.bytes(Array("\(head)\r\n\r\n".utf8) + body.prefix(700)), .cut])
            }
            return .init(200, ["content-type": "text/html"], body)
        }
        let server = try NginxServer(
            server: """
                location /up/ { proxy_pass \(upstream.url); }
                location /none/ { proxy_pass http://127.0.0.1:9; }
                """
        )
        try server.put("index.html", "<a href=up/a>a</a><a href=none/b>b</a><a href=c.html>c</a>")
        try server.put("c.html", "<p>c</p>")
        let whole = try await list(self.connector(server))
        #expect(whole.uris == ["web/", "web/c.html", "web/up/a"])
        #expect(whole.problems.count == 1)
        #expect(whole.problems.first?.contains("502") == true)
        isWell.withLock { $0 = false }
        let delta = try await list(self.connector(server), from: whole.checkpoint)
        #expect(delta.deleted.isEmpty)
        #expect(!delta.uris.contains("web/up/a"))
        #expect(delta.problems.count == 2)
    }

    /// Killed in the middle of a listing and started again: the cursor goes on where it stood.
    @Test func serverThatIsKilledAndComesBackIsGoneOnWith() async throws {
        let server = try NginxServer(server: "autoindex on;")
        try self.put(150, in: server)
        let first = try await self.connector(server).page(after: nil)
        let cursor = try #require(first.next)
        server.kill()
        let broken = try await self.connector(server).page(after: cursor)
        #expect(broken.deleted.isEmpty)
        #expect(!broken.report.errors.isEmpty)
        try server.start()
        let rest = try await list(self.connector(server), from: cursor)
        let uris = Set(first.items.map(\.uri)).union(rest.uris).filter { $0.hasSuffix(".html") }
        #expect(uris == self.expected(150))
        #expect(rest.problems.isEmpty)
    }
}
