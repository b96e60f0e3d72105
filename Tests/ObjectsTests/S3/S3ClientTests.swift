import Foundation
import LoopbackServer
import Synchronization
import Testing

@testable import Objects

private let keys = AWSCredentials(accessKeyID: "AKIATEST", secretAccessKey: Secret("secret"))

private func client(
    _ url: String,
    bucket: String = "docs",
    _ credentials: AWSCredentialSource? = nil
) throws -> S3Client {
    var policy = RetryPolicy()
    policy.firstDelay = .milliseconds(5)
    policy.longestDelay = .milliseconds(20)
    policy.maximumAttempts = 4
    // The other tests may hold the machine for long.
    policy.maximumElapsed = .seconds(36_000)
    var client = S3Client(
        bucket: try S3Bucket(bucket, endpoint: url, region: "us-east-1", addressing: .path),
        credentials: credentials ?? AWSCredentialSource(keys),
        transport: HTTPTransport(),
        policy: policy
    )
    client.timeout = .seconds(600)
    return client
}

/// Makes the bucket that a client names: a request of its own, which no reader of documents sends.
private func makeBucket(_ url: String, _ name: String = "docs") async throws {
    let request = HTTPRequest(
        "PUT",
        url: "\(url)/\(name)",
        headers: [(name: "authorization", value: "AWS test:test")],
        body: []
    )
    _ = try await HTTPTransport().send(request)
}

@Suite(.enabled(if: MotoServer.isInstalled, "moto is not installed: pip install 'moto[server]'"))
struct S3ClientTests {
    @Test func objectsComeBackAsTheyWereWritten() async throws {
        let server = try await MotoServer.shared()
        try await makeBucket(server.url, "objects")
        let client = try client(server.url, bucket: "objects")
        let odd = [
            "a b/ü+%41.txt", "a/../b", "a//b", "./c", "q?x=1&y#z", "~!*'()", "日本/語", "tab\tend",
            "e\u{301}",
        ]
        for key in odd {
            _ = try await client.put(
                key,
                Array(key.utf8),
                contentType: "text/plain",
                metadata: ["team": "x"]
            )
        }
        for key in odd {
            let object = try await client.get(key)
            #expect(object.bytes == Array(key.utf8), "\(key)")
            #expect(object.metadata == ["team": "x"])
            #expect(object.contentType?.hasPrefix("text/plain") == true)
        }
        let page = try await client.list()
        #expect(
            page.entries.map(\.key) == odd.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        )
        #expect(page.entries.allSatisfy { $0.etag.count == 34 && $0.modified != nil })
        let head = try await client.head("a/../b")
        #expect(head.size == 6)
        #expect(head.etag == page.entries.first { $0.key == "a/../b" }?.etag)
        for key in odd { try await client.delete(key) }
        try await client.delete("never there")
        #expect(try await client.list().entries.isEmpty)
    }

    @Test func pagesPrefixesAndRanges() async throws {
        let server = try await MotoServer.shared()
        try await makeBucket(server.url, "pages")
        let client = try client(server.url, bucket: "pages")
        for index in 0..<25 {
            _ = try await client.put("m/\(index % 3)/\(100 + index)", [UInt8(index)])
        }
        _ = try await client.put("m/top", [0])
        var found: [String] = []
        var token: String?
        repeat {
            let page = try await client.list(prefix: "m/", token: token, maximumKeys: 7)
            found += page.entries.map(\.key)
            token = page.next
        } while token != nil
        #expect(found.count == 26)
        #expect(found == found.sorted())
        let top = try await client.list(prefix: "m/", delimiter: "/")
        #expect(top.entries.map(\.key) == ["m/top"])
        #expect(top.prefixes == ["m/0/", "m/1/", "m/2/"])
        #expect(try await client.list(startAfter: "m/2/123").entries.map(\.key) == ["m/top"])

        let bytes = (0..<1000).map { UInt8($0 & 255) }
        let etag = try await client.put("large", bytes)
        #expect(try await client.get("large", range: 10..<20).bytes == Array(bytes[10..<20]))
        #expect(try await client.get("large", range: 10..<20).size == 1000)
        let whole = try await client.getInParts("large", size: 1000, ifMatches: etag, partBytes: 77)
        #expect(whole.bytes == bytes)
        #expect(whole.size == 1000)
        await #expect(throws: RemoteFailure.self) {
            try await client.getInParts("large", size: 1000, ifMatches: "\"other\"", partBytes: 77)
        }
    }

    @Test func conditions() async throws {
        let server = try await MotoServer.shared()
        try await makeBucket(server.url, "conditions")
        let client = try client(server.url, bucket: "conditions")
        func kind(_ condition: S3Condition) async -> RemoteFailure.Kind? {
            do throws(RemoteFailure) {
                _ = try await client.put("head", [9], condition)
                return nil
            } catch {
                return error.kind
            }
        }
        let first = try await client.put("head", [1], .absent)
        #expect(await kind(.absent) == .preconditionFailed)
        let second = try await client.put("head", [2], .matches(first))
        #expect(second != first)
        #expect(await kind(.matches(first)) == .preconditionFailed)
        #expect(try await client.get("head").bytes == [2])
    }

    @Test func failuresAreTyped() async throws {
        let server = try await MotoServer.shared()
        try await makeBucket(server.url, "typed")
        func failure(_ bucket: String, _ work: (S3Client) async throws -> Void) async throws
            -> RemoteFailure?
        {
            do {
                try await work(client(server.url, bucket: bucket))
                return nil
            } catch let error as RemoteFailure {
                return error
            }
        }
        let missing = try await failure("typed") { _ = try await $0.get("nothing") }
        #expect(missing?.kind == .gone)
        #expect(missing?.message == "reading s3://typed/nothing: the server answered 404 NoSuchKey")
        let bucket = try await failure("never-made") { _ = try await $0.list() }
        #expect(bucket?.code == "NoSuchBucket")
        #expect(bucket?.kind == .permanent)
        #expect(try await failure("typed") { _ = try await $0.head("nothing") }?.kind == .gone)
    }
}

