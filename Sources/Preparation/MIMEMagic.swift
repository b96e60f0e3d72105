internal import Bytes
internal import Records

/// The rules by which the shared MIME database tells types from bytes.
///
/// - Source: freedesktop.org, "Shared MIME-info Database", "The magic files".
struct MIMEMagic {
    private struct Section {
        var priority: Int
        var type: String
        var rules: [MIMERule] = []
    }

    private let sections: [Section]

    /// Rules that look further into a document are not followed.
    private static let headByteCount = 64 << 10

    /// Nil for what is no file of rules.
    init?(_ file: [UInt8]) {
        guard file.starts(with: "MIME-Magic\0\n".utf8) else { return nil }
        var reader = MagicReader(file)
        var sections: [Section] = []
        while let (priority, type) = reader.sectionHead() {
            var section = Section(priority: priority, type: type)
            while let rule = reader.rule() { section.rules.append(rule) }
            sections.append(section)
        }
        self.sections = sections
    }

    /// The type of the highest priority whose rules hold.
    func type(of bytes: [UInt8]) -> MediaType? {
        let head = bytes.prefix(Self.headByteCount)
        var best: Section?
        for section in self.sections
        where section.priority > best?.priority ?? -1 && self.holds(section.rules, head) {
            best = section
        }
        return best.map { MediaType($0.type) }
    }

    /// Whether a rule holds, and one below it where there are some.
    private func holds(_ rules: [MIMERule], _ head: ArraySlice<UInt8>) -> Bool {
        var index = 0
        var depth = 0
        while index < rules.count {
            let rule = rules[index]
            index += 1
            guard rule.depth <= depth else { continue }
            depth = rule.depth
            guard self.holds(rule, head) else { continue }
            guard index < rules.count, rules[index].depth > rule.depth else { return true }
            depth = rule.depth + 1
        }
        return false
    }

    private func holds(_ rule: MIMERule, _ head: ArraySlice<UInt8>) -> Bool {
        let last = min(rule.offset + rule.range, head.count - rule.value.count + 1)
        guard rule.offset < last else { return false }
        return (rule.offset..<last).contains { start in
            rule.value.enumerated().allSatisfy { place, byte in
                let mask = rule.mask?[place] ?? 0xFF
                return head[start + place] & mask == byte & mask
            }
        }
    }
}

/// A value that stands at one of some offsets, and the depth of the rule below the one before.
private struct MIMERule {
    var depth: Int
    var offset: Int
    var value: [UInt8]
    var mask: [UInt8]?
    var range = 1
}

/// Reads the database's own format.
private struct MagicReader {
    private let file: [UInt8]
    private var position = "MIME-Magic\0\n".utf8.count

    init(_ file: [UInt8]) { self.file = file }

    private var next: UInt8? { self.position < self.file.count ? self.file[self.position] : nil }

    private mutating func number() -> Int? {
        let digits = self.file[self.position...].prefix(8).prefix(while: \.isASCIIDigit)
        self.position += digits.count
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// `[50:image/png]` and a line feed.
    mutating func sectionHead() -> (priority: Int, type: String)? {
        guard self.next == .leftBracket else { return nil }
        self.position += 1
        guard let priority = self.number(), self.next == .colon,
            let close = self.file[self.position...].firstIndex(of: .rightBracket)
        else { return nil }
        let type = String(decoding: self.file[(self.position + 1)..<close], as: UTF8.self)
        self.position = close + 2
        return (priority, type)
    }

    /// `1>0=`, two bytes of length, the value; `&` and a mask; `~` and a word's size; `+` and a range.
    mutating func rule() -> MIMERule? {
        guard let first = self.next, first != .leftBracket else { return nil }
        let depth = self.number() ?? 0
        guard self.take(.greaterThan), let offset = self.number(), self.take(.equalsSign),
            self.position + 2 <= self.file.count
        else { return self.end() }
        let count = Int(self.file[self.position]) << 8 | Int(self.file[self.position + 1])
        self.position += 2
        guard let value = self.bytes(count) else { return self.end() }
        var rule = MIMERule(depth: depth, offset: offset, value: value)
        if self.take(.ampersand) {
            guard let mask = self.bytes(count) else { return self.end() }
            rule.mask = mask
        }
        if self.take(.tilde), let size = self.number(), size > 1 {
            rule.value = inHostOrder(rule.value, wordSize: size)
            rule.mask = rule.mask.map { inHostOrder($0, wordSize: size) }
        }
        if self.take(.plusSign) { rule.range = self.number() ?? 1 }
        guard self.take(.lineFeed) else { return self.end() }
        return rule
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.position += 1
        return true
    }

    private mutating func bytes(_ count: Int) -> [UInt8]? {
        guard self.position + count <= self.file.count else { return nil }
        defer { self.position += count }
        return Array(self.file[self.position..<self.position + count])
    }

    /// Nothing behind what cannot be read is believed.
    private mutating func end() -> MIMERule? {
        self.position = self.file.count
        return nil
    }
}

/// Words that the file has with their highest byte first, as a little-endian machine holds them.
private func inHostOrder(_ bytes: [UInt8], wordSize: Int) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: wordSize).flatMap { start in
        bytes[start..<min(start + wordSize, bytes.count)].reversed()
    }
}
