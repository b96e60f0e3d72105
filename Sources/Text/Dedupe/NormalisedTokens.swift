/// The lower-cased tokens of a text, joined by one space.
///
/// A token is a maximal run of letters, numbers and `_` of the lower-cased text: Python's `\w+` of
/// `text.lower()`, with full case mappings, so that the figures of other tools compare.
struct NormalisedTokens {
    /// Bytes that may be read after the last token by a reader of eight bytes at a time.
    static let padding = 16

    private var scalars = WordScalars()
    private let wordBytes = Self.makeWordBytes()
    /// Working storage; the first `byteCount` bytes hold the tokens.
    private(set) var storage: [UInt8] = []
    private(set) var byteCount = 0
    /// Where each token ends; the next starts one byte later.
    private(set) var ends: [UInt32] = []

    /// Replaces the tokens by those of `text`.
    ///
    /// - Complexity: O(text).
    mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        precondition(text.count <= 1 << 30, "a text is at most 1 GiB")
        self.ends.removeAll(keepingCapacity: true)
        self.byteCount = 0
        // Lower-casing grows UTF-8 by at most half (two bytes to three).
        let needed = text.count + text.count / 2 + 1 + Self.padding
        if self.storage.count < needed {
            self.storage = Array(repeating: 0, count: needed)
        }
        guard let source = text.baseAddress else { return }
        self.storage.withUnsafeMutableBufferPointer { storage in
            guard let output = storage.baseAddress else { return }
            self.byteCount = self.wordBytes.withUnsafeBufferPointer { wordBytes in
                guard let table = wordBytes.baseAddress else { return 0 }
                return Self.lower(
                    text,
                    source,
                    table,
                    to: output,
                    scalars: &self.scalars,
                    ends: &self.ends
                )
            }
        }
    }

    /// Gives back storage that one huge document made large.
    mutating func releaseLargeStorage(over byteCount: Int) {
        if self.storage.count > byteCount { self.storage = [] }
        if self.ends.capacity > byteCount / 4 { self.ends = [] }
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

    private static func lower(
        _ text: UnsafeBufferPointer<UInt8>,
        _ source: UnsafePointer<UInt8>,
        _ table: UnsafePointer<UInt8>,
        to output: UnsafeMutablePointer<UInt8>,
        scalars: inout WordScalars,
        ends: inout [UInt32]
    ) -> Int {
        let count = text.count
        var offset = 0
        var written = 0
        var tokenStart = 0
        func endToken() {
            guard written > tokenStart else { return }
            ends.append(UInt32(truncatingIfNeeded: written))
            output[written] = UInt8(ascii: " ")
            written &+= 1
            tokenStart = written
        }
        while offset < count {
            let byte = table[Int(source[offset])]
            if byte == 0 {
                endToken()
                offset &+= 1
            } else if byte != self.nonASCII {
                output[written] = byte
                written &+= 1
                offset &+= 1
            } else {
                let (codePoint, length) = decodeUTF8(text, at: offset)
                let entry = scalars.entry(of: codePoint)
                if !entry.isWord {
                    endToken()
                } else if codePoint == 0x130 {
                    // The one multi-scalar lower-case mapping: i and a combining dot, which ends
                    // the token.
                    output[written] = UInt8(ascii: "i")
                    written &+= 1
                    endToken()
                } else if codePoint == 0x3A3, scalars.isFinalSigma(in: text, at: offset) {
                    written &+= encodeScalar(0x3C2, to: output + written)
                } else {
                    written &+= encodeScalar(entry.lowercase, to: output + written)
                }
                offset &+= length
            }
        }
        endToken()
        // Without the space after the last token.
        return max(0, written &- 1)
    }
}
