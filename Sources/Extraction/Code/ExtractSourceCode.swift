internal import Bytes
package import Formats
package import Records

/// Extracts source code: the comment at its head as prose, the rest as blocks of code.
///
/// A block ends at a blank line before a line without indent, so that a function or a type with the
/// comment above it is one block.
///
/// - Output: valid UTF-8 in NFC. Code is kept as it is.
/// - Throws: `.empty` (no text), `.corrupt` (binary content).
/// - Complexity: O(n).
package func extractSourceCode(
    _ bytes: [UInt8],
    language: String
) throws(ExtractionError) -> ExtractedContent {
    let text = try readableText(bytes)
    var writer = BlockWriter()
    text.bytes.withUnsafeBufferPointer { source in
        let lines = Array(TextLines(source))
        let head = HeadComment(source, lines)
        for paragraph in head.paragraphs { writer.paragraph(paragraph) }
        for range in codeBlocks(source, lines[head.lineCount...]) {
            writer.code(source[range], language: language)
        }
    }
    var content = try writer.finished("the file holds no code")
    text.addWarnings(to: &content)
    return content
}

/// The ranges of blocks that blank lines set apart.
private func codeBlocks(
    _ source: UnsafeBufferPointer<UInt8>,
    _ lines: ArraySlice<TextLine>
) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start: Int?
    var end = 0
    var isAfterBlank = false
    for line in lines {
        guard !line.isBlank else {
            isAfterBlank = true
            continue
        }
        let isEnd = "})]".utf8.contains(source[line.contentStart])
        if isAfterBlank, line.indent == 0, !isEnd, let first = start {
            result.append(first..<end)
            start = nil
        }
        start = start ?? line.range.lowerBound
        end = line.contentEnd
        isAfterBlank = false
    }
    if let first = start { result.append(first..<end) }
    return result
}

/// The comment that a file begins with: a licence, or what the file is for.
private struct HeadComment {
    private(set) var paragraphs: [[UInt8]] = []
    /// The lines it takes, and blank ones and a shebang before it.
    private(set) var lineCount = 0

    private static let pairs = [("/*", "*/"), ("\"\"\"", "\"\"\""), ("<!--", "-->"), ("(*", "*)")]
    private static let marks = ["///", "//!", "//", "#", "--", ";;", "%", ";"]

    init(_ source: UnsafeBufferPointer<UInt8>, _ lines: [TextLine]) {
        var index = 0
        while index < lines.count {
            let content = source[lines[index].contentStart..<lines[index].contentEnd]
            guard lines[index].isBlank || index == 0 && content.starts(with: "#!".utf8) else {
                break
            }
            index += 1
        }
        guard index < lines.count else { return }
        let first = Array(source[lines[index].contentStart..<lines[index].contentEnd])
        var text: [[UInt8]] = []
        if let pair = Self.pairs.first(where: { first.starts(with: $0.0.utf8) }) {
            guard let end = Self.readPair(pair, source, lines, from: index, into: &text) else {
                return
            }
            index = end
        } else if let mark = Self.marks.first(where: { Self.isComment(first, $0) }) {
            while index < lines.count {
                let line = source[lines[index].contentStart..<lines[index].contentEnd]
                guard Self.isComment(line, mark) else { break }
                text.append(oneLine(line.dropFirst(mark.utf8.count)))
                index += 1
            }
        } else {
            return
        }
        self.lineCount = index
        self.paragraphs = text.split(whereSeparator: Self.isRule)
            .map { Array($0.joined(separator: [.lineFeed])) }
    }

    /// The line behind the comment; nil where it never closes, or code follows on its last line.
    private static func readPair(
        _ pair: (String, String),
        _ source: UnsafeBufferPointer<UInt8>,
        _ lines: [TextLine],
        from start: Int,
        into text: inout [[UInt8]]
    ) -> Int? {
        for index in start..<lines.count {
            var line = source[lines[index].contentStart..<lines[index].contentEnd]
            if index == start { line = line.dropFirst(pair.0.utf8.count) }
            let close = line.firstRange(of: Array(pair.1.utf8))
            if let close, !line[close.upperBound...].allSatisfy(\.isASCIISpace) { return nil }
            let content = close.map { line[..<$0.lowerBound] } ?? line
            text.append(oneLine(content.drop { $0 == .asterisk || $0.isASCIISpace }))
            if close != nil { return index + 1 }
        }
        return nil
    }

    /// `#include` and `#pragma` are no comments.
    private static func isComment(_ line: some Collection<UInt8>, _ mark: String) -> Bool {
        guard line.starts(with: mark.utf8) else { return false }
        guard mark == "#", let next = line.dropFirst().first else { return true }
        return next.isASCIIBlank || next == .numberSign
    }

    /// A blank line, or one of signs alone.
    private static func isRule(_ line: [UInt8]) -> Bool {
        !line.contains { $0.isASCIIAlphanumeric || $0 >= 0x80 }
    }
}

extension SourceCodeOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractSourceCode(bytes, language: "")
    }

    package func content(
        _ bytes: [UInt8],
        of type: MediaType
    ) throws(ExtractionError) -> ExtractedContent {
        try extractSourceCode(bytes, language: type.programmingLanguage ?? "")
    }
}
