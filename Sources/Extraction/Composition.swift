internal import CICU

/// Appends UTF-8 in canonical composition, NFC (UAX #15).
///
/// - Complexity: O(n); text without marks that may compose is only looked through.
func appendComposed(_ text: some Collection<UInt8>, to output: inout [UInt8]) {
    let start = output.count
    output.append(contentsOf: text)
    let needsWork = output.withUnsafeBufferPointer {
        mayCompose(UnsafeBufferPointer(rebasing: $0[start...]))
    }
    guard needsWork else { return }
    output.replaceSubrange(start..., with: composed(Array(output[start...])))
}

/// A text in canonical composition.
func composed(_ text: String) -> String {
    var text = text
    guard text.withUTF8(mayCompose) else { return text }
    return String(decoding: composed(Array(text.utf8)), as: UTF8.self)
}

private func composed(_ text: [UInt8]) -> [UInt8] {
    text.withUnsafeBufferPointer { text in
        var capacity = text.count + text.count / 2 + 16
        while true {
            var needed = 0
            let result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                needed = Int(
                    cicu_nfc_utf8(text.baseAddress, text.count, buffer.baseAddress, capacity)
                )
                count = min(max(needed, 0), capacity)
            }
            // Without its data ICU composes nothing; the text stays as it is.
            guard needed >= 0 else { return Array(text) }
            if needed <= capacity { return result }
            capacity = needed
        }
    }
}

/// Whether composition may change the text: false where each code point is of a range whose NFC quick
/// check is "yes" and whose combining class is 0.
private func mayCompose(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = UnsafeRawPointer(text.baseAddress) else { return false }
    var index = 0
    while index < text.count {
        while index + 8 <= text.count,
            base.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        guard index < text.count else { return false }
        let lead = text[index]
        if lead < 0x80 {
            index += 1
        } else if lead < 0xCC || lead == 0xD0 || lead == 0xD1 {
            // To U+02FF, and U+0400 to U+047F.
            index += 2
        } else if lead >= 0xE4, lead <= 0xE9 || lead == 0xEB || lead == 0xEC {
            // U+4000 to U+9FFF, and most of Hangul's syllables.
            index += 3
        } else if index + 2 < text.count, isPlain(lead, text[index + 1], text[index + 2]) {
            index += 3
        } else {
            return true
        }
    }
    return false
}

/// Punctuation from U+2002 on, and U+3000 to U+3FFF without their combining marks.
@inline(__always)
private func isPlain(_ lead: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (lead, second) {
    case (0xE2, 0x80): third >= 0x82
    case (0xE3, 0x80): third < 0xAA || third > 0xAF
    case (0xE3, 0x82): third < 0x99 || third > 0x9A
    case (0xE3, _): true
    default: false
    }
}
