import Foundation
import Glibc
import Synchronization

/// An embedding server of ours on this machine that answers as a test tells it to, well or badly.
///
/// One connection, one request: enough for a client that copes with either.
final class EmbeddingServer: Sendable {
    struct Request: Sendable {
        /// Counts from 1.
        let number: Int
        let path: String
        let headers: [String: String]
        let texts: [String]
        let dimensions: Int?
    }

    enum Answer: Sendable {
        case vectors
        /// In the order of `places`, each with the index it says.
        case items([(place: Int, index: Int)])
        case status(Int, headers: [String: String] = [:], body: String = "{}")
        case body(String)
        /// Half of a sound answer, then the end of the connection.
        case cut
        case slow(milliseconds: Int)
        /// The first number of the first vector is this word.
        case number(String)
        /// The last vector has so many dimensions.
        case dimensions(Int)
    }

    let port: Int
    private let socket: Int32
    private let answer: @Sendable (Request) -> Answer
    private let state = Mutex<(requests: [Request], tokens: Int)>(([], 0))

    /// Tokens as this server counts them.
    static func tokens(of text: String) -> Int { text.utf8.count / 4 + 1 }

    init(_ answer: @escaping @Sendable (Request) -> Answer = { _ in .vectors }) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 128) == 0
                    && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileWriteUnknown) }
        self.socket = socket
        self.port = Int(UInt16(bigEndian: address.sin_port))
        self.answer = answer
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                guard let server = self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { server.serve(connection) }
            }
        }
    }

    deinit {
        shutdown(self.socket, Int32(SHUT_RDWR))
        close(self.socket)
    }

    var endpoint: String { "http://127.0.0.1:\(self.port)/v1" }
    var requests: [Request] { self.state.withLock { $0.requests } }
    var texts: [String] { self.requests.flatMap(\.texts) }
    /// Of all sound answers.
    var tokens: Int { self.state.withLock { $0.tokens } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let request = self.read(connection) else { return }
        let answer = self.answer(request)
        var items = request.texts.indices.map { (place: $0, index: $0) }
        var vectors = request.texts.map { Self.vector($0, request.dimensions ?? 16) }
        var first: String?
        var isCut = false
        switch answer {
        case .status(let status, let headers, let body):
            return self.write(connection, status, headers, body)
        case .body(let body): return self.write(connection, 200, [:], body)
        case .vectors: break
        case .items(let chosen): items = chosen
        case .cut: isCut = true
        case .slow(let milliseconds): usleep(UInt32(milliseconds) * 1_000)
        case .number(let word): first = word
        case .dimensions(let count):
            vectors[vectors.count - 1] = Self.vector(request.texts.last ?? "", count)
        }
        let data = items.map { item in
            var numbers = vectors[item.place].map { String($0) }
            if let first, item.place == 0 { numbers[0] = first }
            return "{\"index\":\(item.index),\"embedding\":[\(numbers.joined(separator: ","))]}"
        }
        let tokens = request.texts.reduce(0) { $0 + Self.tokens(of: $1) }
        self.state.withLock { $0.tokens += tokens }
        let body =
            request.path.hasSuffix("/embed")
            ? "[" + vectors.map { "\($0)" }.joined(separator: ",") + "]"
            : "{\"data\":[\(data.joined(separator: ","))],\"usage\":{\"prompt_tokens\":\(tokens)}}"
        self.write(connection, 200, [:], body, isCut: isCut)
    }

    /// Of the text alone, so that an answer put in the wrong place shows.
    static func vector(_ text: String, _ dimensions: Int) -> [Float] {
        var random = SplitMix64(seed: text.utf8.reduce(17) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        return (0..<dimensions).map { _ in Float(Int(random.next() >> 44)) / 524_288 - 1 }
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var bodyStart: Int?
        var headers: [String: String] = [:]
        var path = ""
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            if bodyStart == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                bodyStart = end.upperBound
                let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                    .split(separator: "\r\n")
                path = lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    guard parts.count == 2 else { continue }
                    headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
                }
            }
            if let bodyStart, let length = headers["content-length"].flatMap({ Int($0) }),
                bytes.count >= bodyStart + length
            {
                return self.request(path, headers, Data(bytes[bodyStart..<bodyStart + length]))
            }
        }
    }

    private func request(_ path: String, _ headers: [String: String], _ body: Data) -> Request? {
        struct Body: Decodable {
            var input: [String]?
            var inputs: [String]?
            var dimensions: Int?
        }
        guard let decoded = try? JSONDecoder().decode(Body.self, from: body) else { return nil }
        return self.state.withLock { state in
            let request = Request(
                number: state.requests.count + 1,
                path: path,
                headers: headers,
                texts: decoded.input ?? decoded.inputs ?? [],
                dimensions: decoded.dimensions
            )
            state.requests.append(request)
            return request
        }
    }

    private func write(
        _ connection: Int32,
        _ status: Int,
        _ headers: [String: String],
        _ body: String,
        isCut: Bool = false
    ) {
        var head =
            "HTTP/1.1 \(status) X\r\ncontent-length: \(body.utf8.count)\r\nconnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        var bytes = Array((head + "\r\n" + body).utf8)
        if isCut { bytes.removeLast(body.utf8.count / 2) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
