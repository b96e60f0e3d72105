/// A page's footnotes, numbered in the order in which its text first refers to them.
///
/// A note counts where both ends are content: a short link such as `[1]`, and what it leads to.
struct Footnotes {
    /// Number of the note that begins at a node; 1 is the first.
    private(set) var numbersOfNotes: [Int: Int] = [:]
    /// Number of the note that the link at a node refers to.
    private(set) var numbersOfReferences: [Int: Int] = [:]

    init() {}

    init(
        in arena: HTMLArena,
        _ scanned: ScannedPage,
        _ source: UnsafeBufferPointer<UInt8>,
        roots: [Int]
    ) {
        var notes: [UInt64: Int] = [:]
        var references: [(node: Int, target: UInt64)] = []
        for root in roots {
            var index = root
            while index < Int(arena.nodes[root].end) {
                let node = arena.nodes[index]
                if node.isDropped {
                    index = Int(node.end)
                    continue
                }
                if node.record >= 0, node.tag != .text,
                    !node.signals.isDisjoint(with: [.note, .noteReference])
                {
                    let range = scanned.elements[Int(node.record)].href.range
                    if node.signals.contains(.note) {
                        let id = hash(source[range])
                        if notes[id] == nil { notes[id] = index }
                    } else if isMark(index, in: arena, scanned) {
                        references.append((index, hash(source[range].dropFirst())))
                    }
                }
                index += 1
            }
        }
        for reference in references {
            guard let note = notes[reference.target],
                !(note..<Int(arena.nodes[note].end)).contains(reference.node)
            else { continue }
            let number = self.numbersOfNotes[note] ?? self.numbersOfNotes.count + 1
            self.numbersOfNotes[note] = number
            self.numbersOfReferences[reference.node] = number
        }
    }
}

/// Whether a link's text is a note's mark: a number, a letter or a sign, perhaps in brackets.
private func isMark(_ index: Int, in arena: HTMLArena, _ scanned: ScannedPage) -> Bool {
    guard let text = rawText(of: index, in: arena, scanned, limit: 8), !text.isEmpty else {
        return false
    }
    let letters = text.count { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
    return letters <= 1
}

private func hash(_ id: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
    id.reduce(fnvBasis) { fnvStep($0, $1) }
}

/// Whether a line is only a note's own label, such as `[1]` or `2.`.
func isNoteLabel(_ line: [UInt8]) -> Bool {
    line.count <= 8 && line.allSatisfy { $0 < 0x41 || $0 == 0x5B || $0 == 0x5D || $0 == 0x5E }
}
