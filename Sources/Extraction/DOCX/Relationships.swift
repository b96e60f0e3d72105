internal import Records

/// The parts that one part of an office document names, by the last step of their type.
///
/// - Source: ECMA-376 part 2, §6.5; strict files name their types under another host.
struct Relationships {
    private var targets: [String: String] = [:]
    /// What lies outside of the file, by the identifier that refers to it.
    private(set) var addresses: [String: String] = [:]

    init() {}

    /// - Parameter source: the name of the part the relationships are of; empty for the whole file.
    init(_ part: [UInt8], of source: String) throws(ExtractionError) {
        let reader = RelationshipReader()
        try readXML(part, into: reader)
        self.addresses = reader.addresses
        for (type, target) in reader.found where self.targets[type] == nil {
            self.targets[type] = resolvedPartName(target, from: source)
        }
    }

    /// The first part of a type such as `styles`.
    func target(_ type: String) -> String? { self.targets[type] }

    /// Where the relationships of a part are kept.
    static func partName(for source: String) -> String {
        guard let slash = source.lastIndex(of: "/") else { return "_rels/\(source).rels" }
        let name = source[source.index(after: slash)...]
        return "\(source[..<slash])/_rels/\(name).rels"
    }
}

private final class RelationshipReader: XMLEvents {
    private(set) var found: [(type: String, target: String)] = []
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
        self.found.append((String(last), target))
    }

    func end(_ name: XMLName) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
