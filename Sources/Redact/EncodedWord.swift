/// Words of base64 that stand for text with values in it: what mail, headers and manifests carry.
extension ScanPass {
    /// How often a decoded text may hold another word of base64.
    static let encodingDepthMax = 2
    private static let byteCountMin = 16
    private static let byteCountMax = 1 << 16

    /// A word of base64 around the digit at `index`, if what it decodes to is text and holds a value; then
    /// the whole word is one.
    ///
    /// Words of base64 without a digit after a letter are rare: one in thirty of twenty signs.
    ///
    /// Invariant: no run is walked twice, so that all decoding takes linear time.
    mutating func scanEncoded(at index: Int) -> Int? {
        guard index >= self.encodedRunEnd, self.encodingDepth < Self.encodingDepthMax else {
            return nil
        }
        var start = index
        while start > self.encodedRunEnd, self.isEncodedByte(start - 1) { start -= 1 }
        var end = index
        while self.isEncodedByte(end) { end += 1 }
        self.steps += end - start
        self.encodedRunEnd = end
        guard end - start >= Self.byteCountMin else { return nil }
        if let found = self.scanWord(start..<self.wordEnd(from: start, lineEnd: end)) {
            return found
        }
        // In a path the word is what is between the slashes.
        var inner = index
        while inner > start, self.isClass(inner - 1, ByteClass.alphanumeric) { inner -= 1 }
        var innerEnd = index
        while innerEnd < end, self.isClass(innerEnd, ByteClass.alphanumeric) { innerEnd += 1 }
        guard inner..<innerEnd != start..<end, innerEnd - inner >= Self.byteCountMin else {
            return nil
        }
        return self.scanWord(inner..<self.paddingEnd(from: innerEnd))
    }

    private func isEncodedByte(_ index: Int) -> Bool {
        self.isClass(index, ByteClass.alphanumeric | ByteClass.token)
            || self.byte(index) == UInt8(ascii: "+") || self.byte(index) == UInt8(ascii: "/")
    }

    private func paddingEnd(from start: Int) -> Int {
        var end = start
        while end - start < 2, self.byte(end) == UInt8(ascii: "=") { end += 1 }
        return end
    }

    /// The end of a word that goes on over lines of equal length (RFC 2045 §6.8), and of its padding.
    private mutating func wordEnd(from start: Int, lineEnd: Int) -> Int {
        let lineCount = lineEnd - start
        var end = lineEnd
        while lineCount >= 60, end - start < Self.byteCountMax {
            var next = end
            if self.byte(next) == 0x0D { next += 1 }
            guard self.byte(next) == 0x0A else { break }
            next += 1
            var last = next
            while last - next < lineCount, self.isEncodedByte(last) { last += 1 }
            self.steps += last - next
            guard last > next else { break }
            end = last
            if last - next < lineCount { break }
        }
        self.encodedRunEnd = max(self.encodedRunEnd, end)
        return self.paddingEnd(from: end)
    }

    private mutating func scanWord(_ range: Range<Int>) -> Int? {
        if let end = self.scanHexadecimalWord(range) { return end }
        // The first signs tell nearly always that a word is no text.
        guard self.startsAsText(range), range.count <= Self.byteCountMax * 2 else { return nil }
        let word = self.text[range].filter { $0 > 0x20 }
        guard let decoded = word.withUnsafeBufferPointer(decodedBase64), isPlainText(decoded) else {
            return nil
        }
        return self.scanDecoded(decoded, of: range, rule: "base64")
    }

    /// Hexadecimal digits that stand for text; those of a hash nearly never do.
    private mutating func scanHexadecimalWord(_ range: Range<Int>) -> Int? {
        guard range.count % 2 == 0, range.count <= Self.byteCountMax * 2 else { return nil }
        var decoded: [UInt8] = []
        for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            guard let high = hexValue(self.byte(index)), let low = hexValue(self.byte(index + 1))
            else { return nil }
            let byte = high << 4 | low
            guard byte >= 0x20, byte != 0x7F else { return nil }
            decoded.append(byte)
        }
        guard isPlainText(decoded) else { return nil }
        return self.scanDecoded(decoded, of: range, rule: "hexadecimal")
    }

    /// The whole word, where what it stands for holds a value.
    private mutating func scanDecoded(
        _ decoded: [UInt8],
        of range: Range<Int>,
        rule: String
    ) -> Int? {
        self.steps += range.count
        let best = decoded.withUnsafeBufferPointer { bytes in
            var pass = ScanPass(
                bytes,
                in: 0..<bytes.count,
                kindMask: self.kindMask,
                minimumScore: self.minimumScore
            )
            pass.encodingDepth = self.encodingDepth + 1
            pass.run()
            self.steps += pass.steps
            return pass.spans.max { $0.score < $1.score }
        }
        guard let best else { return nil }
        return self.add(best.kind, range, rule, best.score) ? range.upperBound : nil
    }

    private func startsAsText(_ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        for quad in stride(from: start, to: start + 12, by: 4) {
            var bits: UInt32 = 0
            for index in quad..<quad + 4 {
                let value = base64Values[Int(self.byte(index))]
                guard value < 64 else { return false }
                bits = bits << 6 | UInt32(value)
            }
            for shift: UInt32 in [16, 8, 0] {
                let byte = UInt8(truncatingIfNeeded: bits >> shift)
                if byte < 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return false }
            }
        }
        return true
    }
}

/// UTF-8 without control characters but tabs and line ends.
private func isPlainText(_ bytes: [UInt8]) -> Bool {
    let hasControls = bytes.contains {
        $0 < 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 || $0 == 0x7F
    }
    return !hasControls && String(validating: bytes, as: UTF8.self) != nil
}
