internal import Bytes
internal import Records

/// The names that a book's table of contents gives to its pages.
///
/// - Source: EPUB 3.3 §7 (navigation documents); OPF 2.0.1 and NCX for older books.
struct ChapterNames {
    /// A longer label is no name.
    private static let nameByteLimit = 400
    private static let entryLimit = 20_000

    struct Entry {
        /// The id it leads to; empty for the page itself.
        var fragment: String
        var name: String
    }

    private var names: [String: [Entry]] = [:]

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
                let page = resolvedPartName(String(path), from: name)
            else { continue }
            let fragment = String(entry.target.dropFirst(path.count + 1))
            // A newer table of contents is beside an older one that says the same.
            guard self.names[page]?.contains(where: { $0.fragment == fragment }) != true else {
                continue
            }
            let label = String(decoding: words, as: UTF8.self)
            self.names[page, default: []].append(Entry(fragment: fragment, name: label))
        }
    }

    /// The first entry that leads to a page.
    func name(of page: String) -> String? { self.names[page]?.first?.name }

    /// The page with a heading before each element that an entry after the first one leads to; nil
    /// where there is none.
    ///
    /// - Parameter bytes: XHTML without headings.
    func withHeadings(_ bytes: [UInt8], of page: String) -> [UInt8]? {
        let entries = (self.names[page] ?? []).dropFirst().filter { !$0.fragment.isEmpty }
        guard !entries.isEmpty, entries.count <= Self.headingLimit else { return nil }
        let starts = bytes.withUnsafeBufferPointer { bytes in
            entries.compactMap { entry in
                startOfElement(withID: Array(entry.fragment.utf8), in: bytes).map {
                    (index: $0, name: entry.name)
                }
            }
        }.sorted { ($0.index, $0.name) < ($1.index, $1.name) }
        guard !starts.isEmpty else { return nil }
        var result: [UInt8] = []
        var done = 0
        for start in starts {
            result += bytes[done..<start.index]
            result += Array("<h2>\(escaped(start.name))</h2>".utf8)
            done = start.index
        }
        return result + bytes[done...]
    }

    /// Chapters in one page.
    private static let headingLimit = 500
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

/// Where the start tag begins that has this id.
private func startOfElement(
    withID id: [UInt8],
    in bytes: UnsafeBufferPointer<UInt8>
) -> Int? {
    var tag: Int?
    var index = 0
    while index < bytes.count {
        if bytes[index] == .lessThan {
            tag = index
        } else if bytes[index] == .greaterThan {
            tag = nil
        } else if let tag, matches("id=", bytes, at: index), index > 0, bytes[index - 1] <= .space {
            let start = index + 4
            let end = start + id.count
            if end < bytes.count, bytes[end] == bytes[index + 3],
                bytes[start..<end].elementsEqual(id)
            {
                return tag
            }
        }
        index += 1
    }
    return nil
}

private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
        switch character {
        case "<": result += "&lt;"
        case "&": result += "&amp;"
        default: result.append(character)
        }
    }
    return result
}
