internal import Hummingbird
internal import NIOCore

/// What is known of a request's connection.
struct ServeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.channel = source.channel
    }

    var address: String { self.channel.remoteAddress?.ipAddress ?? "unknown" }

    /// Closes the connection once the answer had the time to go out: what follows of the request is not read.
    func closeSoon() {
        let channel = self.channel
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
}

/// Closes a connection whose peer does not take what it asked for.
final class StalledWriteHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    /// Choice: a peer that takes nothing for so long is gone, or wants to hold the connection.
    private static let patience = TimeAmount.seconds(20)

    private var deadline: Scheduled<Void>?

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            self.deadline?.cancel()
            self.deadline = nil
        } else if self.deadline == nil {
            let channel = context.channel
            self.deadline = context.eventLoop.scheduleTask(in: Self.patience) {
                channel.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.deadline?.cancel()
        context.fireChannelInactive()
    }
}
