internal import Bytes
internal import Hashing
package import Records

/// What documents are compared by: the text, behind the title unless it begins with it.
///
/// A page's text lacks the heading that its title repeats, the same document in Markdown has it; and
/// documents may differ in nothing but their titles.
package struct ComparedText {
    private var tokens = NormalisedTokens()

    package init() {}

    /// - Input: UTF-8.
    /// - Complexity: O(title), and a copy of the text where the title is put before it.
    package mutating func join(title: String, _ text: [UInt8]) -> [UInt8] {
        let title = Array(title.utf8)
        guard !title.isEmpty, !self.begins(text, with: title) else { return text }
        var joined: [UInt8] = []
        joined.reserveCapacity(title.count + 2 + text.count)
        joined += title
        joined += [0x0A, 0x0A]
        joined += text
        return joined
    }

    /// Whether the first tokens of a text are those of the title.
    private mutating func begins(_ text: [UInt8], with title: [UInt8]) -> Bool {
        let wanted = self.lowered(title[...])
        guard !wanted.isEmpty else { return true }
        // What separates tokens may be wider in the text than in the title.
        let start = self.lowered(text.prefix(4 * title.count + 64))
        return start.starts(with: wanted)
            && (start.count == wanted.count || start[wanted.count] == 0x20)
    }

    private mutating func lowered(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.withUnsafeBufferPointer { self.tokens.read($0) }
        return Array(self.tokens.storage.prefix(self.tokens.byteCount))
    }
}

/// A digest of what two documents are compared by, from the digest of the text.
package func comparedTextHash(title: String, textHash: Digest) -> Digest {
    sha256(textHash.hex + title)
}
