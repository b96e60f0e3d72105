internal import Bytes

/// The lower-cased tokens of a text, joined by one space, and the signs between them.
///
/// A token is a maximal run of letters, numbers and `_` of the lower-cased text: Python's `\w+` of
/// `text.lower()`, with full case mappings, so that the figures of other tools compare. Signs are those
/// of ``SignRule``; they tell texts apart and are in no shingle. Between fences of code every mark is a
/// sign, and so is a word with a capital.
struct NormalisedTokens {
    /// Bytes that may be read after the last token by a reader of eight bytes at a time.
    static let padding = 16

    private var scalars = WordScalars()
    private let tokenBytes = Self.makeTokenBytes(signs: SignRule.candidates)
    private let codeBytes = Self.makeTokenBytes(signs: SignRule.codeCandidates)
    /// Working storage; the first `byteCount` bytes hold the tokens.
    private(set) var storage: [UInt8] = []
    private(set) var byteCount = 0
    /// Where each token ends; the next starts one byte later.
    private(set) var ends: [UInt32] = []
    /// The numbers of the tokens that hold a digit or another number, ascending.
    private(set) var numbers: [UInt32] = []
    private(set) var signs: [Sign] = []
    /// Where each token stands in the source; empty unless `recordsPlaces`.
    private(set) var places: [Range<Int>] = []
    var recordsPlaces = false

    /// A sign between two tokens.
    struct Sign: Hashable {
        /// How many tokens come before it.
        var tokensBefore: UInt32
        /// With the top bit set, a hash of how the word after it is written.
        var scalar: UInt32
        /// Where it stands in the source.
        var offset: UInt32
    }

