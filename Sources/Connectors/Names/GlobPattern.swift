/// Why a glob cannot be used.
struct GlobError: Error, Hashable {
    let message: String
}

/// The syntax tree of a glob.
///
/// `*` is any run of bytes but `/`; `?` one character but `/`; `**` as a whole component any
/// number of components; `{a,b}` either; `[a-z]`, `[!a-z]` one character; `\` takes the next byte
/// as it is.
indirect enum GlobNode {
    case empty
    /// One byte from the set; `isLeadingDot` where the pattern spells out a hidden name.
    case byte(ByteSet, isLeadingDot: Bool = false)
    case sequence([GlobNode])
    case alternatives([GlobNode])
    case repeated(GlobNode)
}

/// A set of byte values.
struct ByteSet: Hashable, Sendable {
    private var words: SIMD4<UInt64> = .zero

    static let all = ByteSet { _ in true }
    static let allButSlash = ByteSet { $0 != UInt8(ascii: "/") }
    /// The first byte of a character in a component.
    static let characterStart = ByteSet { $0 != UInt8(ascii: "/") && $0 & 0xC0 != 0x80 }
    static let characterRest = ByteSet { $0 & 0xC0 == 0x80 }

    init(_ isMember: (UInt8) -> Bool) {
        for byte in UInt8.min...UInt8.max where isMember(byte) { self.insert(byte) }
    }

    init(_ byte: UInt8) { self.insert(byte) }

    func contains(_ byte: UInt8) -> Bool { self.words[Int(byte >> 6)] >> (byte & 63) & 1 == 1 }

    mutating func insert(_ byte: UInt8) { self.words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
}

/// Reads one glob.
///
/// A trailing `/` means everything below; a leading `/` or `./` is dropped, since every pattern
/// starts at the root of the source anyway.
func parseGlob(_ pattern: String) throws(GlobError) -> GlobNode {
    let byteCountMax = 1024
    var text = Substring(pattern)
    while text.hasPrefix("./") { text = text.dropFirst(2) }
    while text.hasPrefix("/") { text = text.dropFirst() }
    if text.hasSuffix("/") { text += "**" }
    guard !text.isEmpty else { throw GlobError(message: "the pattern is empty") }
    guard text.utf8.count <= byteCountMax else {
        throw GlobError(message: "the pattern has more than \(byteCountMax) bytes")
    }
    guard !text.utf8.contains(0) else { throw GlobError(message: "the pattern has a zero byte") }
    var parser = GlobParser(bytes: Array(text.utf8))
    let node = try parser.parseSequence(depth: 0, atComponentStart: true)
    guard parser.isAtEnd else { throw GlobError(message: "'}' without '{'") }
    return node
}

private struct GlobParser {
    static let depthMax = 16

    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { self.index == self.bytes.count }

    private func byte(_ offset: Int = 0) -> UInt8? {
        self.index + offset < self.bytes.count ? self.bytes[self.index + offset] : nil
    }

    /// Up to the end, or inside braces up to `,` or `}`.
    mutating func parseSequence(depth: Int, atComponentStart: Bool) throws(GlobError) -> GlobNode {
        var nodes: [GlobNode] = []
        var atStart = atComponentStart
        while let byte = self.byte() {
            if depth > 0, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") { break }
            if depth == 0, byte == UInt8(ascii: "}") { break }
            let isSlash = byte == UInt8(ascii: "/")
            nodes.append(try self.parseItem(byte, depth: depth, atComponentStart: atStart))
            // `**/` has taken its slash.
            atStart = isSlash || self.bytes[self.index - 1] == UInt8(ascii: "/")
        }
        return .sequence(nodes)
    }

    private mutating func parseItem(
        _ byte: UInt8,
        depth: Int,
        atComponentStart: Bool
    ) throws(GlobError) -> GlobNode {
        switch byte {
        case UInt8(ascii: "*"): return self.parseStar(atComponentStart: atComponentStart)
        case UInt8(ascii: "?"):
            self.index += 1
            return character(.characterStart)
        case UInt8(ascii: "["): return try self.parseClass()
        case UInt8(ascii: "{"):
            return try self.parseBraces(depth: depth + 1, atComponentStart: atComponentStart)
        case UInt8(ascii: "\\"):
            self.index += 1
            guard let next = self.byte() else { throw GlobError(message: "'\\' at the end") }
            self.index += 1
            return literal(next, atComponentStart: atComponentStart)
        default:
            self.index += 1
            return literal(byte, atComponentStart: atComponentStart)
        }
    }

    private mutating func parseStar(atComponentStart: Bool) -> GlobNode {
        let star = UInt8(ascii: "*")
        var count = 0
        while self.byte() == star {
            self.index += 1
            count += 1
        }
        let any: GlobNode = .byte(.all)
        let isComponentEnd = self.byte().map { "/,}".utf8.contains($0) } ?? true
        guard count == 2, atComponentStart, isComponentEnd else {
            return .repeated(.byte(.allButSlash))
        }
        guard self.byte() == UInt8(ascii: "/") else { return .sequence([any, .repeated(any)]) }
        self.index += 1
        let slash: GlobNode = .byte(ByteSet(UInt8(ascii: "/")))
        return .alternatives([.empty, .sequence([any, .repeated(any), slash])])
    }

    private mutating func parseBraces(
        depth: Int,
        atComponentStart: Bool
    ) throws(GlobError) -> GlobNode {
        guard depth <= Self.depthMax else { throw GlobError(message: "too many nested '{'") }
        var nodes: [GlobNode] = []
        repeat {
            self.index += 1
            nodes.append(
                try self.parseSequence(depth: depth, atComponentStart: atComponentStart)
            )
        } while self.byte() == UInt8(ascii: ",")
        guard self.byte() == UInt8(ascii: "}") else { throw GlobError(message: "'{' without '}'") }
        self.index += 1
        return .alternatives(nodes)
    }

    private mutating func parseClass() throws(GlobError) -> GlobNode {
        self.index += 1
        let isNegated = self.byte() == UInt8(ascii: "!") || self.byte() == UInt8(ascii: "^")
        if isNegated { self.index += 1 }
        var members = ByteSet { _ in false }
        var isFirst = true
        while let lower = self.byte(), lower != UInt8(ascii: "]") || isFirst {
            isFirst = false
            var upper = lower
            self.index += 1
            if self.byte() == UInt8(ascii: "-"), let end = self.byte(1), end != UInt8(ascii: "]") {
                upper = end
                self.index += 2
            }
            guard lower < 0x80, upper < 0x80 else {
                throw GlobError(message: "'[' takes ASCII only; write {é,è} for other characters")
            }
            guard lower <= upper else { throw GlobError(message: "a range in '[' runs backwards") }
            for byte in lower...upper { members.insert(byte) }
        }
        guard self.byte() == UInt8(ascii: "]") else { throw GlobError(message: "'[' without ']'") }
        self.index += 1
        if isNegated {
            return character(
                ByteSet { ByteSet.characterStart.contains($0) && !members.contains($0) }
            )
        }
        return .byte(
            ByteSet { members.contains($0) && $0 != UInt8(ascii: "/") }
        )
    }
}

private func literal(_ byte: UInt8, atComponentStart: Bool) -> GlobNode {
    .byte(ByteSet(byte), isLeadingDot: atComponentStart && byte == UInt8(ascii: "."))
}

/// One character whose first byte is in `start`.
private func character(_ start: ByteSet) -> GlobNode {
    .sequence([
        .byte(start), .repeated(.byte(.characterRest)),
    ])
}