@Suite struct S3FaultTests {
    private static let listing =
        "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"

    private func failure(_ client: S3Client) async -> RemoteFailure? {
        do throws(RemoteFailure) {
            _ = try await client.list()
            return nil
        } catch {
            return error
        }
    }

    /// Half of the requests are refused, by turns and in streaks: all get through.
    @Test func throttlingIsWaitedFor() async throws {
        let count = Mutex(0)
        let server = try LoopbackServer { _ in
            let turn = count.withLock {
                $0 += 1
                return $0
            }
            return turn % 2 == 0 || turn % 64 < 12
                ? .init(503, text: "<Error><Code>SlowDown</Code></Error>") : .init(text: "x")
        }
        let client = try client(server.url)
        let bodies = try await inParallel(Array(0..<200), limit: 8) {
            index async throws(RemoteFailure) in
            try await client.get("k\(index)").bytes
        }
        #expect(bodies.count == 200)
    }

    /// A server answers 200, begins, and finds that it cannot go on.
    @Test func anErrorInAGoodAnswerIsTriedAgain() async throws {
        let count = Mutex(0)
        let server = try LoopbackServer { _ in
            let turn = count.withLock {
                $0 += 1
                return $0
            }
            return switch turn {
            case 1: .init(text: "<Error><Code>InternalError</Code></Error>")
            case 2: .init(text: "<ListBucketResult><Contents>")
            default: .init(text: Self.listing)
            }
        }
        #expect(try await client(server.url).list().entries.isEmpty)
        #expect(server.requests.count == 3)
    }

    @Test func credentialsThatEndedAreFetchedAnew() async throws {
        let issued = Mutex(0)
        let metadata = try LoopbackServer { _ in
            let count = issued.withLock {
                $0 += 1
                return $0
            }
            return .init(
                text: #"{"AccessKeyId":"K\#(count)","SecretAccessKey":"s","Token":"t","#
                    + #""Expiration":"2100-01-01T00:00:00Z"}"#
            )
        }
        let server = try LoopbackServer { request in
            request.headers["authorization"]?.contains("Credential=K2/") == true
                ? .init(text: Self.listing)
                : .init(400, text: "<Error><Code>ExpiredToken</Code></Error>")
        }
        let source = AWSCredentialSource(
            .chain,
            AWSContext(environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": metadata.url])
        )
        #expect(try await client(server.url, source).list().entries.isEmpty)
        #expect(server.requests.count == 2)
        // A server that takes none of them is not asked for ever.
        let never = try LoopbackServer { _ in
            .init(400, text: "<Error><Code>ExpiredToken</Code></Error>")
        }
        #expect(await self.failure(try client(never.url, source))?.kind == .forbidden)
        #expect(never.requests.count == 2)
    }

    @Test func withoutCredentialsNothingIsSigned() async throws {
        let server = try LoopbackServer { _ in .init(text: Self.listing) }
        let source = AWSCredentialSource(.none, AWSContext(environment: [:]))
        _ = try await client(server.url, source).list()
        #expect(server.requests.first?.headers["authorization"] == nil)
    }

    /// A write with a condition whose answer was lost is not sent again: it might lose against itself.
    @Test func anUnknownOutcomeIsSaid() async throws {
        let server = try LoopbackServer { _ in .init([.cut]) }
        let client = try client(server.url)
        do throws(RemoteFailure) {
            _ = try await client.put("head", [1], .absent)
            Issue.record("it was written")
        } catch {
            #expect(error.kind == .outcomeUnknown)
        }
        #expect(server.requests.count == 1)
        _ = try? await client.put("plain", [1])
        #expect(server.requests.count > 2)
    }

    @Test func aRedirectToAnotherRegionIsSaid() async throws {
        let server = try LoopbackServer { _ in .init(301, ["x-amz-bucket-region": "eu-west-1"]) }
        let failure = await self.failure(try client(server.url))
        #expect(failure?.kind == .permanent)
        #expect(failure?.message.contains("eu-west-1") == true)
        #expect(server.requests.count == 1)
    }

    /// A range of another length than was asked for would shift every byte behind it.
    @Test func aWrongRangeIsNotTaken() async throws {
        let server = try LoopbackServer { _ in
            .init(206, ["content-range": "bytes 0-9/100"], text: "short")
        }
        await #expect(throws: RemoteFailure.self) {
            _ = try await client(server.url).get("k", range: 0..<10)
        }
        // A server without ranges answers with the whole, which is taken once.
        let whole = try LoopbackServer { _ in .init(text: "0123456789") }
        let object = try await client(whole.url)
            .getInParts("k", size: 10, ifMatches: "\"e\"", partBytes: 4)
        #expect(object.bytes == Array("0123456789".utf8))
    }
}
