/// An attribute's value or a title's text: references resolved, white space collapsed and trimmed,
/// invisible code points removed.
func attributeText(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(raw.count)
    let references = CharacterReferences.shared
    var spaceIsPending = false
    var joiner: UInt32 = 0
    var joinerEnd = -1
    func write(_ value: UInt32) {
        let kind = InvisibleScalar.judge(value)
        switch kind {
        case .blank:
            spaceIsPending = !output.isEmpty
        case .dropped, .suspicious:
            break
        case .visible, .joining:
            // Of a run of joiners the first stays, as in the text.
            if kind == .joining, output.count == joinerEnd,
                !(value == 0x200D && joiner == 0xFE0F)
            {
                return
            }
            if spaceIsPending { output.append(0x20) }
            spaceIsPending = false
            appendScalar(value, to: &output)
            if kind == .joining {
                joinerEnd = output.count
                joiner = value
            }
        }
    }
    var index = 0
    while index < raw.count {
        let byte = raw[index]
        if byte == 0x26, let found = references.resolve(raw, at: index, inAttribute: true) {
            write(found.first)
            if found.second != 0 { write(found.second) }
            index += found.byteCount
        } else if byte < 0x80 {
            write(UInt32(byte))
            index += 1
        } else {
            let (value, length) = decodeScalar(raw, at: index)
            write(value)
            index += length
        }
    }
    return output
}
