internal import Bytes

/// A page's title and metadata.
struct HTMLMetadata {
    var title = ""
    /// The title element as written.
    var titleElement = ""
    var values: [String: String] = [:]
}

/// Reads title and metadata from JSON-LD, meta elements and the page, most trusted first.
func readMetadata(
    _ source: [UInt8],
    _ scanned: ScannedPage,
    _ linked: LinkedData,
    _ arena: HTMLArena,
    roots: [Int]
) -> HTMLMetadata {
    var content = HTMLMetadata()
    source.withUnsafeBufferPointer { bytes in
        let metas = MetaValues(bytes, scanned.head)
        let page = PageText(arena, scanned, roots: roots)
        func attribute(_ range: SourceRange) -> String? { text(bytes, range) }

        let site = metas.first(of: "og:site_name", "application-name") ?? linked.site
        content.set("site", site)
        let author =
            linked.author
            ?? metas.first(
                of: "author",
                "article:author",
                "dc.creator",
                "dcterms.creator",
                "dc:creator",
                "parsely-author",
                "sailthru.author",
                "byl",
                "citation_author"
            )
        let told = page.author.flatMap(personName).flatMap(lineOfNames)
        content.set("author", author.flatMap(personName) ?? told)
        content.set(
            "published",
            isoDate(
                linked.published,
                metas.first(
                    of: "article:published_time",
                    "datepublished",
                    "dc.date.issued",
                    "dcterms.created",
                    "parsely-pub-date",
                    "pubdate",
                    "publishdate",
                    "sailthru.date",
                    "dc.date",
                    "dcterms.date",
                    "date",
                    "citation_publication_date"
                ),
                attribute(scanned.head.publishedTime),
                page.published,
                attribute(scanned.head.firstTime)
            )
        )
        content.set(
            "modified",
            isoDate(
                linked.modified,
                metas.first(
                    of: "article:modified_time",
                    "datemodified",
                    "og:updated_time",
                    "last-modified",
                    "dcterms.modified",
                    "lastmod"
                ),
                attribute(scanned.head.modifiedTime)
            )
        )
        content.set(
            "canonical",
            attribute(scanned.head.canonical) ?? metas.first(of: "og:url")
        )
        content.set(
            "description",
            metas.first(
                of: "description",
                "og:description",
                "dc.description",
                "dcterms.description",
                "twitter:description"
            ) ?? linked.description
        )
        content.set(
            "language",
            attribute(scanned.head.language)
                ?? metas.first(of: "language", "content-language", "dc.language") ?? linked.language
        )
        content.set(
            "licence",
            attribute(scanned.head.license)
                ?? metas.first(of: "dc.rights", "dcterms.license", "license") ?? linked.licence
        )
        let titleElement = attribute(scanned.head.title)
        content.titleElement = titleElement ?? ""
        let own = pageTitle(titleElement, page, site: site)
        let written =
            metas.first(of: "og:title")
            ?? linked.headline.flatMap { titleElement?.contains($0) ?? true ? $0 : nil }
            ?? metas.first(of: "dc.title", "dcterms.title", "dc:title", "twitter:title")
            ?? metas.first(of: "headline") ?? page.headline
        content.title = written.map { withoutSiteName($0, site, isSureOfIt: false) } ?? own
    }
    return content
}

/// The page's own title: a heading where the title element repeats it, else that element without
/// the site's name.
private func pageTitle(_ title: String?, _ page: PageText, site: String?) -> String {
    guard let title, !title.isEmpty else { return page.heading ?? page.firstHeading ?? "" }
    let known = title.lowercased()
    if let heading = page.heading, isInside(known, heading.lowercased()) { return heading }
    // Outside the content a heading is often the site's name, which titles end with.
    if let heading = page.firstHeading, heading.utf8.count >= 3,
        known.hasPrefix(heading.lowercased())
    {
        return heading
    }
    return withoutSiteName(title, site, isSureOfIt: true)
}

/// Whether a title has a heading of three bytes or more in it, byte for byte.
private func isInside(_ title: String, _ heading: String) -> Bool {
    var rest = Array(title.utf8)[...]
    let wanted = Array(heading.utf8)
    guard wanted.count >= 3 else { return false }
    while let start = rest.firstIndex(of: wanted[0]), rest.endIndex - start >= wanted.count {
        if rest[start...].starts(with: wanted) { return true }
        rest = rest[(start + 1)...]
    }
    return false
}

/// Cuts ` | Site`, ` - Site` and the like from the end of a title.
///
/// Where the title may have been written without the site's name, only the known name is cut.
private func withoutSiteName(_ title: String, _ site: String?, isSureOfIt: Bool) -> String {
    for separator in titleSeparators {
        let parts = title.components(separatedBy: separator)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { continue }
        let rest = parts.dropLast().joined(separator: separator)
        if let site, last.lowercased() == site.lowercased() { return rest }
        if let site, first.lowercased() == site.lowercased() {
            return parts.dropFirst().joined(separator: separator)
        }
        guard isSureOfIt else { continue }
        // The shorter end is the site, if what stays can be a title.
        if rest.split(separator: " ").count >= 2, last.utf8.count <= rest.utf8.count { return rest }
    }
    return title
}

private let titleSeparators = [" | ", " — ", " – ", " - ", " » ", " :: ", " · ", " • ", " « "]

