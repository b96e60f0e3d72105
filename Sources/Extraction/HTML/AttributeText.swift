/// An attribute's value or a title's text: references resolved, white space collapsed and trimmed,
/// invisible code points removed.
func attributeText(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(raw.count)
    let references = CharacterReferences.shared
    var spaceIsPending = false
    func write(_ value: UInt32) {
        switch InvisibleScalar.judge(value) {
        case .blank:
            spaceIsPending = !output.isEmpty
        case .dropped, .suspicious:
            break
        case .visible:
            if spaceIsPending { output.append(0x20) }
            spaceIsPending = false
            appendScalar(value, to: &output)
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
