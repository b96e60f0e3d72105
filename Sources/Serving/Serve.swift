internal import Console
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import MillraceSearch
internal import NIOCore
internal import Operations
internal import ServiceLifecycle
internal import UnixSignals

/// Serves until it is told to end.
///
/// - Throws: ``OperationError``: `.noSuchState` where nothing is published, `.configuration` for an address, a
///   file of tokens or a model that cannot be used, `.fatal` where the address is taken.
func serve(_ settings: ServeSettings) async throws {
    if let address = settings.address, settings.tokens == nil, !address.isLoopback {
        throw OperationError(
            .configuration,
            "without --tokens the server listens on this machine alone: '--listen 127.0.0.1:\(address.port)'; "
                + "'millrace token new NAME' makes a token for '--tokens FILE'"
        )
    }
    let index = try await openIndex(settings)
    defer { index.close() }
    let reranking = try settings.pipeline.flatMap { try SharedReranking(pipeline: $0) }
    let follower = settings.workspace.isRemote ? RemoteFollower(settings.workspace) : nil
    defer { withExtendedLifetime(follower) {} }
    let local = settings.labels.map {
        Principal(name: "local", roles: Set(Role.allCases), labels: $0)
    }
    guard let address = settings.address else {
        let tools = ToolServer(
            search: RankedSearch(index: index, reranking: reranking, limits: settings.limits)
        )
        return await serveToolLines(tools, for: local ?? .local)
    }
    var keys: BearerKeys?
    if let path = settings.jwtKeys {
        keys = try await BearerKeys(
            path: path,
            issuer: settings.jwtIssuer,
            audience: settings.jwtAudience
        )
    }
    let gate = try Gatekeeper(path: settings.tokens, keys: keys, local: local ?? .local)
    let answering = Answering(
        index: index,
        gate: gate,
        host: HostGuard(isLoopback: settings.tokens == nil),
        limits: settings.limits,
        servesTools: settings.servesTools,
        page: try OperatorPage(
            workspace: settings.workspace.path,
            isCopy: settings.workspace.isRemote,
            limits: settings.limits
        ),
        reranking: reranking,
        log: Logger(label: "access")
    )
    try await run(application(answering, address), gate)
}

/// The server of `answering` at `address`, with the limits that a connection has.
///
/// - Parameter announce: Told where it listens once it does.
func application(
    _ answering: Answering,
    _ address: ListenAddress,
    announce: @escaping @Sendable (String) -> Void = { printLine($0) }
) -> Application<Answering> {
    let limits = answering.limits
    // What the framework says of a request may hold its path; our own line does not.
    var log = Logger(label: "http")
    log.logLevel = .error
    return Application(
        responder: answering,
        server: .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [StalledWriteHandler()],
                idleTimeout: .seconds(Int64(limits.idleSeconds)),
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: limits.headerBytes,
                    maxHeaderListSize: limits.headerBytes,
                    maxHeaderFieldCount: limits.headerCount
                )
            )
        ),
        configuration: ApplicationConfiguration(
            address: .hostname(address.host, port: address.port),
            availableConnectionsDelegate: .maximum(limits.connections, logger: log)
        ),
        onServerRunning: { channel in
            let port = channel.localAddress?.port ?? address.port
            announce("listening on http://\(address.text(port: port))")
        },
        logger: log
    )
}

private func openIndex(_ settings: ServeSettings) async throws -> SearchIndex {
    do {
        return try await SearchIndex.open(
            workspace: settings.workspace.path,
            options: SearchIndex.Options(index: settings.index)
        )
    } catch {
        throw OperationError(error.exitStatus, error.message)
    }
}

private func run(_ application: Application<Answering>, _ gate: Gatekeeper) async throws {
    var configuration = ServiceGroupConfiguration(
        services: [
            .init(service: TokenReloading(gate: gate)),
            .init(service: application),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint],
        logger: application.logger
    )
    // A caller that does not take its answer must not hold the end for ever.
    configuration.maximumGracefulShutdownDuration = .seconds(30)
    do {
        try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
        throw OperationError(
            .fatal,
            "cannot listen: \(error.description); choose another address with --listen"
        )
    }
}

/// Reads the tokens again at each SIGHUP.
private struct TokenReloading: Service {
    let gate: Gatekeeper

    func run() async throws {
        let log = Logger(label: "serve")
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do {
                let (tokens, grants) = try self.gate.reload()
                log.info(
                    "tokens were read again",
                    metadata: ["tokens": "\(tokens)", "principals": "\(grants)"]
                )
            } catch {
                log.error("the tokens stay as they were", metadata: ["reason": "\(error)"])
            }
        }
    }
}

extension SearchFailure {
    fileprivate var exitStatus: ExitStatus {
        switch self.code {
        case .nothingPublished, .noSuchSnapshot: .noSuchState
        case .noSuchIndex, .badRequest, .modelUnavailable: .configuration
        case .otherVersion: .newerVersion
        case .damaged, .busy, .unreadable, .closed: .fatal
        }
    }
}
