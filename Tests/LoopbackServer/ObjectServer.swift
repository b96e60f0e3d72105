import Foundation
import Synchronization

/// Buckets in memory that hold to the conditions of writes, each request in one step: as Amazon S3 does, and unlike
/// servers for tests that look first and write then.
package final class ObjectServer: Sendable {
    package struct Object: Sendable {
        package var bytes: [UInt8]
        /// Seconds since 1970.
        package var modified: Double
        package var etag: String

        package init(bytes: [UInt8], modified: Double, etag: String) {
            self.bytes = bytes
            self.modified = modified
            self.etag = etag
        }
    }

    /// What a test has happen to a request, in place of or before the answer.
    package enum Mischief: Sendable {
        case none
        case reply(LoopbackServer.Reply)
        /// What was asked is done, and the answer is lost.
        case loseAnswer
    }

    fileprivate struct State {
        var objects: [String: Object] = [:]
        var counter = 0
        var ageSeconds = 0.0
        var holdsConditions = true
    }

    private let state: Mutex<State>
    private let mischief: Mutex<@Sendable (LoopbackServer.Request) -> Mischief>
    private let server: Mutex<LoopbackServer?>

    package init() throws {
        self.state = Mutex(State())
        self.mischief = Mutex { _ in .none }
        self.server = Mutex(nil)
        let server = try LoopbackServer { [weak self] request in
            self?.answer(request) ?? .init([.cut])
        }
        self.server.withLock { $0 = server }
    }

    package var url: String { self.server.withLock { $0?.url ?? "" } }
    package var requests: [LoopbackServer.Request] { self.server.withLock { $0?.requests ?? [] } }
    package func forgetRequests() { self.server.withLock { $0?.forgetRequests() } }

    package func setMischief(_ mischief: @escaping @Sendable (LoopbackServer.Request) -> Mischief) {
        self.mischief.withLock { $0 = mischief }
    }

    /// Writes of now are of so long ago.
    package func setAge(seconds: Double) { self.state.withLock { $0.ageSeconds = seconds } }

    package func ignoreConditions() { self.state.withLock { $0.holdsConditions = false } }

    /// By `bucket/key`.
    package var objects: [String: Object] { self.state.withLock { $0.objects } }

    package func change(_ name: String, _ change: (inout Object?) -> Void) {
        self.state.withLock { change(&$0.objects[name]) }
    }

    private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        let mischief = self.mischief.withLock { $0 }(request)
        if case .reply(let reply) = mischief { return reply }
        let name = String(request.path.dropFirst()).removingPercentEncoding ?? ""
        let reply = self.state.withLock { state in
            name.contains("/") ? state.objectReply(request, name) : state.listing(request, name)
        }
        if case .loseAnswer = mischief { return .init([.cut]) }
        return reply
    }
}

extension ObjectServer.State {
    fileprivate mutating func objectReply(
        _ request: LoopbackServer.Request,
        _ name: String
    ) -> LoopbackServer.Reply {
        let found = self.objects[name]
        switch request.method {
        case "GET", "HEAD":
            guard let found else {
                return .init(404, text: "<Error><Code>NoSuchKey</Code></Error>")
            }
            return self.reading(found, request)
        case "PUT":
            if let refusal = self.refusal(request, found) { return refusal }
            // Of every write its own, so that nothing passes for what it replaced.
            self.counter += 1
            let etag = "\"\(self.counter)-\(request.body.count)\""
            self.objects[name] = ObjectServer.Object(
                bytes: request.body,
                modified: Date.now.timeIntervalSince1970 - self.ageSeconds,
                etag: etag
            )
            return .init(200, ["etag": etag])
        case "DELETE":
            self.objects[name] = nil
            return .init(204)
        default: return .init(405)
        }
    }

    private func refusal(
        _ request: LoopbackServer.Request,
        _ found: ObjectServer.Object?
    ) -> LoopbackServer.Reply? {
        guard self.holdsConditions else { return nil }
        if request.headers["if-none-match"] == "*", found != nil {
            return .init(412, text: "<Error><Code>PreconditionFailed</Code></Error>")
        }
        guard let wanted = request.headers["if-match"] else { return nil }
        guard let found else { return .init(404, text: "<Error><Code>NoSuchKey</Code></Error>") }
        return wanted == found.etag
            ? nil : .init(412, text: "<Error><Code>PreconditionFailed</Code></Error>")
    }

    private func reading(
        _ found: ObjectServer.Object,
        _ request: LoopbackServer.Request
    ) -> LoopbackServer.Reply {
        let range = request.headers["range"]?.dropFirst("bytes=".count).split(separator: "-")
        guard let range, range.count == 2, let first = Int(range[0]), let last = Int(range[1]),
            first < found.bytes.count
        else { return .init(200, ["etag": found.etag], found.bytes) }
        let end = min(last + 1, found.bytes.count)
        return .init(
            206,
            [
                "etag": found.etag,
                "content-range": "bytes \(first)-\(end - 1)/\(found.bytes.count)",
            ],
            Array(found.bytes[first..<end])
        )
    }

    /// In pages of three, so that callers must turn them.
    fileprivate func listing(
        _ request: LoopbackServer.Request,
        _ bucket: String
    ) -> LoopbackServer.Reply {
        let query = URLComponents(string: request.target)?.queryItems ?? []
        func value(_ name: String) -> String { query.first { $0.name == name }?.value ?? "" }
        let start = "\(bucket)/\(value("prefix"))"
        let token = value("continuation-token")
        let names = self.objects.keys.filter { $0.hasPrefix(start) && $0 > token }.sorted()
        let page = names.prefix(3)
        let entries = page.compactMap { name in self.objects[name].map { (name, $0) } }.map {
            name,
            object in
            """
            <Contents><Key>\(escaped(name.dropFirst(bucket.count + 1)))</Key><Size>\(object.bytes.count)</Size>\
            <LastModified>\(Date(timeIntervalSince1970: object.modified).formatted(.iso8601))\
            </LastModified><ETag>\(object.etag.replacing("\"", with: "&quot;"))</ETag></Contents>
            """
        }
        let next = names.count > page.count ? page.last : nil
        let tail = next.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? ""
        return .init(
            text: "<ListBucketResult><IsTruncated>\(next != nil)</IsTruncated>\(tail)"
                + entries.joined() + "</ListBucketResult>"
        )
    }
}

private func escaped(_ key: Substring) -> String {
    String(key).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
}
