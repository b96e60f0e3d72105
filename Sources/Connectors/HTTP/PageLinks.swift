internal import Bytes

/// What a page of HTML says of where to go on, and of what programs may do with it.
///
/// A scan for tags, not a parser: what it does not understand it passes over. It keeps within the
/// bytes given, and takes time in proportion to them.
struct PageLinks: Hashable, Sendable {
    /// The targets of links as written, in order, without those that are not to be followed.
    var links: [String] = []
    /// What relative links are relative to, where the page says so.
    var base: String?
    /// The address that the page prefers for itself.
    var canonical: String?
    var isNoIndex = false
    var isNoFollow = false

    static let linkLimit = 20_000

    /// - Parameter agent: the name by which a page may speak to this program alone.
    init(_ bytes: [UInt8], agent: String) {
        var scan = TagScan(bytes)
        while let tag = scan.next() {
            switch tag.name {
            case "base": self.base = self.base ?? tag.attributes["href"]
            case "a", "area": self.add(tag.attributes["href"], tag.attributes["rel"])
            case "link":
                let words = relations(tag.attributes["rel"])
                if words.contains("canonical") {
                    self.canonical = self.canonical ?? tag.attributes["href"]
                }
                if words.contains("next") || words.contains("prev") {
                    self.add(tag.attributes["href"], nil)
                }
            case "frame", "iframe": self.add(tag.attributes["src"], nil)
            case "meta": self.readMeta(tag.attributes, agent: agent)
            default: break
            }
        }
    }

    private mutating func add(_ target: String?, _ relation: String?) {
        guard let target, self.links.count < Self.linkLimit,
            !relations(relation).contains("nofollow")
        else { return }
        self.links.append(target)
    }

    private mutating func readMeta(_ attributes: [String: String], agent: String) {
        let content = attributes["content"] ?? ""
        let name = attributes["name"]?.lowercased() ?? ""
        if name == "robots" || name == agent.lowercased() { self.readDirectives(content) }
        if attributes["http-equiv"]?.lowercased() == "refresh",
            let equals = content.firstIndex(of: "="),
            content[..<equals].lowercased().contains("url")
        {
            self.add(
                content[content.index(after: equals)...].filter { $0 != "'" && $0 != "\"" },
                nil
            )
        }
    }

    private mutating func readDirectives(_ content: String) {
        for word in content.lowercased().split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if word == "noindex" || word == "none" { self.isNoIndex = true }
            if word == "nofollow" || word == "none" { self.isNoFollow = true }
        }
    }

    /// Takes up an `X-Robots-Tag`, which may name a program before its words.
    mutating func readHeader(_ value: String, agent: String) {
        let parts = value.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return self.readDirectives(value) }
        let name = parts[0].lowercased().filter { !$0.isWhitespace }
        if name == agent.lowercased() {
            self.readDirectives(String(parts[1]))
        } else if name.contains(",") || name == "unavailable_after" || name.hasPrefix("max-") {
            self.readDirectives(value)
        }
    }
}

private func relations(_ value: String?) -> [Substring] {
    (value ?? "").lowercased().split(whereSeparator: \.isWhitespace)
}

/// The start tags of a page that may matter, one after the other.
private struct TagScan {
    struct Tag {
        let name: String
        let attributes: [String: String]
    }

    private static let wanted: Set<String> = [
        "a", "area", "base", "link", "meta", "frame", "iframe",
    ]
    /// Elements whose content is text, whatever it looks like.
    private static let raw: Set<String> = ["script", "style", "textarea", "title", "xmp"]

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Tag? {
        while let start = self.bytes[self.place...].firstIndex(of: .lessThan) {
            self.place = start + 1
            guard self.place < self.bytes.count else { return nil }
            if self.bytes[self.place...].starts(with: "!--".utf8) {
                self.place += 3
                self.skip(past: Array("-->".utf8))
            } else if self.bytes[self.place].isASCIILetter {
                let name = self.name()
                let attributes = self.attributes(isWanted: Self.wanted.contains(name))
                if Self.raw.contains(name) { self.skip(to: Array("</\(name)".utf8)) }
                if Self.wanted.contains(name) { return Tag(name: name, attributes: attributes) }
            }
        }
        self.place = self.bytes.count
        return nil
    }

    private mutating func name() -> String {
        let start = self.place
        while self.place < self.bytes.count, self.bytes[self.place].isASCIIAlphanumeric {
            self.place += 1
        }
        return String(
            decoding: self.bytes[start..<self.place].prefix(16).map(\.asciiLowercased),
            as: UTF8.self
        )
    }

    /// Goes behind the `>`; the first of each attribute counts.
    private mutating func attributes(isWanted: Bool) -> [String: String] {
        var found: [String: String] = [:]
        while self.place < self.bytes.count {
            let byte = self.bytes[self.place]
            if byte == .greaterThan {
                self.place += 1
                break
            }
            if byte.isASCIISpace || byte == .slash {
                self.place += 1
                continue
            }
            let nameStart = self.place
            while self.place < self.bytes.count, !self.endsName(self.bytes[self.place]) {
                self.place += 1
            }
            if self.place == nameStart { self.place += 1 }
            let name = self.bytes[nameStart..<self.place]
            let value = self.value()
            guard isWanted, let value, name.count <= 16 else { continue }
            let key = String(decoding: name.map(\.asciiLowercased), as: UTF8.self)
            if found[key] == nil { found[key] = self.text(value) }
        }
        return found
    }

    private func endsName(_ byte: UInt8) -> Bool {
        byte.isASCIISpace || byte == .slash || byte == .greaterThan || byte == .equalsSign
    }

    /// The range of a value behind `=`; nil where there is none.
    private mutating func value() -> Range<Int>? {
        var next = self.place
        while next < self.bytes.count, self.bytes[next].isASCIISpace { next += 1 }
        guard next < self.bytes.count, self.bytes[next] == .equalsSign else { return nil }
        next += 1
        while next < self.bytes.count, self.bytes[next].isASCIISpace { next += 1 }
        guard next < self.bytes.count else {
            self.place = next
            return nil
        }
        let quote = self.bytes[next]
        if quote == .quotationMark || quote == .apostrophe {
            let start = next + 1
            let end = self.bytes[start...].firstIndex(of: quote) ?? self.bytes.count
            self.place = min(self.bytes.count, end + 1)
            return start..<end
        }
        let start = next
        while next < self.bytes.count, !self.bytes[next].isASCIISpace,
            self.bytes[next] != .greaterThan
        {
            next += 1
        }
        self.place = next
        return start..<next
    }

    private func text(_ range: Range<Int>) -> String {
        // An address longer than this is none that a server takes.
        let range = range.lowerBound..<min(range.upperBound, range.lowerBound + 8192)
        var output: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if self.bytes[index] == .ampersand,
                let (scalar, end) = characterReference(self.bytes, at: index, in: range)
            {
                appendScalar(scalar, to: &output)
                index = end
            } else {
                output.append(self.bytes[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private mutating func skip(past mark: [UInt8]) {
        self.skip(to: mark)
        self.place = min(self.bytes.count, self.place + mark.count)
    }

    /// To the next `mark`, in either case; to the end where there is none.
    private mutating func skip(to mark: [UInt8]) {
        while self.place + mark.count <= self.bytes.count {
            if self.bytes[self.place] == mark[0],
                zip(self.bytes[self.place...], mark).allSatisfy({ $0.asciiLowercased == $1 })
            {
                return
            }
            self.place += 1
        }
        self.place = self.bytes.count
    }
}
