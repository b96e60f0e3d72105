internal import Bytes

/// Turns text into token ids; one thread at a time, because it owns its scratch space.
///
/// The main loop reads bytes through one table: white space is skipped, ASCII punctuation is
/// emitted, an ASCII word of at most 16 bytes becomes its cache key while it is read. All else
/// (other scripts, control characters, long words) takes the general path, a code point at a time.
// Used by one thread at a time: `WordPieceTokenizer` lends it out under a lock.
final class WordPieceEncoder: @unchecked Sendable {
    let rules: WordPieceRules
    let cache = WordCache()
    var word = NormalizedWord()
    var pending = PendingTokens()

    init(rules: WordPieceRules) { self.rules = rules }

    /// Appends the tokens of `text`, whose offsets fit 32 bits, to `output`.
    func encode(_ text: UnsafeBufferPointer<UInt8>, into output: inout TokenizedText) {
        precondition(text.count <= Int32.max, "a text of 2 GiB or more")
        self.rules.actions.withUnsafeBufferPointer { actions in
            var position = 0
            while position < text.count {
                if self.pending.isNearlyFull { self.pending.flush(into: &output) }
                let action = actions[Int(text[position])]
                if action >= ByteAction.firstWordByte {
                    position = self.encodeWord(text, from: position, actions)
                } else if action == ByteAction.space {
                    position += 1
                } else if action == ByteAction.punctuation,
                    position + 1 == text.count || text[position + 1] < 0x80
                {
                    let id = self.rules.punctuationIDs[Int(text[position])]
                    self.pending.append(id, start: position, end: position + 1)
                    position += 1
                } else {
                    position = self.encodeGeneral(text, from: position)
                }
            }
        }
        self.pending.flush(into: &output)
    }

    /// Encodes the ASCII word at `start` and returns where it ends.
    @inline(__always)
    private func encodeWord(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        _ actions: UnsafeBufferPointer<UInt8>
    ) -> Int {
        var index = start
        let low = readWordBytes(text, &index, actions)
        var high: UInt64 = 0
        if index - start == 8 { high = readWordBytes(text, &index, actions) }
        if index < text.count {
            let action = actions[Int(text[index])]
            if action >= ByteAction.firstWordByte || action == ByteAction.general {
                return self.encodeGeneral(text, from: start)
            }
        }
        let slot = self.cache.slot(low, high)
        if slot.pointee.low != low || slot.pointee.high != high {
            self.word.removeAll()
            for offset in start..<index {
                self.word.append(actions[Int(text[offset])], from: offset, to: offset + 1)
            }
            self.word.characterCount = index - start
            self.endWord()
            return index
        }
        self.pending.append(slot.pointee, start: start)
        return index
    }

    /// Up to eight lowercased word bytes, the first lowest; `index` ends behind the last.
    @inline(__always)
    private func readWordBytes(
        _ text: UnsafeBufferPointer<UInt8>,
        _ index: inout Int,
        _ actions: UnsafeBufferPointer<UInt8>
    ) -> UInt64 {
        var bytes: UInt64 = 0
        var shift: UInt64 = 0
        while index < text.count, shift < 64 {
            let action = actions[Int(text[index])]
            guard action >= ByteAction.firstWordByte else { break }
            bytes |= UInt64(action) &<< shift
            shift &+= 8
            index &+= 1
        }
        return bytes
    }

    /// Encodes one word or one isolated character that starts at or after `start`.
    ///
    /// Returns where to go on; at least one byte further.
    private func encodeGeneral(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        self.word.removeAll()
        var index = start
        while index < text.count {
            let (codePoint, length) = decodeScalar(text, at: index)
            let entry = self.rules.characters.entry(codePoint)
            switch entry.kind {
            case .removed:
                index += length
            case .mark:
                index += length
                self.word.extend(from: index - length, to: index)
            case .space:
                self.endWord()
                return index + length
            case .isolated:
                if !self.word.isEmpty {
                    self.endWord()
                    return index
                }
                return self.encodeIsolated(text, at: index, codePoint, length: length)
            case .word:
                self.append(codePoint, entry, from: index, to: index + length)
                index += length
            }
        }
        self.endWord()
        return index
    }

    private func encodeIsolated(
        _ text: UnsafeBufferPointer<UInt8>,
        at start: Int,
        _ codePoint: UInt32,
        length: Int
    ) -> Int {
        if let special = self.rules.special(in: text, at: start) {
            self.pending.append(special.id, start: start, end: start + special.byteCount)
            return start + special.byteCount
        }
        let entry = self.rules.characters.entry(codePoint)
        self.append(codePoint, entry, from: start, to: start + length)
        var end = start + length
        while end < text.count {
            let (next, nextLength) = decodeScalar(text, at: end)
            guard self.rules.characters.entry(next).kind == .mark else { break }
            self.word.extend(from: end, to: end + nextLength)
            end += nextLength
        }
        self.endWord()
        return end
    }

    @inline(__always)
    private func append(
        _ codePoint: UInt32,
        _ entry: CharacterTable.Entry,
        from start: Int,
        to end: Int
    ) {
        guard entry.isExpanded else {
            self.word.append(scalar: entry.isSame ? codePoint : entry.payload, from: start, to: end)
            return
        }
        for scalar in self.rules.characters.expansion(of: codePoint, entry) {
            self.word.append(scalar: scalar, from: start, to: end)
        }
    }
}
