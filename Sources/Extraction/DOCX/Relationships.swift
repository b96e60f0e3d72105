internal import Records

/// The parts that one part of an office document names, by the last step of their type.
///
/// - Source: ECMA-376 part 2, §6.5; strict files name their types under another host.
struct Relationships {
    private struct Part {
        var id: String
        var type: String
        var name: String
    }

    private var parts: [Part] = []
    /// What lies outside of the file, by the identifier that refers to it.
    private(set) var addresses: [String: String] = [:]

    init() {}

    /// - Parameter source: the name of the part the relationships are of; empty for the whole file.
    init(_ part: [UInt8], of source: String) throws(ExtractionError) {
        let reader = RelationshipReader()
        try readXML(part, into: reader)
        self.addresses = reader.addresses
        self.parts = reader.found.compactMap { found in
            resolvedPartName(found.target, from: source).map {
                Part(id: found.id, type: found.type, name: $0)
            }
        }
    }

    /// The first part of a type such as `styles`.
    func target(_ type: String) -> String? { self.parts.first { $0.type == type }?.name }

    /// The parts of a type, with the identifiers that refer to them, in the order of the file.
    func targets(_ type: String) -> [(id: String, name: String)] {
        self.parts.filter { $0.type == type }.map { ($0.id, $0.name) }
    }

    /// Where the relationships of a part are kept.
    static func partName(for source: String) -> String {
        guard let slash = source.lastIndex(of: "/") else { return "_rels/\(source).rels" }
        let name = source[source.index(after: slash)...]
        return "\(source[..<slash])/_rels/\(name).rels"
    }
}

private final class RelationshipReader: XMLEvents {
    private(set) var found: [(id: String, type: String, target: String)] = []
    private(set) var addresses: [String: String] = [:]

    func start(_ element: XMLElement) {
        guard element.name == XMLName(vocabulary: .relationships, local: "Relationship"),
            let type = element["Type"], let target = element["Target"],
            let last = type.split(separator: "/").last
        else { return }
        guard element["TargetMode"] != "External" else {
            if last == "hyperlink", let id = element["Id"] { self.addresses[id] = target }
            return
        }
        self.found.append((element["Id"] ?? "", String(last), target))
    }

    func end(_ name: XMLName) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
