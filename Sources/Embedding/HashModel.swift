internal import CKernels

/// A model without files: a signed hash of each word, summed and scaled to length 1.
///
/// For tests: texts that share words are near, and nothing else is meant. A text without words
/// gives the zero vector.
///
/// - Source: Weinberger et al., Feature Hashing (2009).
package struct HashModel: EmbeddingModel {
    package let identity: ModelIdentity
    package var tokenizer: WordPieceTokenizer? { nil }
    package var isCheap: Bool { true }

    /// - Parameter dimensions: At least 1.
    package init(dimensions: Int = 256) {
        precondition(dimensions > 0, "a vector needs a dimension")
        self.identity = ModelIdentity(
            name: "hash",
            sha256: "",
            tokenizer: "words",
            dimensions: dimensions,
            maximumTokens: Int(Int32.max),
            revision: 1
        )
    }

    package func embed(_ batch: [EmbeddingInput]) throws -> [EmbeddingOutput] {
        batch.map { input in
            var sums = [Float](repeating: 0, count: self.identity.dimensions)
            let count =
                switch input.content {
                case .tokens(let ids): self.add(ids, to: &sums)
                case .text(let text): self.add(wordsOf: text, to: &sums)
                }
            ckernels_scale_to_unit(&sums, sums.count, 1e-32)
            return EmbeddingOutput(vector: sums, tokenCount: count, isTruncated: false)
        }
    }

    private func add(_ ids: ArraySlice<Int32>, to sums: inout [Float]) -> Int {
        for id in ids {
            var hash = FNV1a()
            for shift in [0, 8, 16, 24] { hash.add(UInt8(truncatingIfNeeded: id >> shift)) }
            self.add(hash, to: &sums)
        }
        return ids.count
    }

    /// Words are runs of ASCII letters and digits, lowercased, and of bytes beyond ASCII.
    private func add(wordsOf text: [UInt8], to sums: inout [Float]) -> Int {
        var count = 0
        var hash = FNV1a()
        var isInWord = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                hash.add(byte | 0x20)
                isInWord = true
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                0x80...:
                hash.add(byte)
                isInWord = true
            default:
                guard isInWord else { continue }
                self.add(hash, to: &sums)
                count += 1
                hash = FNV1a()
                isInWord = false
            }
        }
        if isInWord {
            self.add(hash, to: &sums)
            count += 1
        }
        return count
    }

    private func add(_ hash: FNV1a, to sums: inout [Float]) {
        let value = hash.mixed
        sums[Int((value >> 1) % UInt64(sums.count))] += value & 1 == 0 ? 1 : -1
    }
}

/// Fowler, Noll and Vo's hash, 64 bits, with a last round so that the low bits are spread too.
private struct FNV1a {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) {
        self.state = (self.state ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    var mixed: UInt64 {
        let folded = (self.state ^ (self.state >> 32)) &* 0x9E37_79B9_7F4A_7C15
        return folded ^ (folded >> 29)
    }
}
