/// Strings stored once each, numbered in the order they were first seen.
struct StringTable {
    private var numbers: [String: UInt32] = [:]
    private var offsets: [UInt32] = [0]
    private var bytes: [UInt8] = []

    mutating func number(of text: String) -> UInt32 {
        if let number = self.numbers[text] { return number }
        let number = UInt32(self.numbers.count)
        self.numbers[text] = number
        self.bytes.append(contentsOf: text.utf8)
        self.offsets.append(UInt32(self.bytes.count))
        return number
    }

    /// The count, the offsets of all strings and of their end, the strings.
    func encoded() -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.append(little: UInt32(self.numbers.count))
        for offset in self.offsets { encoded.append(little: offset) }
        return encoded + self.bytes
    }
}

/// Heading paths stored once each; number 0 is the empty path.
struct HeadingTable {
    private var headings = StringTable()
    private var numbers: [[String]: UInt32] = [[]: 0]
    private var offsets: [UInt32] = [0, 0]
    private var parts: [UInt32] = []
    /// Neighbouring chunks mostly share their path.
    private var last: (path: [String], number: UInt32) = ([], 0)

    mutating func number(of path: [String]) -> UInt32 {
        if path == self.last.path { return self.last.number }
        let number = self.numbers[path] ?? self.add(path)
        self.last = (path, number)
        return number
    }

    private mutating func add(_ path: [String]) -> UInt32 {
        let number = UInt32(self.numbers.count)
        self.numbers[path] = number
        for heading in path { self.parts.append(self.headings.number(of: heading)) }
        self.offsets.append(UInt32(self.parts.count))
        return number
    }

    func encodedHeadings() -> [UInt8] { self.headings.encoded() }

    /// The count, the offsets of all paths and of their end in parts, the parts' heading numbers.
    func encodedPaths() -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.append(little: UInt32(self.numbers.count))
        for offset in self.offsets { encoded.append(little: offset) }
        for part in self.parts { encoded.append(little: part) }
        return encoded
    }
}
