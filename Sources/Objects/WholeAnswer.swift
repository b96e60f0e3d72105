internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Collects an answer on the event loop that reads it: no task and no thread is woken for a part of it.
final class WholeAnswer: HTTPClientResponseDelegate {
    typealias Response = HTTPResponse

    /// Of an answer that is an error, or leads elsewhere, this much is read.
    private static let errorBodyLimit = 1 << 16

    /// Ends the reading of an error's body; what was read is the answer.
    private struct ReadEnough: Error {}

    private struct State {
        var head: HTTPResponseHead?
        var body: [UInt8] = []
        var isCutOff = false
    }

    private let maximumBytes: Int
    /// Whether the length that an answer states is of bytes that follow.
    private let hasBody: Bool
    private let state = Mutex(State())

    init(to request: HTTPRequest) {
        self.maximumBytes = request.maximumBytes
        self.hasBody = request.method != "HEAD"
    }

    /// What came of an error whose body was cut off; nil for any other end.
    var cutOff: HTTPResponse? {
        self.state.withLock { $0.isCutOff ? Self.response($0) : nil }
    }

    func didReceiveHead(
        task: HTTPClient.Task<HTTPResponse>,
        _ head: HTTPResponseHead
    ) -> EventLoopFuture<Void> {
        let stated = head.headers.first(name: "content-length").flatMap(Int.init) ?? 0
        let isTooLarge = self.hasBody && Self.isSuccess(head) && stated > self.maximumBytes
        self.state.withLock { state in
            state.head = head
            // A length that lies costs no memory to speak of.
            if self.hasBody { state.body.reserveCapacity(min(max(stated, 0), Self.errorBodyLimit)) }
        }
        return isTooLarge
            ? task.eventLoop.makeFailedFuture(NIOTooManyBytesError(maxBytes: self.maximumBytes))
            : task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(
        task: HTTPClient.Task<HTTPResponse>,
        _ buffer: ByteBuffer
    ) -> EventLoopFuture<Void> {
        let failure = self.state.withLock { self.take(buffer, &$0) }
        guard let failure else { return task.eventLoop.makeSucceededVoidFuture() }
        return task.eventLoop.makeFailedFuture(failure)
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPResponse>) throws -> HTTPResponse {
        guard let response = self.state.withLock({ Self.response($0) }) else {
            throw HTTPClientError.remoteConnectionClosed
        }
        return response
    }

    private func take(_ buffer: ByteBuffer, _ state: inout State) -> (any Error)? {
        guard let head = state.head, Self.isSuccess(head) else {
            state.body += buffer.readableBytesView.prefix(Self.errorBodyLimit - state.body.count)
            state.isCutOff = state.body.count == Self.errorBodyLimit
            return state.isCutOff ? ReadEnough() : nil
        }
        guard state.body.count + buffer.readableBytes <= self.maximumBytes else {
            return NIOTooManyBytesError(maxBytes: self.maximumBytes)
        }
        state.body += buffer.readableBytesView
        return nil
    }

    private static func isSuccess(_ head: HTTPResponseHead) -> Bool { head.status.code < 300 }

    private static func response(_ state: State) -> HTTPResponse? {
        state.head.map { head in
            HTTPResponse(
                status: Int(head.status.code),
                headers: head.headers.map { (name: $0.name, value: $0.value) },
                body: state.body
            )
        }
    }
}
