internal import Bytes

/// Takes out of Markdown what a browser would not show, a way to talk to a model behind the reader's
/// back: comments, scripts, and elements that are hidden by an attribute or a style.
///
/// An element stays open from one block to the next until its end tag; code is never markup. A script
/// that nothing ends is a word of a text about scripts.
struct HiddenMarkup {
    private let text: UnsafeBufferPointer<UInt8>
    /// Where each silent element's end tag stands last; -1 where it has none.
    private let lastEnds: [Int]
    /// Hidden elements so far, comments not counted.
    private(set) var count = 0
    private var openName: [UInt8] = []
    private var depth = 0

    /// Whether the text is inside of a hidden element.
    var isOpen: Bool { self.depth > 0 }

    /// - Parameter text: all blocks; it must outlive the value.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        var ends = silentElements.map { _ in -1 }
        var index = 0
        while let open = firstIndex(of: 0x3C, in: text, from: index) {
            index = open + 1
            guard index < text.count, text[index] == 0x2F else { continue }
            let name = elementName(text[(index + 1)...])
            if let silent = silentElements.firstIndex(of: name) { ends[silent] = open }
        }
        self.lastEnds = ends
    }

    /// The block at `range` without what is hidden; white space at its end is dropped.
    mutating func visible(_ range: Range<Int>) -> [UInt8] {
        let source = UnsafeBufferPointer(rebasing: self.text[range])
        guard self.isOpen || source.contains(0x3C) else { return Array(source) }
        var result: [UInt8] = []
        var ticks = InlineMarks?.none
        var index = 0
        while index < source.count {
            let byte = source[index]
            if byte == 0x60, !self.isOpen {
                let marks = ticks ?? InlineMarks(source)
                ticks = marks
                let end = Self.endOfTicks(source, index, marks)
                result.append(contentsOf: source[index..<end])
                index = end
            } else if byte == 0x3C,
                let next = self.afterMarkup(source, index, at: range.lowerBound + index)
            {
                index = next
            } else {
                if !self.isOpen { result.append(byte) }
                index += 1
            }
        }
        // A paragraph ends with its block, whether it says so or not.
        if self.openName == Array("p".utf8) { self.depth = 0 }
        while let last = result.last, last == 0x20 || last == 0x0A || last == 0x09 {
            result.removeLast()
        }
        return Array(result.drop { $0 == 0x0A })
    }

    private static func endOfTicks(
        _ source: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ marks: InlineMarks
    ) -> Int {
        let length = source[start...].prefix { $0 == 0x60 }.count
        let close = marks.endOfCode(source, from: start + length, ticks: length)
        return close.map { $0 + length } ?? start + length
    }

    /// Behind a comment, or a tag that begins, deepens or ends what is hidden; nil for other bytes,
    /// which are text or hidden with the rest.
    private mutating func afterMarkup(
        _ source: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        at position: Int
    ) -> Int? {
        let rest = UnsafeBufferPointer(rebasing: source[start...])
        if !self.isOpen, rest.starts(with: "<!--".utf8) { return commentEnd(source, from: start) }
        let isEnd = rest.count > 1 && rest[1] == 0x2F
        let nameStart = isEnd ? 2 : 1
        let name = elementName(rest[min(nameStart, rest.count)...])
        guard let first = name.first, first >= 0x61, !voidElements.contains(name) else {
            return nil
        }
        guard self.isOpen ? name == self.openName : !isEnd else { return nil }
        // A `<` before the end means that this one is text, and that no byte is looked at twice.
        guard let close = rest.dropFirst().firstIndex(where: { $0 == 0x3E || $0 == 0x3C }),
            rest[close] == 0x3E
        else { return nil }
        let attributes = UnsafeBufferPointer(rebasing: rest[(nameStart + name.count)..<close])
        if self.isOpen {
            self.depth += isEnd ? -1 : attributes.last == 0x2F ? 0 : 1
        } else {
            let silent = silentElements.firstIndex(of: name)
            let isSilent = silent.map { self.lastEnds[$0] > position } ?? false
            guard isSilent || isHidden(attributes), attributes.last != 0x2F else { return nil }
            self.openName = name
            self.depth = 1
            self.count += 1
        }
        return start + close + 1
    }
}

private let silentElements = ["script", "style", "template"].map { Array($0.utf8) }

/// The name that a tag begins with, in lower case.
private func elementName(_ tag: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    tag.prefix(12).prefix(while: \.isASCIIAlphanumeric).map(\.asciiLowercased)
}

private let voidElements: Set<[UInt8]> = Set(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]
        .map { Array($0.utf8) }
)

/// Whether a tag's attributes hide its element.
private func isHidden(_ attributes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard attributes.count >= 6 else { return false }
    if contains("display:none", attributes) || contains("display: none", attributes)
        || contains("visibility:hidden", attributes) || contains("visibility: hidden", attributes)
        || contains("aria-hidden=\"true\"", attributes) || contains("aria-hidden=true", attributes)
        || contains("aria-hidden='true'", attributes)
    {
        return true
    }
    var quote: UInt8 = 0
    for index in attributes.indices {
        let byte = attributes[index]
        if quote != 0 {
            if byte == quote { quote = 0 }
        } else if byte == 0x22 || byte == 0x27 {
            quote = byte
        } else if byte <= 0x20, matches("hidden", attributes, at: index + 1) {
            let end = index + 7
            if end >= attributes.count || attributes[end] <= 0x20 || attributes[end] == 0x3D {
                return true
            }
        }
    }
    return false
}

private func commentEnd(_ source: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start + 4
    while index + 2 < source.count {
        if source[index] == 0x2D, source[index + 1] == 0x2D, source[index + 2] == 0x3E {
            return index + 3
        }
        index += 1
    }
    return source.count
}
