internal import Formats
internal import Records

/// What a book's package document says: its parts, their order, and its metadata.
///
/// - Source: EPUB 3.3, §5; OPF 2.0.1 for older books.
struct PackageDocument {
    struct Item {
        var name: String
        var mediaType: String
        /// A table of contents.
        var isNavigation: Bool
    }

    /// Parts in reading order.
    private(set) var spine: [Item] = []
    /// The navigation document and the NCX, in the spine or not.
    private(set) var contents: [String] = []
    private(set) var title: String?
    private(set) var metadata: [String: String] = [:]

    /// - Parameter name: the name of the package document's part, which paths are relative to.
    init(_ part: [UInt8], name: String) throws(ExtractionError) {
        let core = DublinCoreReader()
        try readXML(part, into: core)
        let reader = PackageReader()
        try readXML(part, into: reader)
        let contents = Set(reader.contents.compactMap { resolvedPartName($0, from: name) })
        self.spine = reader.spine.compactMap { id in
            guard let item = reader.manifest[id], let path = resolvedPartName(item.href, from: name)
            else {
                return nil
            }
            return Item(
                name: path,
                mediaType: item.mediaType,
                isNavigation: item.isNavigation || contents.contains(path)
            )
        }
        // Books of both editions have both; the newer one comes first.
        let tables = reader.manifest.values.filter { $0.isNavigation || $0.mediaType == ncxType }
        self.contents = tables.sorted {
            ($0.isNavigation ? 0 : 1, $0.href) < ($1.isNavigation ? 0 : 1, $1.href)
        }
        .compactMap { resolvedPartName($0.href, from: name) }
        self.title = core.first("title")
        self.addMetadata(core, reader)
    }

    private mutating func addMetadata(_ core: DublinCoreReader, _ reader: PackageReader) {
        self.metadata["author"] = core.all("creator")
        self.metadata["published"] = core.first("date").flatMap(publicationDate)
        self.metadata["modified"] = reader.modified.flatMap { isoDate($0) }
        self.metadata["language"] = core.first("language")
        self.metadata["publisher"] = core.first("publisher")
        self.metadata["licence"] = core.first("rights")
        self.metadata["description"] = core.first("description").map(withoutTags)
        let own = core.values.first { $0.name == "identifier" && $0.id == reader.identifierID }
        self.metadata["identifier"] = own?.value ?? core.first("identifier")
    }
}

private let ncxType = "application/x-dtbncx+xml"

/// A date, or the year or month that books are often dated by.
private func publicationDate(_ value: String) -> String? {
    if let date = isoDate(value) { return date }
    let parts = value.split(separator: "-", omittingEmptySubsequences: false)
    guard let year = parts.first, year.count == 4, parts.count <= 2, Int(year) != nil else {
        return nil
    }
    if parts.count == 2 {
        guard parts[1].count == 2, let month = Int(parts[1]), (1...12).contains(month) else {
            return nil
        }
    }
    return value
}

/// Descriptions are often HTML, escaped.
private func withoutTags(_ value: String) -> String {
    guard value.contains("<") else { return value }
    guard let content = try? extractHTML(Array(value.utf8), options: bookPageOptions) else {
        return ""
    }
    return String(decoding: content.text.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
}

/// Pages of a book are all content.
let bookPageOptions: HTMLOptions = {
    var options = HTMLOptions()
    options.content = .all
    return options
}()

private final class PackageReader: XMLEvents {
    struct ManifestItem {
        var href: String
        var mediaType: String
        var isNavigation: Bool
    }

    private(set) var manifest: [String: ManifestItem] = [:]
    private(set) var spine: [String] = []
    private var placed: Set<String> = []
    private(set) var contents: [String] = []
    private(set) var identifierID: String?
    private(set) var modified: String?
    private var isModified = false

    func start(_ element: XMLElement) {
        // Books of the first edition have no namespace.
        switch element.name.local {
        case "package": self.identifierID = element["unique-identifier"]
        case "item":
            guard let id = element["id"], let href = element["href"] else { return }
            let properties = element["properties"]?.split(separator: " ") ?? []
            self.manifest[id] = ManifestItem(
                href: href,
                mediaType: element["media-type"]?.lowercased() ?? "",
                isNavigation: properties.contains("nav")
            )
        case "itemref":
            guard let id = element["idref"], self.placed.insert(id).inserted else { return }
            self.spine.append(id)
        case "reference":
            if element["type"]?.lowercased() == "toc", let href = element["href"] {
                self.contents.append(href)
            }
        case "meta": self.isModified = element["property"] == "dcterms:modified"
        default: break
        }
    }

    func end(_ name: XMLName) { self.isModified = false }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isModified, (self.modified ?? "").utf8.count < 100 else { return }
        self.modified = (self.modified ?? "") + String(decoding: bytes.prefix(100), as: UTF8.self)
    }
}
