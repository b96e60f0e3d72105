internal import CStemmer

/// The Snowball English stemmer behind a cache of the words met last.
///
/// - Source: snowballstem.org, the English (Porter 2) algorithm as libstemmer ships it.
struct EnglishStemmer {
    struct Stem {
        var packed: PackedTerm
        var byteCount: Int
    }

    private struct CacheEntry {
        var word = PackedTerm()
        var stem = PackedTerm()
        var stemByteCount = 0
    }

    private static let cacheBits: UInt64 = 13

    private let library = StemmerHandle()
    /// One slot for each value of the upper hash bits; a new word takes the slot of the old.
    private var cache = [CacheEntry](repeating: CacheEntry(), count: 1 << Int(Self.cacheBits))

    /// Stems a word of 3 to 16 lower-case ASCII letters.
    @inline(__always)
    mutating func stem(_ word: PackedTerm, _ bytes: UnsafePointer<UInt8>, count: Int) -> Stem {
        let slot = Int(truncatingIfNeeded: word.hash &>> (64 &- Self.cacheBits))
        let entry = self.cache[slot]
        if entry.word == word { return Stem(packed: entry.stem, byteCount: entry.stemByteCount) }
        return self.stemAndStore(word, bytes, count, slot)
    }

    /// Stems a word of any length in place and gives the byte count of the stem.
    func stemInPlace(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        let (stem, stemByteCount) = self.library.stem(bytes, count: count)
        // The algorithm only removes and replaces; it never makes a word longer.
        let kept = min(stemByteCount, count)
        bytes.update(from: stem, count: kept)
        return kept
    }

    @inline(never)
    private mutating func stemAndStore(
        _ word: PackedTerm,
        _ bytes: UnsafePointer<UInt8>,
        _ count: Int,
        _ slot: Int
    ) -> Stem {
        let (source, sourceCount) = self.library.stem(bytes, count: count)
        var packed = PackedTerm()
        let byteCount = min(sourceCount, PackedTerm.byteCount)
        for index in 0..<byteCount {
            let byte = UInt64(source[index])
            if index < 8 {
                packed.low |= byte << UInt64(index * 8)
            } else {
                packed.high |= byte << UInt64(index * 8 - 64)
            }
        }
        self.cache[slot] = CacheEntry(word: word, stem: packed, stemByteCount: byteCount)
        return Stem(packed: packed, byteCount: byteCount)
    }
}

/// Owns one libstemmer object, which works for one thread at a time.
private final class StemmerHandle {
    private let stemmer: OpaquePointer

    init() {
        guard let stemmer = sb_stemmer_new("english", "UTF_8") else {
            preconditionFailure("libstemmer has no English stemmer or no memory")
        }
        self.stemmer = stemmer
    }

    deinit { sb_stemmer_delete(self.stemmer) }

    /// The stem, which the library keeps until the next call; the word itself when it has none.
    func stem(_ bytes: UnsafePointer<UInt8>, count: Int) -> (UnsafePointer<UInt8>, Int) {
        guard let stem = sb_stemmer_stem(self.stemmer, bytes, Int32(count)) else {
            return (bytes, count)
        }
        return (stem, Int(sb_stemmer_length(self.stemmer)))
    }
}
