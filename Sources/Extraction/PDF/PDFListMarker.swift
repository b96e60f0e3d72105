internal import Bytes

/// How a list item begins.
struct PDFListMarker: Hashable {
    /// Bytes of the marker at the start of the row's text.
    var length: Int
    /// nil for bullets.
    var number: Int?
}

/// The marker at the start of a row's text: a bullet, `12.`, `3)`, `(4)` or `a)`.
func listMarker(_ text: ArraySlice<UInt8>) -> PDFListMarker? {
    let word = text.prefix { $0 != 0x20 }
    guard !word.isEmpty, word.count < text.count, word.count <= 6 else { return nil }
    if isBullet(word) { return PDFListMarker(length: word.count, number: nil) }
    var body = word[...]
    let hasOpen = body.first == 0x28
    if hasOpen { body = body.dropFirst() }
    guard let last = body.last, last == 0x29 || (last == 0x2E && !hasOpen) else { return nil }
    body = body.dropLast()
    if !body.isEmpty, body.count <= 3, body.allSatisfy(\.isASCIIDigit) {
        let number = body.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return PDFListMarker(length: word.count, number: number)
    }
    if last == 0x29, body.count == 1, let letter = body.first, letter >= 0x61, letter <= 0x7A {
        return PDFListMarker(length: word.count, number: Int(letter - 0x60))
    }
    return nil
}

private let bullets: [[UInt8]] = [
    "•", "◦", "▪", "▫", "‣", "●", "○", "■", "□", "–", "—", "∙", "·", "*", "-", "➢", "✓", "❖", "⁃",
    "¢", "¤", "→", "►", "▶", "›", "➔", "★", "◆", "◊",
    "", "",
].map { Array($0.utf8) }

private func isBullet(_ word: ArraySlice<UInt8>) -> Bool {
    bullets.contains { $0.elementsEqual(word) }
}
