internal import Bytes

/// The lines of a text in a light markup, with the place that a reader has come to.
struct MarkupLines {
    private let source: UnsafeBufferPointer<UInt8>
    private let lines: [TextLine]
    var index = 0

    init(_ source: UnsafeBufferPointer<UInt8>) {
        self.source = source
        self.lines = Array(TextLines(source))
    }

    var count: Int { self.lines.count }
    var isAtEnd: Bool { self.index >= self.lines.count }

    /// A line without white space at its ends; empty behind the last.
    func text(_ index: Int) -> [UInt8] {
        guard self.lines.indices.contains(index) else { return [] }
        return Array(self.source[self.lines[index].contentStart..<self.lines[index].contentEnd])
    }

    /// A line with its indent.
    func whole(_ index: Int) -> [UInt8] {
        guard self.lines.indices.contains(index) else { return [] }
        return Array(self.source[self.lines[index].range.lowerBound..<self.lines[index].contentEnd])
    }

    func indent(_ index: Int) -> Int {
        self.lines.indices.contains(index) ? self.lines[index].indent : 0
    }

    func isBlank(_ index: Int) -> Bool {
        !self.lines.indices.contains(index) || self.lines[index].isBlank
    }

    /// The line that the reader has come to.
    var current: [UInt8] { self.text(self.index) }

    mutating func skipBlanks() {
        while !self.isAtEnd, self.isBlank(self.index) { self.index += 1 }
    }

    /// Takes the lines that are indented deeper than `indent`, and the blank ones between them.
    ///
    /// - Returns: the lines without the indent that all of them have.
    mutating func takeIndented(beyond indent: Int) -> [UInt8] {
        var end = self.index
        var least = Int.max
        for next in self.index..<max(self.index, self.count) {
            if self.isBlank(next) { continue }
            guard self.indent(next) > indent else { break }
            least = min(least, self.indent(next))
            end = next + 1
        }
        defer { self.index = end }
        guard end > self.index else { return [] }
        let lines = (self.index..<end).map { self.unindented($0, by: least) }
        return Array(lines.joined(separator: [.lineFeed]))
    }

    /// A line without the first `columns` columns of its indent.
    private func unindented(_ index: Int, by columns: Int) -> [UInt8] {
        guard !self.isBlank(index) else { return [] }
        let rest = max(0, self.indent(index) - columns)
        return Array(repeating: .space, count: rest) + self.text(index)
    }

    /// Takes the lines to the next one that `isEnd` says ends them, and that one.
    mutating func take(through isEnd: ([UInt8]) -> Bool) -> [UInt8] {
        var taken: [[UInt8]] = []
        while !self.isAtEnd {
            let line = self.whole(self.index)
            self.index += 1
            if isEnd(trimmedBytes(line)) { break }
            taken.append(line)
        }
        return Array(taken.joined(separator: [.lineFeed]))
    }
}

/// The mark of a list's item, `-` or `3.`, and where its text begins.
///
/// - Parameter bullets: the signs that mark an item without a number.
func listMark(
    _ line: [UInt8],
    bullets: String
) -> (number: Int?, width: Int)? {
    guard let first = line.first else { return nil }
    if bullets.utf8.contains(first), line.count > 1, line[1].isASCIIBlank { return (nil, 2) }
    let digits = line.prefix(while: \.isASCIIDigit)
    guard (1...6).contains(digits.count), line.count > digits.count + 1,
        line[digits.count] == .fullStop || line[digits.count] == .rightParenthesis,
        line[digits.count + 1].isASCIIBlank
    else { return nil }
    return (digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }, digits.count + 2)
}

/// Whether a line is one sign alone, so many times at least.
func isRuler(_ line: [UInt8], of signs: String, atLeast count: Int) -> Bool {
    guard line.count >= count, let first = line.first, signs.utf8.contains(first) else {
        return false
    }
    return line.allSatisfy { $0 == first }
}
