internal import Records

/// The lists of a document: whether a level is numbered, and where it starts.
struct WordNumbering {
    struct Level: Equatable {
        var isNumbered = false
        /// Of an outline without marks, so its paragraphs are no items.
        var isUnmarked = false
        var start = 1
    }

    struct List {
        var definition: String
        /// First numbers that this list sets apart from its definition, by level.
        var starts: [Int: Int] = [:]
    }

    fileprivate(set) var definitions: [String: [Int: Level]] = [:]
    fileprivate(set) var lists: [Int: List] = [:]
    private var counts: [String: [Int]] = [:]
    private var begun: Set<Int> = []

    init() {}

    init(_ part: [UInt8]) throws(ExtractionError) {
        let reader = WordNumberingReader()
        try readXML(part, into: reader)
        self = reader.numbering
    }

    /// The next item's number, 0 for a bullet; nil where `listID` names no list with marks.
    mutating func next(_ listID: Int, level: Int) -> Int? {
        guard listID != 0, (0...8).contains(level) else { return nil }
        let list = self.lists[listID] ?? List(definition: "")
        let definition = self.definitions[list.definition]?[level] ?? Level()
        guard !definition.isUnmarked else { return nil }
        var counts = self.counts[list.definition] ?? Array(repeating: Int.min, count: 9)
        // A list that restarts its definition's count does so at its first item.
        if self.begun.insert(listID).inserted {
            for level in list.starts.keys where (0...8).contains(level) { counts[level] = Int.min }
        }
        for deeper in (level + 1)..<10 where deeper < 9 { counts[deeper] = Int.min }
        let start = list.starts[level] ?? definition.start
        counts[level] = counts[level] == Int.min ? start : counts[level] + 1
        self.counts[list.definition] = counts
        return definition.isNumbered ? max(0, counts[level]) : 0
    }
}

private final class WordNumberingReader: XMLEvents {
    var numbering = WordNumbering()
    private var definition: String?
    private var level: Int?
    private var list: Int?

    func start(_ element: XMLElement) {
        guard element.name.vocabulary == .word else { return }
        let value = element["val"]
        switch element.name.local {
        case "abstractNum": self.definition = element["abstractNumId"]
        case "num": self.list = element["numId"].flatMap { Int($0) }
        case "abstractNumId":
            if let list = self.list, let value {
                self.numbering.lists[list] = WordNumbering.List(definition: value)
            }
        case "lvl", "lvlOverride": self.level = element["ilvl"].flatMap { Int($0) }
        case "startOverride":
            if let list = self.list, let level = self.level, let start = value.flatMap({ Int($0) })
            {
                self.numbering.lists[list]?.starts[level] = bounded(start)
            }
        case "start":
            self.change { $0.start = bounded(value.flatMap { Int($0) } ?? 1) }
        case "numFmt":
            self.change {
                $0.isNumbered = value != "bullet" && value != "none"
                $0.isUnmarked = value == "none"
            }
        default: break
        }
    }

    func end(_ name: XMLName) {
        guard name.vocabulary == .word else { return }
        switch name.local {
        case "abstractNum": self.definition = nil
        case "num": self.list = nil
        case "lvl", "lvlOverride": self.level = nil
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    private func change(_ body: (inout WordNumbering.Level) -> Void) {
        guard let definition = self.definition, let level = self.level else { return }
        body(&self.numbering.definitions[definition, default: [:]][level, default: .init()])
    }
}

/// Numbers that leave room to count on.
private func bounded(_ start: Int) -> Int { max(0, min(start, 1 << 30)) }
