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
            let (value, length) = scalar(raw, at: index)
            write(value)
            index += length
        }
    }
    return output
}

/// The code point at `index` of valid UTF-8; U+FFFD where a range was cut inside a sequence.
func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
    let lead = bytes[index]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard lead < 0x80 || lead >= 0xC2, index + length <= bytes.count else { return (0xFFFD, 1) }
    guard length > 1 else { return (UInt32(lead), 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
    return (value, length)
}
