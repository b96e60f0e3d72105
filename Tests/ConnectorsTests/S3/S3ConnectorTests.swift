import Dataflow
import Foundation
import LoopbackServer
import Objects
import Records
import Synchronization
import Testing

@testable import Connectors

private let keys = ["AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "secret"]

private func connector(
    _ url: String,
    _ values: [String: ConfigValue] = [:],
    environment: [String: String] = keys
) throws -> S3Connector {
    let own: [String: ConfigValue] = [
        "bucket": .string("docs"), "endpoint": .string(url), "region": .string("eu-central-1"),
        "addressing": .string("path"),
    ]
    let context = AWSContext(environment: environment)
    let options = try S3SourceOptions(
        settings(S3Connector.kind, own.merging(values) { $1 }, name: "s3"),
        context
    )
    // The other tests may hold the machine for long.
    return try S3Connector(options, context, timeout: .seconds(600))
}

/// A bucket of its own for a test, on a server for all.
private struct TestBucket: Sendable {
    let url: String
    let name: String

    init(_ name: String, on server: MotoServer) async throws {
        self.url = server.url
        self.name = name
        let place =
            "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>"
            + "</CreateBucketConfiguration>"
        let request = HTTPRequest(
            "PUT",
            url: "\(server.url)/\(name)",
            headers: [(name: "authorization", value: "AWS a:b")],
            body: Array(place.utf8)
        )
        _ = try await HTTPTransport().send(request)
    }

    init(_ name: String) async throws { try await self.init(name, on: MotoServer.shared()) }

    func connector(
        _ values: [String: ConfigValue] = [:],
        environment: [String: String] = keys
    ) throws -> S3Connector {
        try ConnectorsTests.connector(
            self.url,
            ["bucket": .string(self.name)].merging(values) { $1 },
            environment: environment
        )
    }

    func client() throws -> S3Client {
        S3Client(
            bucket: try S3Bucket(
                self.name,
                endpoint: self.url,
                region: "eu-central-1",
                addressing: .path
            ),
            credentials: AWSCredentialSource(
                AWSCredentials(accessKeyID: "AKIATEST", secretAccessKey: Secret("secret"))
            ),
            transport: HTTPTransport()
        )
    }
}

private func failure(_ connector: S3Connector) async -> ConnectorError? {
    do throws(ConnectorError) {
        _ = try await connector.page(after: nil)
        return nil
    } catch {
        return error
    }
}

@Suite(.enabled(if: MotoServer.isInstalled, "moto is not installed: pip install 'moto[server]'"))
struct S3ConnectorTests {
    @Test func documentsByKey() async throws {
        let bucket = try await TestBucket("source-keys")
        let client = try bucket.client()
        let bodies = [
            "m/a.html": "<p>a", "m/b/c.txt": "c", "m/b/d e.md": "d", "m/x": "x", "other": "o",
            "m/skip.log": "l",
            "m/empty.txt": "",
        ]
        for (key, body) in bodies { _ = try await client.put(key, Array(body.utf8)) }
        _ = try await client.put("m/b/", [])
        _ = try await client.put(
            "m/typed",
            Array("<p>t".utf8),
            contentType: "text/html; charset=iso-8859-1",
            metadata: ["team": "blue"]
        )
        let connector = try bucket.connector(["prefix": .string("m/"), "exclude": texts("*.log")]
        )
        let listing = try await list(connector)
        #expect(
            listing.uris == [
                "s3/a.html", "s3/b/c.txt", "s3/b/d e.md", "s3/empty.txt", "s3/typed", "s3/x",
            ]
        )
        #expect(listing.text("s3/b/d e.md") == "d")
        #expect(listing.unmatched == 1)
        #expect(listing.documents["s3/typed"]?.mediaType == .html)
        #expect(listing.documents["s3/typed"]?.charset == "iso-8859-1")
        #expect(listing.documents["s3/typed"]?.metadata == ["team": "blue"])
        #expect(listing.items.first { $0.uri == "s3/a.html" }?.mediaType == .html)
        // The same again has the same versions; what is written anew has another.
        let again = try await list(connector)
        func versions(_ listing: WholeListing) -> [String: ItemVersion] {
            Dictionary(uniqueKeysWithValues: listing.items.map { ($0.uri, $0.version) })
        }
        #expect(versions(again) == versions(listing))
        _ = try await client.put("m/a.html", Array("<p>b".utf8))
        let changed = try await list(connector)
        #expect(
            versions(changed).filter { versions(listing)[$0.key] != $0.value }.keys.sorted() == [
                "s3/a.html"
            ]
        )
    }

    /// An inventory names the same objects in the same versions, so that one may take the other's place.
    @Test func inventoryTakesThePlaceOfAListing() async throws {
        let bucket = try await TestBucket("source-inventory")
        let client = try bucket.client()
        for key in ["m/a.txt", "m/b c.txt", "m/ü/d.txt", "m/skip.log", "other"] {
            _ = try await client.put(key, Array(key.utf8))
        }
        let keys: [String: ConfigValue] = ["prefix": .string("m/"), "exclude": texts("*.log")]
        let listed = try await list(bucket.connector(keys))
        let format = ISO8601DateFormatter()
        let rows = try await client.list(prefix: "").entries.map { entry in
            let key = PercentCoding.encoded(entry.key, keepingSlashes: true)
                .replacing("%20", with: "+")
            let time = Date(timeIntervalSince1970: Double(entry.modified ?? 0) / 1e9)
            let etag = entry.etag.replacing("\"", with: "")
            return [bucket.name, key, "\(entry.size)", format.string(from: time), etag]
                .map { "\"\($0)\"" }.joined(separator: ",")
        }
        let foreign = "\"another\",\"m/no.txt\",\"1\",\"\",\"\""
        let text = (rows + [foreign]).joined(separator: "\n") + "\n"
        let half = rows.count / 2
        _ = try await client.put("i/1.csv.gz", gzipped(rows[..<half].joined(separator: "\n")))
        _ = try await client.put("i/2.csv", Array(rows[half...].joined(separator: "\r\n").utf8))
        let manifest =
            #"{"fileFormat":"CSV","fileSchema":"Bucket, Key, Size, LastModifiedDate, ETag","#
            + #""files":[{"key":"i/1.csv.gz"},{"key":"i/2.csv"}]}"#
        _ = try await client.put("i/manifest.json", Array(manifest.utf8))
        let file = "/tmp/millrace-inventory-\(getpid()).csv"
        try Data(text.utf8).write(to: URL(filePath: file))
        defer { _ = try? FileManager.default.removeItem(atPath: file) }
        for place in [file, "s3://\(bucket.name)/i/manifest.json"] {
            let found = try await list(
                bucket.connector(keys.merging(["inventory": .string(place)]) { $1 })
            )
            #expect(found.uris == listed.uris)
            #expect(Set(found.items.map(\.version)) == Set(listed.items.map(\.version)))
            #expect(found.text("s3/b c.txt") == "m/b c.txt")
        }
        for place in [
            "/none.csv", "s3://\(bucket.name)/none.csv.gz", "s3://\(bucket.name)/m/a.json",
        ] {
            let error = await failure(try bucket.connector(["inventory": .string(place)]))
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("check 'inventory'") == true)
        }
    }

    /// Folders are listed at the same time, and any page may be the last of a process.
    @Test func manyKeysInFolders() async throws {
        let bucket = try await TestBucket("source-folders")
        let client = try bucket.client()
        let names = (0..<60).map { "f\($0 % 7)/\($0).txt" } + ["top.txt"]
        _ = try await inParallel(names, limit: 8) { name async throws(RemoteFailure) in
            try await client.put(name, Array(name.utf8))
        }
        let whole = try await list(bucket.connector())
        #expect(whole.items.count == 61)
        #expect(Set(whole.items.map(\.uri)) == Set(names.map { "s3/\($0)" }))
        let parts = try await list(
            bucket.connector(),
            anew: { try bucket.connector(["concurrency": .int(1)]) }
        )
        #expect(parts.items.map(\.uri) == whole.items.map(\.uri))
        for name in names { #expect(whole.text("s3/\(name)") == name) }
    }

    @Test func tagsAreLabels() async throws {
        let bucket = try await TestBucket("source-tags")
        let client = try bucket.client()
        _ = try await client.put("a.txt", [0x61])
        _ = try await client.put("b.txt", [0x62])
        let tags =
            "<Tagging><TagSet><Tag><Key>teams</Key><Value>red blue</Value></Tag></TagSet></Tagging>"
        _ = try await HTTPTransport().send(
            HTTPRequest(
                "PUT",
                url: "\(bucket.url)/\(bucket.name)/a.txt?tagging",
                headers: [(name: "authorization", value: "AWS a:b")],
                body: Array(tags.utf8)
            )
        )
        let listing = try await list(
            bucket.connector(["label_tag": .string("teams"), "tags": .bool(true)])
        )
        let items = Dictionary(uniqueKeysWithValues: listing.items.map { ($0.uri, $0) })
        #expect(items["s3/a.txt"]?.labels == ["blue", "red"])
        #expect(items["s3/a.txt"]?.metadata == ["tag.teams": "red blue"])
        #expect(items["s3/b.txt"]?.labels == [])
    }

    @Test func whatGoesBetweenListingAndReading() async throws {
        let bucket = try await TestBucket("source-between")
        let client = try bucket.client()
        _ = try await client.put("a.txt", [0x61])
        let connector = try bucket.connector()
        let item = try #require(try await connector.page(after: nil).items.first)
        await #expect(throws: ConnectorError.self) {
            try await connector.read(item, maximumBytes: 0)
        }
        try await client.delete("a.txt")
        do throws(ConnectorError) {
            _ = try await connector.read(item, maximumBytes: 100)
            Issue.record("it was read")
        } catch {
            #expect(error.code == .gone)
        }
    }

    @Test func largeObjectsComeInParts() async throws {
        let bucket = try await TestBucket("source-large")
        let bytes = (0..<(9 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) }
        _ = try await bucket.client().put("large.bin", bytes)
        let connector = try bucket.connector()
        let item = try #require(try await connector.page(after: nil).items.first)
        #expect(try await connector.read(item, maximumBytes: 1 << 26).bytes == bytes)
        await #expect(throws: ConnectorError.self) {
            try await connector.read(item, maximumBytes: 9 << 19)
        }
    }

    @Test func whatIsWrongIsSaid() async throws {
        let bucket = try await TestBucket("source-wrong")
        let missing = await failure(try bucket.connector(["bucket": .string("nothing")]))
        #expect(missing?.code == .unavailable)
        for word in ["'s3'", bucket.url, "NoSuchBucket", "'bucket'"] {
            #expect(missing?.message.contains(word) == true, "\(word)")
        }
    }

    /// A server that looks at signatures: with the right secret it answers, with another it does not.
    @Test func credentialsAreChecked() async throws {
        let server = try await MotoServer.start(environment: ["INITIAL_NO_AUTH_ACTION_COUNT": "4"])
        let bucket = try await TestBucket("checked", on: server)
        let wrong = await failure(
            try bucket.connector(environment: [
                "AWS_ACCESS_KEY_ID": "AKIANOBODY", "AWS_SECRET_ACCESS_KEY": "hidden",
            ]
            )
        )
        for _ in 0..<4 { _ = await failure(try bucket.connector()) }
        let late = await failure(try bucket.connector())
        let refused = wrong ?? late
        #expect(refused?.code == .unavailable)
        #expect(refused?.message.contains("AWS_ACCESS_KEY_ID") == true)
        #expect(refused?.message.contains("hidden") == false)
    }
}

