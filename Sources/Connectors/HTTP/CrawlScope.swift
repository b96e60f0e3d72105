internal import Bytes
internal import Objects

/// Which pages belong to a source: those below one of its addresses.
struct CrawlScope: Hashable, Sendable {
    let prefixes: [WebAddress]

    /// Same scheme, server and port, and a path that is the prefix's or goes on below it.
    func contains(_ address: WebAddress) -> Bool {
        self.prefixes.contains { prefix in
            guard prefix.scheme == address.scheme, prefix.host == address.host,
                prefix.port == address.port
            else { return false }
            if prefix.path.hasSuffix("/") { return address.path.hasPrefix(prefix.path) }
            return address.path == prefix.path || address.path.hasPrefix(prefix.path + "/")
        }
    }

    /// Whether pages of more than one server may come, so that a path alone does not tell them apart.
    var spansServers: Bool { Set(self.prefixes.map(\.origin)).count > 1 }

    /// The place of a page within its source: the path without its first `/`, as a file would be named,
    /// then the query.
    ///
    /// Escapes are undone but those of `/` and `?`, which would read as others, so that a page and
    /// a file of one name have one URI; ``URIPath`` writes what must be escaped in a URI.
    func place(of address: WebAddress) -> String {
        var output: [UInt8] = []
        let path = address.path.dropFirst()
        for segment in path.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            if segment.offset > 0 { output.append(.slash) }
            let bytes = PercentCoding.decoded(String(segment.element))
            if bytes.contains(where: { $0 == .slash || $0 == .questionMark }) {
                output += segment.element.utf8
            } else {
                output += URIPath.string(bytes).utf8
            }
        }
        let server = self.spansServers ? address.authority + "/" : ""
        return server + String(decoding: output, as: UTF8.self)
            + (address.query.map { "?\($0)" } ?? "")
    }
}
