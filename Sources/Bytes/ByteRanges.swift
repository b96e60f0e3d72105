/// Searches for byte strings; the standard library's generic search costs a hundred times more.
extension ArraySlice<UInt8> {
    /// Where `pattern` occurs first; nil when it does not, or is empty.
    package func firstRange(of pattern: [UInt8]) -> Range<Int>? {
        guard let first = pattern.first, pattern.count <= self.count else { return nil }
        let start = self.startIndex
        let offset = self.withUnsafeBufferPointer { bytes -> Int? in
            let last = bytes.count - pattern.count
            var index = 0
            while let found = Bytes.firstIndex(of: first, in: bytes, from: index),
                found <= last
            {
                if pattern.indices.allSatisfy({ bytes[found + $0] == pattern[$0] }) { return found }
                index = found + 1
            }
            return nil
        }
        return offset.map { start + $0..<start + $0 + pattern.count }
    }
}

extension [UInt8] {
    /// Where `pattern` occurs first; nil when it does not, or is empty.
    package func firstRange(of pattern: [UInt8]) -> Range<Int>? {
        self[...].firstRange(of: pattern)
    }
}
