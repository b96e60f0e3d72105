internal import Synchronization

/// Sends requests to such servers only as a rule allows, whatever a name resolves to and when.
///
/// A name is resolved once, each of its addresses is judged, and the connection goes to the address that
/// was judged: what the name resolves to a moment later does not matter (DNS rebinding). The host of the
/// URL stays what the server and its certificate are asked for.
package final class GuardedTransport: Sendable {
    private let rule: AddressRule
    private let userAgent: String
    private let connectTimeout: Duration
    private let connectionsPerHost: Int
    /// By host: the addresses that were judged, the one that answered last first.
    private let routes = Mutex<[String: [Route]]>([:])

    private struct Route: Sendable {
        let address: String
        let transport: HTTPTransport
    }

    package init(
        rule: AddressRule,
        userAgent: String,
        connectTimeout: Duration = .seconds(10),
        connectionsPerHost: Int = 8
    ) {
        self.rule = rule
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.connectionsPerHost = connectionsPerHost
    }

    /// - Throws: ``RemoteFailure``; `.permanent` with the code `private_address` for a server that the
    ///   rule does not allow.
    package func send(_ request: HTTPRequest) async throws(RemoteFailure) -> HTTPResponse {
        guard let address = WebAddress(request.url) else {
            throw RemoteFailure(
                .permanent,
                "\(placeInErrors(of: request.url)): this is no URL that can be asked for"
            )
        }
        let host = address.hostName
        var request = request
        request.url = address.description
        let routes = try await self.routes(to: host)
        var failure = RemoteFailure(.transient, "\(host): no connection")
        for route in routes {
            do throws(RemoteFailure) {
                let response = try await route.transport.send(request)
                self.prefer(route, of: host)
                return response
            } catch {
                // Nothing was sent there: another address may answer.
                failure = error
                guard error.code == RemoteFailure.noConnection else { break }
            }
        }
        // The server may have moved.
        if failure.status == 0, failure.kind == .transient {
            self.routes.withLock { $0[host] = nil }
        }
        throw failure
    }

    private func prefer(_ route: Route, of host: String) {
        self.routes.withLock { routes in
            guard let known = routes[host], known.first?.address != route.address else { return }
            routes[host] = [route] + known.filter { $0.address != route.address }
        }
    }

    private func routes(to host: String) async throws(RemoteFailure) -> [Route] {
        if let known = self.routes.withLock({ $0[host] }) { return known }
        let addresses = await resolve(host)
        guard !addresses.isEmpty else {
            throw RemoteFailure(.transient, "\(host): the name has no address", code: "no_address")
        }
        if let refused = addresses.first(where: { !self.rule.allows($0, of: host) }) {
            throw RemoteFailure(
                .permanent,
                "\(host) is the private address \(refused), which is fetched only when the source "
                    + "names it: allow_private: [\"\(host)\"]",
                code: RemoteFailure.privateAddress
            )
        }
        let made = addresses.prefix(4).map { address in
            Route(
                address: address.description,
                transport: HTTPTransport(
                    userAgent: self.userAgent,
                    connectTimeout: self.connectTimeout,
                    connectionsPerHost: self.connectionsPerHost,
                    pinned: [host: address.description]
                )
            )
        }
        return self.routes.withLock { routes in
            if let known = routes[host] { return known }
            // Hosts are bounded by the scope of a source; this is the bound of last resort.
            if routes.count >= 64 { routes.removeAll() }
            routes[host] = made
            return made
        }
    }
}
