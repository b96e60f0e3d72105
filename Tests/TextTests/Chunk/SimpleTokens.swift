import Bytes
import Records

@testable import Text

/// A tokeniser for tests: a token for each ASCII punctuation mark and ideograph, and for every four
/// scalars of a word, as sub-words would be.
func simpleTokenStarts(_ text: [UInt8]) -> [Int32] {
    var starts: [Int32] = []
    var wordLength = 0
    text.withUnsafeBufferPointer { bytes in
        var offset = 0
        while offset < bytes.count {
            let (codePoint, length) = decodeUTF8(bytes, at: offset)
            if whiteSpaceWidth(bytes, at: offset) != nil {
                wordLength = 0
            } else if isSeparateToken(codePoint ?? 0) {
                starts.append(Int32(offset))
                wordLength = 0
            } else {
                if wordLength.isMultiple(of: 4) { starts.append(Int32(offset)) }
                wordLength += 1
            }
            offset += length
        }
    }
    return starts
}

private func isSeparateToken(_ codePoint: UInt32) -> Bool {
    switch codePoint {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E, 0x3002, 0x4E00...0x9FFF: true
    default: false
    }
}

/// A document for tests, built from blocks one after another with a blank line between.
struct TestDocument {
    var text: [UInt8] = []
    var blocks: [Block] = []

    mutating func add(_ kind: Block.Kind, _ source: String, level: Int = 0, page: Int = 0) {
        if !self.text.isEmpty { self.text += Array("\n\n".utf8) }
        let start = self.text.count
        self.text += Array(source.utf8)
        self.blocks.append(
            Block(
                kind: kind,
                level: UInt8(level),
                page: Int32(page),
                range: start..<self.text.count
            )
        )
    }

    mutating func addHeading(_ level: Int, _ title: String) {
        self.add(.heading, String(repeating: "#", count: level) + " " + title, level: level)
    }

    var tokenStarts: [Int32] { simpleTokenStarts(self.text) }

    func cut(_ cutter: ChunkCutter, leftOut: [Range<Int>] = []) -> [ChunkCut] {
        let starts = self.tokenStarts
        return self.text.withUnsafeBufferPointer { text in
            cutter.cut(text: text, blocks: self.blocks, tokenStarts: starts, leftOut: leftOut)
        }
    }

    func texts(_ cutter: ChunkCutter) -> [String] {
        self.cut(cutter).map { String(decoding: self.text[$0.range], as: UTF8.self) }
    }
}
