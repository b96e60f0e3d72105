internal import Records

/// The names that a book's table of contents gives to its pages.
///
/// - Source: EPUB 3.3 §7 (navigation documents); OPF 2.0.1 and NCX for older books.
struct ChapterNames {
    /// A longer label is no name.
    private static let nameByteLimit = 400
    private static let entryLimit = 20_000

    private var names: [String: String] = [:]

    /// Reads a navigation document or an NCX; one that cannot be read names nothing.
    ///
    /// - Parameter name: the name of the part, which its links are relative to.
    mutating func read(_ part: [UInt8], name: String) {
        let reader = ContentsReader()
        do {
            try readXML(part, into: reader)
        } catch {
            return
        }
        for entry in reader.entries.prefix(Self.entryLimit) {
            let words = Array(entry.label.split { $0 <= 0x20 }.joined(separator: [0x20]))
            let path = entry.target.prefix { $0 != "#" }
            guard !words.isEmpty, words.count <= Self.nameByteLimit,
                let page = resolvedPartName(String(path), from: name), self.names[page] == nil
            else { continue }
            self.names[page] = String(decoding: words, as: UTF8.self)
        }
    }

    /// The first entry that leads to a page.
    func name(of page: String) -> String? { self.names[page] }
}

/// Collects links with their texts: `a` in the contents list of a navigation document, `navPoint` of
/// an NCX.
private final class ContentsReader: XMLEvents {
    struct Entry {
        var target = ""
        var label: [UInt8] = []
    }

    private(set) var entries: [Entry] = []
    private var open: Entry?
    /// Navigation documents list pages and landmarks too.
    private var isInOtherList = false
    private var isInLabel = false

    func start(_ element: XMLElement) {
        switch element.name.local {
        case "nav":
            let kind = element["type"] ?? ""
            self.isInOtherList = !kind.isEmpty && !kind.split(separator: " ").contains("toc")
        case "a":
            if !self.isInOtherList, let target = element["href"] {
                self.open = Entry(target: target)
                self.isInLabel = true
            }
        case "navPoint": self.open = Entry()
        case "navLabel": self.isInLabel = self.open != nil
        case "content":
            guard self.open != nil, let target = element["src"] else { return }
            self.open?.target = target
            self.close()
        default: break
        }
    }

    func end(_ name: XMLName) {
        switch name.local {
        case "nav": self.isInOtherList = false
        case "a": self.close()
        case "navLabel": self.isInLabel = false
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isInLabel, (self.open?.label.count ?? 0) < 4_096 else { return }
        self.open?.label += bytes
    }

    private func close() {
        if let entry = self.open, !entry.target.isEmpty { self.entries.append(entry) }
        self.open = nil
        self.isInLabel = false
    }
}
