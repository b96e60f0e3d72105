/// An operator's terms, found as whole words in one pass, whatever the case of ASCII letters.
struct OwnTerms: Sendable {
    private struct Entry: Sendable {
        var bytes: [UInt8]
        var name: String
    }

    /// Terms by the hash of their first word, the longest first.
    private var table: [UInt32: [Entry]] = [:]
    /// 1 for each byte a term starts with, in either case.
    private var starts = [Bool](repeating: false, count: 256)

    init(_ dictionaries: [RedactionPolicy.Terms]) {
        for dictionary in dictionaries {
            for term in dictionary.terms {
                let bytes = term.utf8.map(folded)
                guard let first = bytes.first else { continue }
                self.starts[Int(first)] = true
                if first &- 0x61 < 26 { self.starts[Int(first & 0xDF)] = true }
                let hash = bytes.withUnsafeBufferPointer { firstWord($0, at: 0).hash }
                self.table[hash, default: []].append(Entry(bytes: bytes, name: dictionary.name))
            }
        }
        for hash in Array(self.table.keys) {
            self.table[hash]?.sort {
                $0.bytes.count != $1.bytes.count
                    ? $0.bytes.count > $1.bytes.count : $0.name < $1.name
            }
        }
    }

    var isEmpty: Bool { self.table.isEmpty }

    /// - Complexity: O(n), and for each word that starts a term the terms that share it.
    func spans(in text: UnsafeBufferPointer<UInt8>) -> [PIISpan] {
        guard !self.isEmpty else { return [] }
        var spans: [PIISpan] = []
        var index = 0
        while index < text.count {
            let isStart = index == 0 || !isWordByte(text[index - 1]) || text[index] >= 0xE3
            guard isStart, self.starts[Int(text[index])] else {
                index += 1
                continue
            }
            let word = firstWord(text, at: index)
            let found = self.table[word.hash]?.first { entry in
                isPrefix(entry.bytes, of: text, at: index)
            }
            if let found {
                let end = index + found.bytes.count
                spans.append(
                    PIISpan(
                        range: index..<end,
                        kind: .custom,
                        rule: "term.\(found.name)",
                        score: 1
                    )
                )
                index = end
            } else {
                index = max(word.end, index + 1)
            }
        }
        return spans
    }
}

/// The word at `start`, its hash and its end; a byte that is no word's is one of its own, and so is
/// a character of a script without spaces.
private func firstWord(
    _ text: UnsafeBufferPointer<UInt8>,
    at start: Int
) -> (hash: UInt32, end: Int) {
    var hash: UInt32 = 0x811C_9DC5
    var end = start
    if text[start] >= 0xE3 {
        while end < text.count, end == start || text[end] & 0xC0 == 0x80 {
            hash = (hash ^ UInt32(text[end])) &* 0x0100_0193
            end += 1
        }
        return (hash, end)
    }
    repeat {
        hash = (hash ^ UInt32(folded(text[end]))) &* 0x0100_0193
        end += 1
    } while end < text.count && isWordByte(text[end - 1]) && isWordByte(text[end])
    return (hash, end)
}

private func isPrefix(
    _ term: [UInt8],
    of text: UnsafeBufferPointer<UInt8>,
    at start: Int
) -> Bool {
    let end = start + term.count
    guard end <= text.count else { return false }
    for offset in term.indices where folded(text[start + offset]) != term[offset] { return false }
    // A term that ends in a word byte ends where a word ends; beyond ASCII anything may follow.
    guard let last = term.last, end < text.count, isWordByte(last) else { return true }
    return !isWordByte(text[end]) || last >= 0xE3 || text[end] >= 0xE3
}

private func isWordByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte >= 0x80 }

private func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
