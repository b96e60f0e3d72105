internal import Bytes

/// What a page's JSON-LD says about its article.
///
/// The first value of each kind counts. The JSON is walked without building it: nesting costs a byte
/// a level, and malformed data ends the walk where it is.
struct LinkedData {
    private(set) var headline: String?
    private(set) var description: String?
    private(set) var published: String?
    private(set) var modified: String?
    private(set) var site: String?
    private(set) var language: String?
    private(set) var licence: String?
    private var authors: [String] = []
    private var articleBody: [UInt8] = []
    private var threadText: [UInt8] = []
    private(set) var isThread = false

    /// What the page says its article's text is, or its question and answers; it may be nowhere on
    /// the page, so it is only good for comparing.
    var articleText: [UInt8] {
        self.articleBody.isEmpty && self.isThread ? self.threadText : self.articleBody
    }
    private static let articleByteLimit = 1 << 17

    var author: String? { self.authors.isEmpty ? nil : self.authors.joined(separator: ", ") }

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ ranges: [SourceRange]) {
        for range in ranges {
            self.walk(UnsafeBufferPointer(rebasing: bytes[range.range]))
        }
    }

    private enum Key: UInt8 {
        case other, headline, description, datePublished, dateModified, author, name, publisher
        case inLanguage, license, articleBody, text, type

        private static let names: [(StaticString, Key)] = [
            ("headline", .headline), ("description", .description),
            ("datePublished", .datePublished), ("dateModified", .dateModified),
            ("author", .author), ("name", .name), ("publisher", .publisher),
            ("inLanguage", .inLanguage), ("license", .license), ("articleBody", .articleBody),
            ("text", .text), ("@type", .type),
        ]

        init(_ name: UnsafeBufferPointer<UInt8>) {
            guard name.count <= 64 else {
                self = .other
                return
            }
            guard firstIndex(of: UInt8(ascii: "\\"), in: name, from: 0) == nil else {
                self = unescaped(name).withUnsafeBufferPointer { Self.named($0) }
                return
            }
            self = Self.named(name)
        }

        private static func named(_ name: UnsafeBufferPointer<UInt8>) -> Key {
            let found = self.names.first { known, _ in
                known.utf8CodeUnitCount == name.count
                    && UnsafeBufferPointer(start: known.utf8Start, count: name.count)
                        .elementsEqual(name)
            }
            return found?.1 ?? .other
        }
    }

    private static let depthLimit = 64

    private mutating func walk(_ bytes: UnsafeBufferPointer<UInt8>) {
        /// The key under which each open object or array stands; arrays pass theirs on.
        var path: [Key] = []
        var key = Key.other
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case 0x7B:
                guard path.count < Self.depthLimit else { return }
                path.append(key)
                key = .other
            case 0x5B:
                guard path.count < Self.depthLimit else { return }
                path.append(key)
            case 0x7D, 0x5D:
                _ = path.popLast()
                key = .other
            case 0x2C:
                // In an array the next value has the array's key; in an object a key follows.
                key = path.last ?? .other
            case 0x22:
                guard let end = endOfString(bytes, at: index) else { return }
                let string = UnsafeBufferPointer(rebasing: bytes[(index + 1)..<(end - 1)])
                index = end
                var next = end
                while next < bytes.count, isHTMLBlank(bytes[next]) { next += 1 }
                if next < bytes.count, bytes[next] == 0x3A {
                    key = Key(string)
                    index = next + 1
                } else if key == .articleBody {
                    self.noteText(string, in: \.articleBody)
                } else if key == .text {
                    self.noteText(string, in: \.threadText)
                } else if key != .other {
                    self.note(key, under: path.last ?? .other, unescaped(string))
                }
                continue
            default:
                break
            }
            index += 1
        }
    }

    private mutating func noteText(
        _ string: UnsafeBufferPointer<UInt8>,
        in field: WritableKeyPath<LinkedData, [UInt8]>
    ) {
        guard self[keyPath: field].count + string.count <= Self.articleByteLimit else { return }
        let text = unescaped(string).withUnsafeBufferPointer(attributeText)
        self[keyPath: field].append(contentsOf: text)
        self[keyPath: field].append(0x20)
    }

    private mutating func note(_ key: Key, under parent: Key, _ string: [UInt8]) {
        let text = string.withUnsafeBufferPointer(attributeText)
        guard !text.isEmpty, text.count < 2_000 else { return }
        let value = String(decoding: text, as: UTF8.self)
        switch (key, parent) {
        case (.headline, _): self.headline = self.headline ?? value
        case (.description, .other): self.description = self.description ?? value
        case (.datePublished, _): self.published = self.published ?? value
        case (.dateModified, _): self.modified = self.modified ?? value
        case (.inLanguage, _): self.language = self.language ?? value
        case (.license, _): self.licence = self.licence ?? value
        case (.type, _):
            if value == "DiscussionForumPosting" || value == "QAPage" { self.isThread = true }
        case (.name, .publisher): self.site = self.site ?? value
        case (.name, .author), (.author, _):
            if self.authors.count < 8, !self.authors.contains(value), !value.contains("://") {
                self.authors.append(value)
            }
        default: break
        }
    }
}

/// The index after the string literal at `index`; nil where it never ends.
private func endOfString(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
    var cursor = index + 1
    while cursor < bytes.count {
        switch bytes[cursor] {
        case 0x22: return cursor + 1
        case 0x5C: cursor += 2
        default: cursor += 1
        }
    }
    return nil
}

/// What is between the quotes of a string literal, its escapes resolved.
private func unescaped(_ string: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(string.count)
    var cursor = 0
    while cursor < string.count {
        let escape = firstIndex(of: 0x5C, in: string, from: cursor) ?? string.count
        output.append(contentsOf: UnsafeBufferPointer(rebasing: string[cursor..<escape]))
        guard escape + 1 < string.count else { break }
        cursor = appendEscape(string, at: escape, to: &output)
    }
    return output
}

private func appendEscape(
    _ bytes: UnsafeBufferPointer<UInt8>,
    at index: Int,
    to output: inout [UInt8]
) -> Int {
    switch bytes[index + 1] {
    case 0x6E, 0x74, 0x72, 0x66, 0x62:
        output.append(0x20)
        return index + 2
    case 0x75:
        guard let unit = hexadecimal(bytes, at: index + 2) else { return index + 2 }
        var value = unit
        var end = index + 6
        if unit >= 0xD800, unit < 0xDC00, matches("\\u", bytes, at: end),
            let low = hexadecimal(bytes, at: end + 2), low >= 0xDC00, low < 0xE000
        {
            value = 0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            end += 6
        }
        appendScalar(value >= 0xD800 && value < 0xE000 ? 0xFFFD : value, to: &output)
        return end
    default:
        output.append(bytes[index + 1])
        return index + 2
    }
}

private func hexadecimal(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32? {
    guard index + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for offset in 0..<4 {
        let byte = bytes[index + offset]
        let lower = byte | 0x20
        if byte >= 0x30, byte <= 0x39 {
            value = value << 4 | UInt32(byte - 0x30)
        } else if lower >= 0x61, lower <= 0x66 {
            value = value << 4 | UInt32(lower - 0x61 + 10)
        } else {
            return nil
        }
    }
    return value
}
