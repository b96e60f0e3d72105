/// What a document says of its own address.
package enum CanonicalRank: Int, Sendable {
    /// The canonical address it names is its own.
    case own = 0
    case unnamed = 1
    /// It names another document as the one to keep.
    case other = 2

    /// - Parameter canonical: the address that the document names, if any.
    ///
    /// A document of a folder has no address; it is its own where the path of the address it names and
    /// its path end alike: `https://site.example/guide/start/` and `docs/guide/start/index.html`.
    package init(uri: String, canonical: String?) {
        guard let canonical, !canonical.isEmpty else {
            self = .unnamed
            return
        }
        let named = Address(canonical)
        let own = Address(uri)
        if named.host != nil, own.host != nil {
            self = named == own ? .own : .other
            return
        }
        // Without a host, the first part of a document's own path may be the name of its source.
        let needed = min(named.path.count, max(1, own.path.count - 1))
        let isFront = named.path.isEmpty && own.endsWithIndex && own.path.count <= 1
        let common = zip(named.path.reversed(), own.path.reversed()).prefix { $0 == $1 }.count
        self = isFront || needed > 0 && common >= needed ? .own : .other
    }
}

/// An address as far as it names a page: host and path, without what servers add or leave out.
private struct Address: Equatable {
    var host: String?
    var path: [Substring]
    var endsWithIndex = false

    init(_ text: String) {
        var rest = Substring(text.prefix { $0 != "#" && $0 != "?" })
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            let host = rest.prefix { $0 != "/" }
            self.host = host.lowercased()
            rest = rest.dropFirst(host.count)
        }
        self.path = rest.split(separator: "/")
        if let last = self.path.last {
            let stem = last.prefix { $0 != "." }
            let ending = last.dropFirst(stem.count)
            if ["", ".html", ".htm", ".md", ".php", ".xhtml"].contains(ending) {
                self.path[self.path.count - 1] = stem
            }
            if stem == "index" {
                self.endsWithIndex = true
                self.path.removeLast()
            }
        }
    }

    static func == (left: Address, right: Address) -> Bool {
        left.host == right.host && left.path == right.path
    }
}
