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
    private let transports = Mutex<[String: HTTPTransport]>([:])

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
        let transport = try await self.transport(to: host)
        do throws(RemoteFailure) {
            var request = request
            request.url = address.description
            return try await transport.send(request)
        } catch {
            // The server may have moved to another address.
            if error.status == 0, error.kind == .transient {
                self.transports.withLock { $0[host] = nil }
            }
            throw error
        }
    }

    private func transport(to host: String) async throws(RemoteFailure) -> HTTPTransport {
        if let known = self.transports.withLock({ $0[host] }) { return known }
        let addresses = await resolve(host)
        guard let first = addresses.first else {
            throw RemoteFailure(.transient, "\(host): the name has no address", code: "no_address")
        }
        if let refused = addresses.first(where: { !self.rule.allows($0, of: host) }) {
            throw RemoteFailure(
                .permanent,
                "\(host) is the private address \(refused), which is fetched only when the source "
                    + "names it: allow_private: [\"\(host)\"]",
                code: "private_address"
            )
        }
        let made = HTTPTransport(
            userAgent: self.userAgent,
            connectTimeout: self.connectTimeout,
            connectionsPerHost: self.connectionsPerHost,
            pinned: [host: first.description]
        )
        return self.transports.withLock { transports in
            if let known = transports[host] { return known }
            // Hosts are bounded by the scope of a source; this is the bound of last resort.
            if transports.count >= 64 { transports.removeAll() }
            transports[host] = made
            return made
        }
    }
}
