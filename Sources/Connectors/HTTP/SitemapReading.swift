internal import Bytes
internal import Objects

/// A page that a sitemap or a feed names.
struct NamedPage: Hashable, Sendable {
    let address: WebAddress
    /// What the file says of its last change: any text, compared only.
    let stamp: String
}

/// What one file of a sitemap says.
///
/// - Source: sitemaps.org protocol 0.9.
struct SitemapFile: Hashable, Sendable {
    var pages: [NamedPage] = []
    /// Further files, where this is an index.
    var files: [WebAddress] = []
    /// Entries that are no `http` or `https` URL.
    var unreadableCount = 0

    /// The protocol's limits for one file.
    static let byteLimit = 50 << 20
    static let entryLimit = 50_000

    init() {}

    /// - Parameter place: where the file came from, for relative addresses.
    /// - Throws: ``XMLFault``: also for a file of more entries than the protocol allows.
    init(_ bytes: [UInt8], at place: WebAddress) throws(XMLFault) {
        guard bytes.drop(while: { $0.isASCIISpace || $0 >= 0xEF }).first == .lessThan else {
            try self.readLines(bytes, at: place)
            return
        }
        var location = ""
        var stamp = ""
        var file = self
        try readXML(bytes) { path, visit throws(XMLFault) in
            let names = path.map(withoutPrefix)
            guard names[0] == "urlset" || names[0] == "sitemapindex" else { throw .malformed }
            guard case .closed(let text) = visit else {
                if path.count == 2 { (location, stamp) = ("", "") }
                return
            }
            if names.count == 3, names[2] == "loc" { location = text }
            if names.count == 3, names[2] == "lastmod" { stamp = text.filter { !$0.isWhitespace } }
            guard names.count == 2, names[1] == "url" || names[1] == "sitemap" else { return }
            guard file.pages.count + file.files.count < Self.entryLimit else { throw .tooLarge }
            file.add(location, stamp, isFile: names[1] == "sitemap", at: place)
        }
        self = file
    }

    /// A list of one URL a line.
    private mutating func readLines(_ bytes: [UInt8], at place: WebAddress) throws(XMLFault) {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        for line in text.split(whereSeparator: { $0 == .lineFeed || $0 == .carriageReturn }) {
            let line = String(decoding: line, as: UTF8.self)
            if line.allSatisfy(\.isWhitespace) { continue }
            guard self.pages.count < Self.entryLimit else { throw .tooLarge }
            self.add(line, "", isFile: false, at: place)
        }
        // A page of anything else is no sitemap.
        guard !self.pages.isEmpty || bytes.allSatisfy(\.isASCIISpace) else { throw .malformed }
    }

    private mutating func add(
        _ location: String,
        _ stamp: String,
        isFile: Bool,
        at place: WebAddress
    ) {
        guard let address = WebAddress(location) else {
            self.unreadableCount += 1
            return
        }
        if isFile {
            self.files.append(address)
        } else {
            self.pages.append(NamedPage(address: address, stamp: String(stamp.prefix(64))))
        }
    }
}

/// The pages that an RSS or Atom feed links to.
///
/// - Source: RSS 2.0 and 1.0; RFC 4287.
func feedPages(_ bytes: [UInt8], at place: WebAddress) throws(XMLFault) -> [NamedPage] {
    var pages: [NamedPage] = []
    var link = ""
    var stamp = ""
    try readXML(bytes) { path, visit throws(XMLFault) in
        let root = withoutPrefix(path[0])
        guard root == "rss" || root == "RDF" || root == "feed" else { throw .malformed }
        guard let entry = path.lastIndex(where: { $0 == "item" || $0 == "entry" }) else { return }
        let depth = path.count - 1 - entry
        switch visit {
        case .opened(let attributes):
            if depth == 0 { (link, stamp) = ("", "") }
            // Atom: the link without a relation is the page itself.
            if depth == 1, path[path.count - 1] == "link", let href = attributes["href"],
                attributes["rel"] ?? "alternate" == "alternate", link.isEmpty
            {
                link = href
            }
        case .closed(let text):
            let name = path[path.count - 1]
            if depth == 1, name == "link", link.isEmpty { link = text }
            if depth == 1, ["updated", "pubDate", "dc:date"].contains(name) { stamp = text }
            if depth == 1, name == "published", stamp.isEmpty { stamp = text }
            guard depth == 0, !link.isEmpty, let address = WebAddress(link, relativeTo: place)
            else {
                return
            }
            guard pages.count < SitemapFile.entryLimit else { throw .tooLarge }
            pages.append(NamedPage(address: address, stamp: String(stamp.prefix(64))))
        }
    }
    return pages
}

/// The local part of a name.
private func withoutPrefix(_ name: String) -> String {
    name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
}
