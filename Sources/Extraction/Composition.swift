internal import Bytes
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
