internal import Records

/// The parts of an Office Open XML file and how they refer to each other.
///
/// - Source: ECMA-376 part 2.
struct OfficePackage {
    private var archive: ZipArchive
    private var root: Relationships

    /// Text of a thousand pages is 10 to 20 MB of markup, and a large workbook's sheet 200.
    static let partByteLimit = 256 << 20

    /// - Throws: `.encrypted` for a file behind a password; `.corrupt`, `.limitExceeded`.
    init(_ bytes: [UInt8]) throws(ExtractionError) {
        guard !isEncryptedOffice(bytes) else {
            throw ExtractionError(.encrypted, "the document needs a password; save it without one")
        }
        self.archive = try ZipArchive(bytes)
        self.root = Relationships()
        self.root = try self.relationships(of: "")
    }

    mutating func read(_ name: String) throws(ExtractionError) -> [UInt8]? {
        try self.archive.read(name, byteLimit: Self.partByteLimit)
    }

    /// What a part refers to; of the whole file for an empty name.
    mutating func relationships(of part: String) throws(ExtractionError) -> Relationships {
        let name = part.isEmpty ? "_rels/.rels" : Relationships.partName(for: part)
        guard let bytes = try self.read(name) else { return Relationships() }
        return try Relationships(bytes, of: part)
    }

    /// The part that the file is about.
    mutating func mainPart(
        default name: String
    ) throws(ExtractionError) -> (name: String, bytes: [UInt8])? {
        let name = self.root.target("officeDocument") ?? name
        return try self.read(name).map { (name, $0) }
    }

    /// The first part of a type that `relationships` name.
    mutating func part(
        _ type: String,
        of relationships: Relationships
    ) throws(ExtractionError) -> [UInt8]? {
        guard let name = relationships.target(type) else { return nil }
        return try self.read(name)
    }

    /// Title, author, dates, description and language from `docProps/core.xml`.
    mutating func addCoreProperties(to writer: inout BlockWriter) throws(ExtractionError) {
        guard let part = try self.part("core-properties", of: self.root) else { return }
        let reader = DublinCoreReader()
        try readXML(part, into: reader)
        writer.addDublinCore(reader)
    }

    /// The remarks that lie beside these parts.
    mutating func commentCount(of parts: [String]) throws(ExtractionError) -> Int {
        var count = 0
        for part in parts {
            guard let bytes = try self.part("comments", of: try self.relationships(of: part)) else {
                continue
            }
            let counter = CommentCounter()
            try readXML(bytes, into: counter)
            count += counter.count
        }
        return count
    }
}

/// Counts the remarks of a part: a workbook calls them `comment`, a presentation `cm`.
private final class CommentCounter: XMLEvents {
    private(set) var count = 0

    func start(_ element: XMLElement) {
        if ["comment", "cm"].contains(element.name.local) { self.count += 1 }
    }

    func end(_ name: XMLName) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

extension BlockWriter {
    /// A document's title and other metadata, where it names them by the Dublin Core.
    mutating func addDublinCore(_ reader: DublinCoreReader) {
        if let title = reader.first("title"), isSensibleTitle(title) { self.setTitle(title) }
        self.setMetadata("author", reader.all("creator"))
        self.setMetadata("published", reader.first("created").flatMap { isoDate($0) })
        self.setMetadata("modified", reader.first("modified").flatMap { isoDate($0) })
        self.setMetadata("description", reader.first("description") ?? reader.first("subject"))
        self.setMetadata("language", reader.first("language"))
    }
}