/// The names in a line such as `By A. Writer | 3 May 2020`; nil for what is no name: the address of
/// a profile, or a line with a date in it.
private func personName(_ value: String) -> String? {
    var name = value.components(separatedBy: " | ").first ?? value
    for prefix in ["By ", "by ", "BY ", "Von ", "Par ", "Por "] where name.hasPrefix(prefix) {
        name.removeFirst(prefix.count)
    }
    let digits = name.utf8.count { $0 >= 0x30 && $0 <= 0x39 }
    guard digits < 2, !name.isEmpty, !name.contains("://"), !name.hasPrefix("@") else { return nil }
    return name
}

/// Not a sentence: an element called the author's may hold a remark.
private func lineOfNames(_ text: String) -> String? {
    let wordCount = text.utf8.split(separator: .space).count
    let isSentence = wordCount >= 5 && ".!?".utf8.contains(text.utf8.last ?? 0)
    return isSentence || wordCount > 12 ? nil : text
}

private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ range: SourceRange) -> String? {
    guard !range.isEmpty else { return nil }
    let text = attributeText(UnsafeBufferPointer(rebasing: bytes[range.range]))
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
}

extension HTMLMetadata {
    fileprivate mutating func set(_ key: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        self.values[key] = value
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        let pattern = Array(separator.utf8)
        let bytes = Array(self.utf8)
        var parts: [String] = []
        var start = 0
        var index = 0
        while index + pattern.count <= bytes.count {
            // The last byte is a blank in all of them, the one before tells most apart.
            if bytes[index + pattern.count - 2] == pattern[pattern.count - 2],
                bytes[index..<index + pattern.count].elementsEqual(pattern)
            {
                parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
                index += pattern.count
                start = index
            } else {
                index += 1
            }
        }
        if start == 0 { return [self] }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }
}

/// The page's meta elements by key; a key may be several names, as RDFa writes them.
private struct MetaValues {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var entries: [(key: UnsafeBufferPointer<UInt8>, content: SourceRange)] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ head: ScannedPage.PageHead) {
        self.bytes = bytes
        for meta in head.metas {
            for key in bytes[meta.key.range].split(separator: UInt8(ascii: " ")) {
                self.entries.append((UnsafeBufferPointer(rebasing: key), meta.content))
            }
        }
    }

    /// The value of the first of these keys, in lower case, that the page has in any case.
    func first(of keys: StaticString...) -> String? {
        for key in keys {
            for entry in self.entries
            where entry.key.count == key.utf8CodeUnitCount && matches(key, entry.key, at: 0) {
                if let value = text(self.bytes, entry.content) { return value }
            }
        }
        return nil
    }
}

/// What the visible page says about itself.
struct PageText {
    private let arena: HTMLArena
    private let scanned: ScannedPage
    private let mainHeading: Int?
    private let mainHeadingAnywhere: Int?
    private let authorNode: Int?
    private let headlineNode: Int?
    private let publishedNode: Int?

    init(_ arena: HTMLArena, _ scanned: ScannedPage, roots: [Int]) {
        self.arena = arena
        self.scanned = scanned
        var heading: Int?
        var author: Int?
        var headline: Int?
        var published: Int?
        let unseen: ElementSignals = [.hidden, .unseen, .muted]
        let told: ElementSignals = [.author, .headline, .published]
        for (index, node) in arena.nodes.enumerated() {
            if node.tag == .h1, heading == nil { heading = index }
            guard !node.signals.isDisjoint(with: told) else { continue }
            let signals = node.signals
            if author == nil, signals.contains(.author), signals.isDisjoint(with: unseen) {
                author = index
            }
            if headline == nil, signals.contains(.headline) { headline = index }
            if published == nil, signals.contains(.published) { published = index }
        }
        self.mainHeadingAnywhere = heading
        self.authorNode = author
        self.headlineNode = headline
        self.publishedNode = published
        self.mainHeading =
            roots.lazy.compactMap { root in
                (root..<Int(arena.nodes[root].end)).first { arena.nodes[$0].tag == .h1 }
            }.first
    }

    /// The first main heading of the content.
    var heading: String? { self.mainHeading.flatMap { self.text(of: $0, limit: 400) } }

    /// The first main heading anywhere, which may be the site's name.
    var firstHeading: String? { self.mainHeadingAnywhere.flatMap { self.text(of: $0, limit: 400) } }

    /// The text of the first short element marked as the author's.
    var author: String? { self.authorNode.flatMap { self.text(of: $0, limit: 80) } }

    /// The text of the first element marked as the headline, or as the date of publication.
    var headline: String? { self.headlineNode.flatMap { self.text(of: $0, limit: 400) } }

    var published: String? { self.publishedNode.flatMap { self.text(of: $0, limit: 80) } }

    /// Nil where the text is longer than the limit, in bytes.
    func text(of root: Int, limit: Int) -> String? {
        var output: [UInt8] = []
        var index = root + 1
        while index < Int(self.arena.nodes[root].end) {
            let node = self.arena.nodes[index]
            if !node.signals.isDisjoint(with: ElementSignals.unread) {
                index = Int(node.end)
                continue
            }
            if node.tag == .text {
                let run = self.scanned.runs[Int(node.record)]
                guard output.count + Int(run.end - run.start) <= limit else { return nil }
                output.append(contentsOf: self.scanned.text[Int(run.start)..<Int(run.end)])
            }
            index += 1
        }
        let text = output.withUnsafeBufferPointer(attributeText)
        let value = String(decoding: text.isEmpty ? [] : text, as: UTF8.self)
        let trimmed = value.hasSuffix("¶") ? String(value.dropLast()) : value
        return trimmed.isEmpty ? nil : trimmed
    }
}
