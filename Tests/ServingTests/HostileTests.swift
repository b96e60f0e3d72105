import Foundation
import Hummingbird
import MillraceSearch
import Testing

@testable import Serving

/// Bytes of people who mean harm, over real connections.
@Suite(.serialized) struct HostileTests {
    private static func serving(
        _ limits: RequestLimits = RequestLimits(),
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let served = try await ServedCorpus(isClosed: false, limits: limits)
        try await served.listening { port in
            try await body(port)
            // Whatever came: the next callers are answered, one on each loop at least. So none has a
            // connection left to take up when the server stops, at which swift-nio ends the process.
            let callers = max(16, 2 * ProcessInfo.processInfo.activeProcessorCount)
            let statuses = try await onThread { () throws -> [Int] in
                try (0..<callers).map { _ in
                    let connection = try RawConnection(port: port)
                    connection.write(Self.request("GET /readyz HTTP/1.1"))
                    return connection.status()
                }
            }
            #expect(statuses.allSatisfy { $0 == 200 })
        }
    }

    private static func request(_ line: String, _ headers: [String] = [], body: String = "")
        -> String
    {
        ([line, "Host: localhost"] + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    private static func search(_ body: String, _ headers: [String] = []) -> String {
        Self.request(
            "POST /v1/search HTTP/1.1",
            ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] + headers,
            body: body
        )
    }

    /// What is sent, and the statuses that may come; 0 is a connection that is closed without an answer.
    private static let cases: [(bytes: String, statuses: Set<Int>)] = [
        ("\r\n\r\n\r\n", [0, 400]),
        ("\u{0}\u{1}\u{2}\u{3}\r\n\r\n", [0, 400]),
        ("GET\r\n\r\n", [0, 400]),
        ("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", [0, 400]),
        ("GET / HTTP/1.1\r\n\r\n", [400]),
        ("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", [421]),
        ("GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", [200, 404, 421]),
        (
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
            [200, 400, 421]
        ),
        ("GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n", [0, 400]),
        ("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", [404]),
        ("GET /v1/chunks/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", [404]),
        ("GET /v1/chunks/\u{7f} HTTP/1.1\r\nHost: localhost\r\n\r\n", [0, 400, 404]),
        ("TRACE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", [405]),
        ("CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", [0, 400, 404, 405]),
        (
            "GET /" + String(repeating: "a", count: 100_000)
                + " HTTP/1.1\r\nHost: localhost\r\n\r\n", [0, 400, 404, 414]
        ),
        (
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: "
                + String(repeating: "x", count: 200_000)
                + "\r\n\r\n", [0, 400, 431]
        ),
        (
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                + (0..<5_000).map { "X-\($0): y\r\n" }.joined() + "\r\n", [0, 400, 431]
        ),
        ("POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", [0, 400]),
        (
            "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
            [0, 400]
        ),
        (
            "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 9999999999\r\n\r\n", [413]
        ),
        (
            "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", [0, 400]
        ),
        (
            "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", [0, 400]
        ),
        (
            "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n200000\r\n"
                + String(repeating: "x", count: 0x200000)
                + "\r\n0\r\n\r\n", [413]
        ),
        ("POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", [415]),
    ]

    @Test(arguments: cases.indices)
    func strangeBytesHaveTheirStatusAndDoNoHarm(number: Int) async throws {
        let (bytes, statuses) = Self.cases[number]
        try await Self.serving { port in
            let status = try await onThread { () throws -> Int in
                let connection = try RawConnection(port: port)
                connection.write(bytes)
                return connection.status()
            }
            #expect(statuses.contains(status), "case \(number): \(status)")
        }
    }

    @Test func aBodyThatComesTooSlowlyIsGivenUp() async throws {
        var limits = RequestLimits()
        limits.seconds = 1
        try await Self.serving(limits) { port in
            let answer = try await onThread { () throws -> String in
                let connection = try RawConnection(port: port)
                connection.write(
                    Self.request(
                        "POST /v1/search HTTP/1.1",
                        ["Content-Type: application/json", "Content-Length: 1000"]
                    )
                )
                // A byte now and then keeps no connection for ever.
                for _ in 0..<40 where connection.write("{") { usleep(30_000) }
                return connection.read()
            }
            #expect(answer.hasPrefix("HTTP/1.1 408"))
            #expect(answer.contains(#""code":"timeout""#))
        }
    }

    @Test func aHeadThatDoesNotEndIsGivenUp() async throws {
        var limits = RequestLimits()
        limits.idleSeconds = 1
        try await Self.serving(limits) { port in
            let text = try await onThread { () throws -> String in
                let connection = try RawConnection(port: port)
                connection.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
                for number in 0..<100 where connection.write("X-\(number): y\r\n") {
                    usleep(30_000)
                }
                return connection.read()
            }
            #expect(!text.contains(" 200 "))
        }
    }

    @Test func whatIsPipelinedIsAnsweredInOrder() async throws {
        try await Self.serving { port in
            let text = try await onThread { () throws -> String in
                let connection = try RawConnection(port: port)
                connection.write(
                    Self.search(#"{"query":"w1","k":1}"#) + Self.request("GET /nothing HTTP/1.1")
                        + Self.request("GET /healthz HTTP/1.1", ["Connection: close"])
                )
                return connection.read()
            }
            let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map {
                $0.prefix(3)
            }
            #expect(statuses == ["200", "404", "200"])
        }
    }

    /// More connections than may be: those wait, and every one of them that asks is answered.
    @Test func manyConnectionsAreHeldOrTakenInTurn() async throws {
        var limits = RequestLimits()
        limits.connections = 50
        limits.idleSeconds = 1
        try await Self.serving(limits) { port in
            let answered = try await onThread { () throws -> Int in
                // They say nothing, and hold all places until they are found to be idle.
                let silent = (0..<100).compactMap { _ in try? RawConnection(port: port) }
                let connection = try RawConnection(port: port)
                connection.write(Self.request("GET /healthz HTTP/1.1"))
                let status = connection.status()
                withExtendedLifetime(silent) {}
                return status
            }
            #expect(answered == 200)
        }
    }

    /// Random bytes in and after a sound request, by seed.
    @Test func noiseIsRefusedOrAnswered() async throws {
        try await Self.serving { port in
            try await onThread {
                var random = Seeded(5)
                for _ in 0..<150 {
                    var bytes = Array(
                        Self.search(#"{"query":"w1 w2","k":2,"filters":["lang=en"]}"#).utf8
                    )
                    for _ in 0..<1 + random.below(6) {
                        bytes[random.below(bytes.count)] = UInt8(random.below(256))
                    }
                    let connection = try RawConnection(port: port)
                    connection.write(bytes)
                    // What was cut short waits for more: it is left, as a caller who goes away leaves it.
                    if random.below(3) == 0 { _ = connection.write("\r\n\r\n") }
                }
            }
        }
    }
}