    /// Replaces the tokens by those of `text`.
    ///
    /// - Complexity: O(text).
    mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        precondition(text.count <= 1 << 30, "a text is at most 1 GiB")
        self.ends.removeAll(keepingCapacity: true)
        self.numbers.removeAll(keepingCapacity: true)
        self.signs.removeAll(keepingCapacity: true)
        self.places.removeAll(keepingCapacity: true)
        self.byteCount = 0
        // Lower-casing grows UTF-8 by at most half (two bytes to three).
        let needed = text.count + text.count / 2 + 1 + Self.padding
        if self.storage.count < needed {
            self.storage = Array(repeating: 0, count: needed)
        }
        guard let source = text.baseAddress else { return }
        // Buffers leave the value while the pass writes to them.
        var storage = self.storage
        self.storage = []
        storage.withUnsafeMutableBufferPointer { storage in
            guard let output = storage.baseAddress else { return }
            self.byteCount = self.lower(text, source, to: output)
        }
        self.storage = storage
    }

    /// The signs as bytes behind the tokens, so that one hash covers both; none where there are none.
    mutating func appendSigns() -> Int {
        guard !self.signs.isEmpty else { return self.byteCount }
        let byteCount = self.byteCount + 1 + self.signs.count * 8
        if self.storage.count < byteCount + Self.padding {
            self.storage += Array(
                repeating: 0,
                count: byteCount + Self.padding - self.storage.count
            )
        }
        self.storage.withUnsafeMutableBytes { storage in
            storage[self.byteCount] = 0
            var place = self.byteCount + 1
            for sign in self.signs {
                storage.storeBytes(
                    of: sign.tokensBefore.littleEndian,
                    toByteOffset: place,
                    as: UInt32.self
                )
                storage.storeBytes(
                    of: sign.scalar.littleEndian,
                    toByteOffset: place + 4,
                    as: UInt32.self
                )
                place += 8
            }
        }
        return byteCount
    }

    /// Gives back storage that one huge document made large.
    mutating func releaseLargeStorage(over byteCount: Int) {
        if self.storage.count > byteCount { self.storage = [] }
        if self.ends.capacity > byteCount / 4 { self.ends = [] }
        if self.numbers.capacity > byteCount / 4 { self.numbers = [] }
        if self.signs.capacity > byteCount / 12 { self.signs = [] }
    }

    static let nonASCII: UInt8 = 0xFF

    /// For each byte its lower-case form in a token, 0 outside tokens, `nonASCII` above 0x7F.
    static func makeWordBytes() -> [UInt8] {
        (0...UInt8.max).map { byte in
            switch byte {
            case 0x80...: self.nonASCII
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"):
                byte
            default: 0
            }
        }
    }

    /// For each byte what ``makeWordBytes()`` says, and `signCandidate` where ``SignRule`` decides.
    private static func makeTokenBytes(signs: [UInt8]) -> [UInt8] {
        var bytes = self.makeWordBytes()
        for byte in signs { bytes[Int(byte)] = self.signCandidate }
        return bytes
    }

    private static let signCandidate: UInt8 = 0xFE

    private mutating func lower(
        _ text: UnsafeBufferPointer<UInt8>,
        _ source: UnsafePointer<UInt8>,
        to output: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var table = self.tokenBytes
        let rule = SignRule(text: text)
        let count = text.count
        var offset = 0
        var token = OpenToken(text: text)
        var fence: CodeFence?
        while offset < count {
            let byte = table[Int(source[offset])]
            if byte == 0 {
                self.end(&token, at: offset, in: output)
                offset &+= 1
                token.source = offset
            } else if byte < Self.signCandidate {
                output[token.end] = byte
                token.end &+= 1
                // Digits are below all letters and `_`.
                token.hasNumber = token.hasNumber || byte < UInt8(ascii: "_")
                offset &+= 1
            } else if byte == Self.signCandidate {
                self.end(&token, at: offset, in: output)
                if let mark = CodeFence(text, at: offset), fence == nil || mark.closes(fence) {
                    fence = fence == nil ? mark : nil
                    token.isCode = fence != nil
                    table = token.isCode ? self.codeBytes : self.tokenBytes
                    offset &+= mark.count
                } else {
                    let sign =
                        token.isCode
                        ? rule.sign(code: source[offset])
                        : rule.sign(ascii: source[offset], at: offset)
                    self.add(sign, at: offset)
                    offset &+= 1
                }
                token.source = offset
            } else {
                offset &+= self.lowerScalar(text, at: offset, rule, &token, to: output)
            }
        }
        self.end(&token, at: offset, in: output)
        // Without the space after the last token.
        return max(0, token.end &- 1)
    }

    /// The token that is being written.
    private struct OpenToken {
        let text: UnsafeBufferPointer<UInt8>
        /// Where it starts in the source.
        var source = 0
        /// Where it starts in the output, and where its next byte goes.
        var start = 0
        var end = 0
        var hasNumber = false
        /// Whether it stands between fences of code.
        var isCode = false
    }

    /// Takes one scalar beyond ASCII; returns how many bytes it has.
    private mutating func lowerScalar(
        _ text: UnsafeBufferPointer<UInt8>,
        at offset: Int,
        _ rule: SignRule,
        _ token: inout OpenToken,
        to output: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let (codePoint, length) = decodeUTF8(text, at: offset)
        let entry = self.scalars.entry(of: codePoint)
        if !entry.isWord {
            self.end(&token, at: offset, in: output)
            if let codePoint {
                let sign = rule.sign(
                    codePoint,
                    isSign: entry.isSign,
                    at: offset,
                    length: length
                )
                self.add(sign, at: offset)
            }
            token.source = offset &+ length
            return length
        }
        token.hasNumber = token.hasNumber || entry.isNumber
        if codePoint == 0x130 {
            // The one multi-scalar lower-case mapping: i and a combining dot, which ends the token.
            output[token.end] = UInt8(ascii: "i")
            token.end &+= 1
            self.end(&token, at: offset &+ length, in: output)
            token.source = offset &+ length
        } else if codePoint == 0x3A3, self.scalars.isFinalSigma(in: text, at: offset) {
            token.end &+= encodeScalar(0x3C2, to: output + token.end)
        } else {
            token.end &+= encodeScalar(entry.lowercase, to: output + token.end)
        }
        return length
    }

    @inline(__always)
    private mutating func end(
        _ token: inout OpenToken,
        at offset: Int,
        in output: UnsafeMutablePointer<UInt8>
    ) {
        guard token.end > token.start else { return }
        if token.isCode { self.addCapitals(token.text[token.source..<offset]) }
        if token.hasNumber {
            self.numbers.append(UInt32(truncatingIfNeeded: self.ends.count))
            token.hasNumber = false
        }
        if self.recordsPlaces { self.places.append(token.source..<offset) }
        self.ends.append(UInt32(truncatingIfNeeded: token.end))
        output[token.end] = UInt8(ascii: " ")
        token.end &+= 1
        token.start = token.end
    }

    /// A word of code with a capital is another than the one without: how it is written is a sign before it.
    private mutating func addCapitals(_ word: Slice<UnsafeBufferPointer<UInt8>>) {
        guard word.contains(where: \.isASCIIUppercase) else { return }
        let hash = word.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        // No scalar has the top bit.
        self.add(hash | 1 << 31, at: word.startIndex)
    }

    private mutating func add(_ sign: UInt32, at offset: Int) {
        guard sign != 0 else { return }
        self.signs.append(
            Sign(
                tokensBefore: UInt32(truncatingIfNeeded: self.ends.count),
                scalar: sign,
                offset: UInt32(truncatingIfNeeded: offset)
            )
        )
    }
}
