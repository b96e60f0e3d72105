internal import Bytes

/// An attribute's value or a title's text: references resolved, white space collapsed and trimmed,
/// invisible code points removed.
func attributeText(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text = AttributeText()
    text.output.reserveCapacity(raw.count)
    let references = CharacterReferences.shared
    ByteClass.table.withUnsafeBufferPointer { classes in
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            switch classes[Int(byte)] {
            case ByteClass.plain, ByteClass.markup:
                let end = plainEnd(raw, from: index + 1, classes)
                text.write(UnsafeBufferPointer(rebasing: raw[index..<end]))
                index = end
            case ByteClass.blank:
                text.spaceIsPending = !text.output.isEmpty
                index += 1
            case ByteClass.reference:
                if let found = references.resolve(raw, at: index, inAttribute: true) {
                    text.write(found.first)
                    if found.second != 0 { text.write(found.second) }
                    index += found.byteCount
                } else {
                    text.write(UInt32(byte))
                    index += 1
                }
            default:
                let (value, length) = decodeScalar(raw, at: index)
                text.write(value)
                index += length
            }
        }
    }
    return text.output
}

private func plainEnd(
    _ raw: UnsafeBufferPointer<UInt8>,
    from start: Int,
    _ classes: UnsafeBufferPointer<UInt8>
) -> Int {
    var end = start
    while end < raw.count, classes[Int(raw[end])] == ByteClass.plain { end += 1 }
    return end
}

private struct AttributeText {
    var output: [UInt8] = []
    var spaceIsPending = false
    private var joiner: UInt32 = 0
    private var joinerEnd = -1

    /// Writes text without blanks and invisible code points.
    mutating func write(_ plain: UnsafeBufferPointer<UInt8>) {
        if self.spaceIsPending { self.output.append(0x20) }
        self.spaceIsPending = false
        self.output.append(contentsOf: plain)
    }

    mutating func write(_ value: UInt32) {
        let kind = InvisibleScalar.judge(value)
        switch kind {
        case .blank:
            self.spaceIsPending = !self.output.isEmpty
        case .dropped, .suspicious:
            break
        case .visible, .joining:
            // Of a run of joiners the first stays, as in the text.
            if kind == .joining, self.output.count == self.joinerEnd,
                !(value == 0x200D && self.joiner == 0xFE0F)
            {
                return
            }
            if self.spaceIsPending { self.output.append(0x20) }
            self.spaceIsPending = false
            appendScalar(value, to: &self.output)
            if kind == .joining {
                self.joinerEnd = self.output.count
                self.joiner = value
            }
        }
    }
}
