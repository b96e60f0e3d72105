internal import Bytes
internal import Objects

/// What a server's `robots.txt` lets a program with one name do.
///
/// - Source: RFC 9309; `Crawl-delay` and `Sitemap` as most programs read them.
struct RobotsFile: Hashable, Sendable {
    private struct Rule: Hashable {
        let allows: Bool
        /// Normalised as a canonical path is, with `*` and an ending `$`.
        let pattern: [UInt8]
    }

    private var rules: [Rule] = []
    private let isClosed: Bool
    /// Seconds between two requests that the file asks for; nil where it does not.
    private(set) var crawlDelay: Double?
    /// The addresses of sitemaps that the file names, as written.
    private(set) var sitemaps: [String] = []

    /// Larger files are read so far (RFC 9309, 2.5 asks for at least 500 KiB).
    static let byteLimit = 512 << 10

    /// Where there is no file: everything may be fetched.
    static let open = RobotsFile(isClosed: false)
    /// Where the file could not be had: nothing may be fetched (RFC 9309, 2.3.1.4).
    static let closed = RobotsFile(isClosed: true)

    private init(isClosed: Bool) { self.isClosed = isClosed }

    /// - Parameter agent: the product's name, without its version.
    init(_ bytes: [UInt8], agent: String) {
        self.isClosed = false
        var own = Group()
        var general = Group()
        var names: [String] = []
        var isInRules = false
        for line in lines(bytes.prefix(Self.byteLimit)) {
            let (key, value) = line
            switch key {
            case "user-agent":
                if isInRules { names = [] }
                isInRules = false
                names.append(productToken(value))
            case "sitemap": if self.sitemaps.count < 100 { self.sitemaps.append(value) }
            case "allow", "disallow", "crawl-delay":
                isInRules = true
                if names.contains(agent.lowercased()) {
                    own.isThere = true
                    own.add(key, value)
                } else if names.contains("*") {
                    general.add(key, value)
                }
            default: break
            }
            if key == "user-agent", names.contains(agent.lowercased()) { own.isThere = true }
        }
        let group = own.isThere ? own : general
        self.rules = group.rules
        self.crawlDelay = group.crawlDelay
    }

    private struct Group {
        var isThere = false
        var rules: [Rule] = []
        var crawlDelay: Double?

        mutating func add(_ key: String, _ value: String) {
            if key == "crawl-delay" {
                if let seconds = Double(value), seconds >= 0, seconds <= 3600 {
                    self.crawlDelay = seconds
                }
            } else if !value.isEmpty, self.rules.count < 10_000 {
                self.rules.append(Rule(allows: key == "allow", pattern: normalisedPattern(value)))
            }
        }
    }

    /// Whether a page may be fetched: the longest rule that fits decides, and `allow` between equal ones.
    ///
    /// - Complexity: O(rules · (pattern + target)) for patterns of few stars.
    func allows(_ address: WebAddress) -> Bool {
        if self.isClosed { return false }
        if address.path == "/robots.txt" { return true }
        let target = Array(address.target.utf8)
        var best: Rule?
        for rule in self.rules where matches(rule.pattern, target) {
            let length = best?.pattern.count ?? -1
            if rule.pattern.count > length || (rule.pattern.count == length && rule.allows) {
                best = rule
            }
        }
        return best?.allows ?? true
    }
}

/// The lines `key: value`, the key in lower case, without comments.
private func lines(_ bytes: ArraySlice<UInt8>) -> [(String, String)] {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    return text.split { $0 == .lineFeed || $0 == .carriageReturn }.compactMap { line in
        let content = line.prefix { $0 != .numberSign }
        guard let colon = content.firstIndex(of: .colon) else { return nil }
        return (
            String(decoding: trimmed(content[..<colon]), as: UTF8.self).lowercased(),
            String(decoding: trimmed(content[(colon + 1)...]), as: UTF8.self)
        )
    }
}

private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes.drop(while: \.isASCIISpace)
    while bytes.last?.isASCIISpace == true { bytes.removeLast() }
    return bytes
}

/// `millrace` of `Millrace/1.0 (…)`, and `*` as it is.
private func productToken(_ value: String) -> String {
    let name = value.prefix { $0.isLetter || $0 == "_" || $0 == "-" || $0 == "*" }
    return name.lowercased()
}

/// A pattern in the form of canonical paths, so that both can be compared byte by byte.
private func normalisedPattern(_ value: String) -> [UInt8] {
    let start = value.hasPrefix("/") || value.hasPrefix("*") ? value : "/" + value
    var output: [UInt8] = []
    for (index, part) in start.split(separator: "*", omittingEmptySubsequences: false).enumerated()
    {
        if index > 0 { output.append(.asterisk) }
        output += normalisedEscapes(Array(part.utf8))
    }
    return output
}

/// Escapes of unreserved characters undone, the others in upper case, what is not ASCII escaped.
private func normalisedEscapes(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
        let byte = bytes[index]
        let end = min(bytes.count, index + 3)
        let escape = String(decoding: bytes[index..<end], as: UTF8.self)
        let plain = PercentCoding.decoded(escape)
        if byte == .percentSign, plain.count == 1 {
            output += PercentCoding.encoded(plain).utf8
            index += 3
        } else {
            output +=
                byte < 0x80 && byte > 0x20 ? [byte] : Array(PercentCoding.encoded([byte]).utf8)
            index += 1
        }
    }
    return output
}

/// Whether `target` begins with what `pattern` describes; all of it where that ends with `$`.
private func matches(_ pattern: [UInt8], _ target: [UInt8]) -> Bool {
    let isAnchored = pattern.last == .dollarSign
    let pattern = isAnchored ? pattern.dropLast() : pattern[...]
    var parts = pattern.split(separator: .asterisk, omittingEmptySubsequences: false)[...]
    guard let first = parts.popFirst(), target.starts(with: first) else { return false }
    var place = first.count
    guard var last = parts.popLast() else { return !isAnchored || place == target.count }
    // A star takes as little as it can; only the last part of an anchored pattern must reach the end.
    for part in parts {
        guard let found = target[place...].firstPlace(of: part) else { return false }
        place = found + part.count
    }
    if isAnchored {
        while last.first == .asterisk { last = last.dropFirst() }
        return target.count - place >= last.count && target[place...].suffix(last.count) == last
    }
    return target[place...].firstPlace(of: last) != nil
}

extension ArraySlice<UInt8> {
    fileprivate func firstPlace(of part: ArraySlice<UInt8>) -> Int? {
        guard !part.isEmpty else { return self.startIndex }
        guard self.count >= part.count else { return nil }
        return (self.startIndex...(self.endIndex - part.count)).first {
            self[$0..<$0 + part.count] == part
        }
    }
}
