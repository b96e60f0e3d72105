import Foundation
import Glibc
import Synchronization

/// An HTTP server on the loopback interface that does to its clients what a test asks for.
///
/// It knows as little of HTTP as it can: what it sends is written byte by byte, so that it can be wrong.
package final class LoopbackServer: Sendable {
    package struct Request: Sendable {
        package let method: String
        package let target: String
        /// By names in lower case; the last of each.
        package let headers: [String: String]
        package let body: [UInt8]

        /// The target without its query.
        package var path: String { String(self.target.prefix { $0 != "?" }) }
    }

    package enum Piece: Sendable {
        case bytes([UInt8])
        case pause(milliseconds: UInt32)
        /// Ends the connection.
        case cut
    }

    package struct Reply: Sendable {
        package var pieces: [Piece]

        package init(_ pieces: [Piece]) { self.pieces = pieces }

        /// A whole answer, with its length.
        package init(
            _ status: Int = 200,
            _ headers: [String: String] = [:],
            _ body: [UInt8] = []
        ) {
            var head = "HTTP/1.1 \(status) -\r\n"
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
                head += "\(name): \(value)\r\n"
            }
            if headers["content-length"] == nil { head += "content-length: \(body.count)\r\n" }
            self.pieces = [.bytes(Array((head + "\r\n").utf8) + body)]
        }

        package init(_ status: Int = 200, _ headers: [String: String] = [:], text: String) {
            self.init(status, headers, Array(text.utf8))
        }
    }

    package let port: Int
    private let listener: Int32
    private let answer: @Sendable (Request) -> Reply
    private let log = Mutex<[Request]>([])

    /// - Parameter answer: called on a thread of each connection.
    package init(_ answer: @escaping @Sendable (Request) -> Reply) throws {
        signal(SIGPIPE, SIG_IGN)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(listener, raw, length) == 0 && listen(listener, 256) == 0
                    && getsockname(listener, raw, &length) == 0
            }
        }
        guard status else { throw CocoaError(.featureUnsupported) }
        self.listener = listener
        self.port = Int(UInt16(bigEndian: address.sin_port))
        self.answer = answer
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    // Closed here alone: another socket may have its number from then on.
                    close(listener)
                    return
                }
                guard let self else {
                    close(connection)
                    continue
                }
                let answer = self.answer
                Thread.detachNewThread { [weak self] in
                    serve(connection, answer) { request in self?.log.withLock { $0.append(request) }
                    }
                }
            }
        }
    }

    deinit { shutdown(self.listener, Int32(SHUT_RDWR)) }

    package var url: String { "http://127.0.0.1:\(self.port)" }

    /// What was asked so far, in the order the requests came.
    package var requests: [Request] { self.log.withLock { $0 } }

    package func forgetRequests() { self.log.withLock { $0.removeAll() } }
}

/// Answers the requests of one connection, one after the other.
private func serve(
    _ connection: Int32,
    _ answer: (LoopbackServer.Request) -> LoopbackServer.Reply,
    _ note: (LoopbackServer.Request) -> Void
) {
    defer { close(connection) }
    var buffer: [UInt8] = []
    while let request = nextRequest(connection, &buffer) {
        note(request)
        for piece in answer(request).pieces {
            switch piece {
            case .bytes(let bytes):
                guard send(bytes, to: connection) else { return }
            case .pause(let milliseconds): usleep(milliseconds * 1000)
            case .cut: return
            }
        }
    }
}

private func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
        guard count > 0 else { return false }
        sent += count
    }
    return true
}

private func nextRequest(_ connection: Int32, _ buffer: inout [UInt8]) -> LoopbackServer.Request? {
    var headEnd: Int?
    while true {
        headEnd = endOfHead(buffer)
        if headEnd != nil { break }
        guard receive(connection, &buffer) else { return nil }
    }
    guard let headEnd else { return nil }
    let lines = String(decoding: buffer[..<headEnd], as: UTF8.self)
        .split(separator: "\r\n").map(String.init)
    let words = lines.first.map { $0.split(separator: " ").map(String.init) } ?? []
    guard words.count >= 2 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        headers[line[..<colon].lowercased()] = String(value)
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    while buffer.count < headEnd + length {
        guard receive(connection, &buffer) else { return nil }
    }
    let body = Array(buffer[headEnd..<headEnd + length])
    buffer.removeFirst(headEnd + length)
    return LoopbackServer.Request(method: words[0], target: words[1], headers: headers, body: body)
}

private func endOfHead(_ buffer: [UInt8]) -> Int? {
    guard buffer.count >= 4 else { return nil }
    return (4...buffer.count).first { buffer[($0 - 4)..<$0].elementsEqual([13, 10, 13, 10]) }
}

private func receive(_ connection: Int32, _ buffer: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = read(connection, &chunk, chunk.count)
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    return true
}
