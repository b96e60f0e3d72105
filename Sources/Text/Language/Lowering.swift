/// Calls `body` with `text`, in lower case if the text is all upper case, as models were trained.
func withLowered<Result>(
    _ text: UnsafeBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
    guard isAllUpper(text) else { return body(text) }
    var lowered: [UInt8] = []
    lowered.reserveCapacity(text.count + 16)
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        lowered.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    }
    return lowered.withUnsafeBufferPointer(body)
}

/// Whether there are upper-case letters and no lower-case ones.
private func isAllUpper(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var hasUpper = false
    var index = 0
    while index < text.count {
        let byte = text[index]
        switch byte {
        case 0x61...0x7A: return false
        case 0x41...0x5A: hasUpper = true
        // Latin, Greek, Cyrillic and Armenian have cases; the scripts above do not.
        case 0xC3...0xD6 where index + 1 < text.count:
            let value = UInt32(byte & 0x1F) << 6 | UInt32(text[index + 1] & 0x3F)
            if let scalar = Unicode.Scalar(value) {
                if scalar.properties.isLowercase { return false }
                if scalar.properties.isUppercase { hasUpper = true }
            }
            index += 1
        default: break
        }
        index += 1
    }
    return hasUpper
}