@Suite struct S3ConnectorFaultTests {
    @Test(arguments: [
        (403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", "AWS_SECRET_ACCESS_KEY"),
        (403, "<Error><Code>AccessDenied</Code></Error>", "s3:ListBucket"),
        (301, "<Error><Code>PermanentRedirect</Code></Error>", "'region'"),
        (
            400,
            "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>",
            "eu-west-1"
        ),
        (404, "<html>", "'endpoint'"),
    ])
    func errorsSayWhatToType(status: Int, body: String, word: String) async throws {
        let server = try LoopbackServer { _ in .init(status, text: body) }
        let found = await failure(try connector(server.url))
        #expect(found?.code == .unavailable)
        #expect(found?.message.contains(word) == true)
        #expect(found?.message.contains("'s3'") == true)
    }

    /// A fault that may pass is tried again by the wrapper that stands around, and not here.
    @Test func faultsArePassedOn() async throws {
        let server = try LoopbackServer { _ in
            .init(503, ["retry-after": "3"], text: "<Error><Code>SlowDown</Code></Error>")
        }
        let found = await failure(try connector(server.url))
        #expect(found?.code == .throttled)
        #expect(found?.retryAfter == .seconds(3))
        #expect(server.requests.count == 1)
    }

    @Test func noCredentials() async throws {
        let server = try LoopbackServer { _ in .init(403) }
        let found = await failure(
            try connector(server.url, environment: ["AWS_EC2_METADATA_DISABLED": "true"])
        )
        #expect(found?.code == .unavailable)
        #expect(found?.message.contains("AWS_ACCESS_KEY_ID is not set") == true)
        #expect(server.requests.isEmpty)
    }

    @Test func nobodyListens() async throws {
        let url = try LoopbackServer { _ in .init() }.url
        let found = await failure(try connector(url))
        #expect(found?.code == .transient)
        for word in ["'s3'", url, "connection refused", "'endpoint'"] {
            #expect(found?.message.contains(word) == true, "\(word)")
        }
    }

    /// Half a listing is no listing.
    @Test func aListingThatBreaksOff() async throws {
        let server = try LoopbackServer { _ in
            .init(text: "<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents>")
        }
        #expect(await failure(try connector(server.url))?.code == .transient)
    }

    /// A server that lists in another order than that of bytes loses no key.
    @Test func anyOrderWillDo() async throws {
        let server = try LoopbackServer { request in
            func contents(_ keys: [String]) -> String {
                keys.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
            }
            let target = request.target
            if target.contains("delimiter") {
                return .init(
                    text:
                        "<ListBucketResult>\(contents(["z", "a"]))<CommonPrefixes><Prefix>q/</Prefix>"
                        + "</CommonPrefixes><CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes></ListBucketResult>"
                )
            }
            let folder = target.contains("prefix=q") ? "q" : "b"
            if target.contains("continuation-token") {
                return .init(
                    text: "<ListBucketResult>\(contents(["\(folder)/0"]))</ListBucketResult>"
                )
            }
            return .init(
                text:
                    "<ListBucketResult>\(contents(["\(folder)/2", "\(folder)/1"]))<IsTruncated>true</IsTruncated>"
                    + "<NextContinuationToken>t</NextContinuationToken></ListBucketResult>"
            )
        }
        let connector = try connector(server.url)
        var uris: [String] = []
        var cursor: ListingCursor?
        repeat {
            let page = try await connector.page(after: cursor)
            uris += page.items.map(\.uri)
            cursor = page.next
        } while cursor != nil
        #expect(uris == ["z", "a", "q/2", "q/1", "q/0", "b/2", "b/1", "b/0"].map { "s3/\($0)" })
    }

    @Test func whatCannotBe() {
        for values in [
            ["bucket": .string("a/b")], ["endpoint": .string("localhost")], ["include": .list([])],
        ] as [[String: ConfigValue]] {
            do throws(ConnectorError) {
                _ = try S3SourceOptions(
                    settings(
                        S3Connector.kind,
                        ["bucket": .string("docs"), "endpoint": .string("http://a")]
                            .merging(values) { $1 },
                        name: "s3"
                    ),
                    AWSContext(environment: [:])
                )
                Issue.record("it was taken")
            } catch {
                #expect(error.code == .configuration)
            }
        }
    }
}
