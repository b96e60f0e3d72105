/// Collects the Dublin Core elements of a part, in order.
final class DublinCoreReader: XMLEvents {
    private(set) var values: [(name: String, id: String?, value: String)] = []
    private var open: (name: String, id: String?)?
    private var bytes: [UInt8] = []

    /// Values above this are no metadata.
    private static let byteLimit = 8 << 10
    private static let valueLimit = 1_000

    func start(_ element: XMLElement) {
        guard Self.isCore(element.name.vocabulary), self.values.count < Self.valueLimit else {
            return
        }
        self.open = (element.name.local.lowercased(), element["id"])
        self.bytes.removeAll()
    }

    func end(_ name: XMLName) {
        guard let open = self.open, Self.isCore(name.vocabulary) else { return }
        let words = Array(self.bytes.split { $0 <= 0x20 }.joined(separator: [0x20]))
        if !words.isEmpty {
            self.values.append((open.name, open.id, String(decoding: words, as: UTF8.self)))
        }
        self.open = nil
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.open != nil, self.bytes.count < Self.byteLimit else { return }
        self.bytes.append(contentsOf: bytes)
    }

    func first(_ name: String) -> String? { self.values.first { $0.name == name }?.value }

    /// All values of this name, separated by commas.
    func all(_ name: String) -> String? {
        var found: [String] = []
        for value in self.values where value.name == name && !found.contains(value.value) {
            found.append(value.value)
        }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    private static func isCore(_ vocabulary: XMLVocabulary) -> Bool {
        vocabulary == .dublinCore || vocabulary == .dublinCoreTerms
    }
}
