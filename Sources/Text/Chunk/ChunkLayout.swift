internal import Bytes
internal import Records

/// A block with the tokens it holds.
struct LaidBlock {
    let kind: Block.Kind
    let level: UInt8
    let page: Int32
    let start: Int
    let end: Int
    var tokens: Range<Int> = 0..<0
}

/// A document as the cutter sees it: blocks with their tokens and a strength for each token.
struct ChunkLayout {
    let text: UnsafeBufferPointer<UInt8>
    let tokenStarts: [Int32]
    /// Ascending, apart, inside the text, each with at least one token.
    let blocks: [LaidBlock]
    /// How good a cut before each token is; `tokenStarts.count` values.
    let strengths: [CutStrength]

    init(
        text: UnsafeBufferPointer<UInt8>,
        blocks: [Block],
        tokenStarts: [Int32],
        maximumTokens: Int
    ) {
        self.text = text
        self.tokenStarts = tokenStarts
        self.blocks = Self.lay(blocks, textCount: text.count, tokenStarts)
        var strengths = BoundaryScan(text: text, blocks: self.blocks, tokenStarts: tokenStarts)
            .strengths()
        let wholes = findWholes(in: text, blocks: self.blocks, tokenStarts)
        for whole in wholes where whole.count <= maximumTokens {
            for index in whole.dropFirst() { strengths[index] = .forbidden }
        }
        self.strengths = strengths
    }

    /// The bytes from the first of `tokens` to the token after them, without white space at the ends.
    func trimmedBytes(of tokens: Range<Int>) -> Range<Int> {
        var start = tokens.lowerBound == 0 ? 0 : self.offset(of: tokens.lowerBound)
        var end =
            tokens.upperBound == self.tokenStarts.count
            ? self.text.count : self.offset(of: tokens.upperBound)
        while start < end, let width = whiteSpaceWidth(self.text, at: start) { start += width }
        while end > start, let width = whiteSpaceWidth(self.text, before: end) { end -= width }
        return start..<max(start, end)
    }

    private func offset(of token: Int) -> Int {
        max(0, min(Int(self.tokenStarts[token]), self.text.count))
    }

    /// Drops what contradicts the order of blocks, so that nothing after this needs to ask.
    private static func lay(
        _ blocks: [Block],
        textCount: Int,
        _ tokenStarts: [Int32]
    ) -> [LaidBlock] {
        var laid: [LaidBlock] = []
        laid.reserveCapacity(blocks.count)
        var lastEnd = 0
        var token = 0
        for block in blocks
        where block.range.lowerBound >= lastEnd && block.range.upperBound <= textCount {
            while token < tokenStarts.count, tokenStarts[token] < block.range.lowerBound {
                token += 1
            }
            let first = token
            while token < tokenStarts.count, tokenStarts[token] < block.range.upperBound {
                token += 1
            }
            lastEnd = block.range.upperBound
            guard first < token else { continue }
            laid.append(
                LaidBlock(
                    kind: block.kind,
                    level: block.kind == .heading ? max(1, min(block.level, 6)) : 0,
                    page: block.page,
                    start: block.range.lowerBound,
                    end: block.range.upperBound,
                    tokens: first..<token
                )
            )
        }
        return laid
    }
}

/// The bytes of the white space scalar at `offset`; nil for anything else.
///
/// - Source: Unicode property White_Space.
func whiteSpaceWidth(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
    let byte = text[offset]
    if byte < 0x80 { return byte == 0x20 || (0x09...0x0D).contains(byte) ? 1 : nil }
    guard byte == 0xC2 || (0xE1...0xE3).contains(byte) else { return nil }
    let (codePoint, length) = decodeUTF8(text, at: offset)
    return codePoint.map(isWhiteSpace) == true ? length : nil
}

/// The bytes of the white space scalar that ends before `end`; nil for anything else.
func whiteSpaceWidth(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> Int? {
    let byte = text[end - 1]
    if byte < 0x80 { return byte == 0x20 || (0x09...0x0D).contains(byte) ? 1 : nil }
    guard byte < 0xC0 else { return nil }
    let start = scalarStart(text, before: end)
    return whiteSpaceWidth(text, at: start) == end - start ? end - start : nil
}

private func isWhiteSpace(_ codePoint: UInt32) -> Bool {
    switch codePoint {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
}
