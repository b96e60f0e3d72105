import LoopbackServer
import Testing

@testable import Objects

@Suite struct HTTPTransportTests {
    private let transport = HTTPTransport(connectTimeout: .seconds(2))

    private func failure(_ request: HTTPRequest) async -> RemoteFailure? {
        do throws(RemoteFailure) {
            _ = try await self.transport.send(request)
            return nil
        } catch {
            return error
        }
    }

    private func failure(
        answering pieces: [LoopbackServer.Piece],
        timeout: Duration = .seconds(5)
    ) async throws -> RemoteFailure? {
        let server = try LoopbackServer { _ in .init(pieces) }
        return await self.failure(
            HTTPRequest(url: server.url + "/a?token=secret", timeout: timeout, maximumBytes: 1000)
        )
    }

    @Test func anAnswerOfAnyStatusIsAValue() async throws {
        let server = try LoopbackServer { request in
            .init(request.target == "/404" ? 404 : 200, ["X-A": "b"], request.body)
        }
        let found = try await self.transport.send(
            HTTPRequest("POST", url: server.url + "/", body: Array("hello".utf8))
        )
        #expect(found.status == 200)
        #expect(found.header("x-a") == "b")
        #expect(found.body == Array("hello".utf8))
        #expect(try await self.transport.send(HTTPRequest(url: server.url + "/404")).status == 404)
        #expect(server.requests.first?.headers["user-agent"] == "millrace")
    }

    @Test func noRedirectIsFollowed() async throws {
        let server = try LoopbackServer { _ in .init(302, ["location": "/elsewhere"]) }
        let response = try await self.transport.send(HTTPRequest(url: server.url + "/"))
        #expect(response.status == 302)
        #expect(server.requests.count == 1)
    }

    @Test func aSilentServerIsATimeout() async throws {
        let failure = try await self.failure(
            answering: [.pause(milliseconds: 3000)],
            timeout: .milliseconds(200)
        )
        #expect(failure?.kind == .transient)
        #expect(failure?.message.contains("within") == true)
    }

    /// The head comes at once and a byte every 50 ms: the limit is one on the whole answer.
    @Test func aDrippingBodyIsATimeout() async throws {
        let head = Array("HTTP/1.1 200 -\r\ncontent-length: 100\r\n\r\n".utf8)
        let drip = [LoopbackServer.Piece](
            repeating: .pause(milliseconds: 50),
            count: 100
        ).flatMap { [$0, .bytes([0x61])] }
        let failure = try await self.failure(
            answering: [.bytes(head)] + drip,
            timeout: .milliseconds(300)
        )
        #expect(failure?.kind == .transient)
        #expect(failure?.message.contains("within") == true)
    }

    @Test func aBodyLargerThanAskedForIsNotRead() async throws {
        let stated = Array("HTTP/1.1 200 -\r\ncontent-length: 1000000000000\r\n\r\n".utf8)
        #expect(try await self.failure(answering: [.bytes(stated)])?.kind == .tooLarge)
        let chunked = Array("HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\n".utf8)
        let chunk =
            Array("3e8\r\n".utf8) + [UInt8](repeating: 0x61, count: 1000) + Array("\r\n".utf8)
        #expect(
            try await self.failure(
                answering: [.bytes(chunked)]
                    + [LoopbackServer.Piece](repeating: .bytes(chunk), count: 5)
            )?.kind == .tooLarge
        )
    }

    /// What an error says is read so far, however little was asked for.
    @Test func theBodyOfAnErrorIsCutOff() async throws {
        let server = try LoopbackServer { _ in
            .init(404, text: String(repeating: "x", count: 200_000))
        }
        let response = try await self.transport.send(
            HTTPRequest(url: server.url + "/", maximumBytes: 10)
        )
        #expect(response.status == 404)
        #expect(response.body.count == 65_536)
    }

    @Test(arguments: [
        "HTTP/1.1 200 -\r\ncontent-length: 100\r\n\r\nabc",
        "HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 -\r\ncontent-length: 100\r\n",
        "", "garbage\r\n\r\n", "HTTP/1.1 200 -\r\ncontent-length: -5\r\n\r\n",
    ])
    func anAnswerThatBreaksOffIsTransient(text: String) async throws {
        let failure = try await self.failure(answering: [.bytes(Array(text.utf8)), .cut])
        #expect(failure?.kind == .transient)
        #expect(failure?.message.contains("secret") == false)
    }

    @Test func nobodyListens() async throws {
        let port = try LoopbackServer { _ in .init() }.port
        let failure = await self.failure(HTTPRequest(url: "http://127.0.0.1:\(port)/"))
        #expect(failure?.kind == .transient)
        #expect(
            failure?.message
                == "http://127.0.0.1:\(port)/: nobody listens there (connection refused)"
        )
    }

    @Test(arguments: ["", "no url", "ftp://127.0.0.1/"])
    func whatIsNoURL(url: String) async {
        #expect(await self.failure(HTTPRequest(url: url))?.kind == .permanent)
    }

    /// A header that would begin another request is not sent.
    @Test func noHeaderIsSmuggledIn() async throws {
        let server = try LoopbackServer { _ in .init() }
        let failure = await self.failure(
            HTTPRequest(url: server.url + "/", headers: [(name: "x", value: "a\r\nhost: b")])
        )
        #expect(failure?.kind == .permanent)
        #expect(server.requests.isEmpty)
    }

    @Test func aCancelledRequestIsNotSentAgain() async throws {
        let server = try LoopbackServer { _ in .init([.pause(milliseconds: 2000)]) }
        let transport = self.transport
        let url = server.url + "/"
        let task = Task { () -> RemoteFailure? in
            do throws(RemoteFailure) {
                _ = try await retrying { () async throws(RemoteFailure) in
                    try await transport.send(HTTPRequest(url: url))
                }
                return nil
            } catch {
                return error
            }
        }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        task.cancel()
        #expect(await task.value?.code == RemoteFailure.cancelled)
        #expect(server.requests.count == 1)
    }

    @Test func placesInErrors() {
        #expect(placeInErrors(of: "https://u:p@h/a?b#c") == "https://h/a")
        #expect(placeInErrors(of: "https://h/a@b") == "https://h/a@b")
        #expect(placeInErrors(of: "a:b") == "a:b")
    }
}
