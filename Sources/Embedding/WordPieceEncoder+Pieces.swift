extension WordPieceEncoder {
    /// Emits the pieces of the open word, if there is one.
    func endWord() {
        if self.word.isEmpty { return }
        if self.word.characterCount > WordPieceRules.wordCharactersMaximum {
            self.emitUnknown()
        } else if self.word.byteCount <= WordCache.maximumWordBytes {
            self.emitThroughCache()
        } else {
            self.emitPieces()
        }
    }

    private func emitThroughCache() {
        let (low, high) = self.word.key
        let slot = self.cache.slot(low, high)
        if slot.pointee.low == low, slot.pointee.high == high {
            self.emit(slot.pointee)
            return
        }
        guard let entry = self.makeEntry(low, high) else { return self.emitPieces() }
        slot.pointee = entry
        self.emit(entry)
    }

    private func emit(_ entry: WordCache.Entry) {
        var lengths = entry.lengths
        var piece = 0
        var start = 0
        while lengths != 0 {
            let end = start + Int(lengths & 255)
            self.emit(entry.ids[piece], from: start, to: end)
            start = end
            lengths >>= 8
            piece += 1
        }
    }

    /// Nil when the word has too many pieces for an entry.
    private func makeEntry(_ low: UInt64, _ high: UInt64) -> WordCache.Entry? {
        var entry = WordCache.Entry()
        entry.low = low
        entry.high = high
        var count = 0
        let isKnown = self.forEachPiece { token, start, end in
            if count < WordCache.maximumPieces {
                entry.ids[count] = token
                entry.lengths |= UInt64(end - start) << UInt64(8 * count)
            }
            count += 1
        }
        if !isKnown {
            entry.ids = SIMD8(repeating: self.rules.unknownID)
            entry.lengths = UInt64(self.word.byteCount)
            return entry
        }
        return count <= WordCache.maximumPieces ? entry : nil
    }

    private func emitPieces() {
        let firstOfWord = self.pending.count
        let isKnown = self.forEachPiece { token, start, end in
            self.emit(token, from: start, to: end)
        }
        if !isKnown {
            self.pending.count = firstOfWord
            self.emitUnknown()
        }
    }

    /// Greedy longest match first; false when some part of the word is in no piece.
    private func forEachPiece(_ body: (Int32, Int, Int) -> Void) -> Bool {
        let bytes = self.word.bytes
        var start = 0
        var place = WordPieceVocabulary.Place.wordStart
        while start < bytes.count {
            let match = self.rules.vocabulary.longestMatch(bytes, from: start, place)
            guard match.token != WordPieceVocabulary.absent else { return false }
            body(match.token, start, match.end)
            start = match.end
            place = .continuation
        }
        return true
    }

    private func emitUnknown() {
        self.emit(self.rules.unknownID, from: 0, to: self.word.byteCount)
    }

    /// Emits a token for the normalised bytes `start..<end` of the open word.
    @inline(__always)
    private func emit(_ token: Int32, from start: Int, to end: Int) {
        self.pending.append(token, start: self.word.start(of: start), end: self.word.end(of: end))
    }
}
