/// Why texts and a key are not sent to a URL that an operator wrote; follows the name of its key in a message.
package enum ServiceURLFault: Error, Hashable, Sendable, CustomStringConvertible {
    case noURL
    /// It would stand in files and messages.
    case holdsUser
    /// Unencrypted, and to another machine.
    case isPlain
    case otherScheme

    package var description: String {
        switch self {
        case .noURL: "is no URL; it looks like https://host/v1"
        case .holdsUser: "holds a user or password; a key comes from 'api_key_env'"
        case .isPlain:
            "would send text and key unencrypted to another machine; use https, or set "
                + "'allow_plain_http: true'"
        case .otherScheme: "must begin with https:// or http://"
        }
    }
}

/// Holds a URL to what texts and keys may be sent to: `https`, or `http` on this machine.
///
/// - Parameter allowsPlainHTTP: `http` to other machines as well.
package func checkServiceURL(
    _ url: some StringProtocol,
    allowsPlainHTTP: Bool
) throws(ServiceURLFault) {
    guard let scheme = url.firstRange(of: "://"), url[scheme.upperBound...].first != nil,
        !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
    else { throw .noURL }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
    guard !authority.contains("@") else { throw .holdsUser }
    switch url[..<scheme.lowerBound].lowercased() {
    case "https": break
    case "http" where isLoopback(authority: authority) || allowsPlainHTTP: break
    case "http": throw .isPlain
    default: throw .otherScheme
    }
}

/// `localhost`, `127.0.0.0/8` or `[::1]`, with or without a port.
package func isLoopback(authority: some StringProtocol) -> Bool {
    var host = Substring(authority)
    if host.hasPrefix("[") {
        return host.dropFirst().prefix { $0 != "]" } == "::1"
    }
    host = host.prefix { $0 != ":" }
    if host.lowercased() == "localhost" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers.allSatisfy { $0 != nil } && numbers[0] == 127
}
