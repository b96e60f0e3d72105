/// Whether a text is a list of persons' names, which is in no language: items of two to four capitalised
/// words, half of which or more begin or end with a given name.
func isListOfNames(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count <= 1024 else { return false }
    var items = 0
    var named = 0
    for item in text.split(whereSeparator: {
        [0x0A, UInt8(ascii: ","), UInt8(ascii: ";")].contains($0)
    }) {
        let range = trimmed(text, item.startIndex..<item.endIndex)
        guard !range.isEmpty else { continue }
        guard let found = givenNameCount(UnsafeBufferPointer(rebasing: text[range])) else {
            return false
        }
        items += 1
        if found > 0 { named += 1 }
    }
    return items >= 2 && named * 2 >= items
}

/// How many of the first and the last word are given names; nil for what is no name: other signs, words
/// in lower case, one word or more than four.
private func givenNameCount(_ item: UnsafeBufferPointer<UInt8>) -> Int? {
    var start = 0
    // A bullet or a number before the name.
    while start < item.count, item[start] < 0x80, !isASCIILetter(item[start]) { start += 1 }
    let words = item[start...].split(whereSeparator: { $0 <= 0x20 })
    guard (2...4).contains(words.count) else { return nil }
    var names = 0
    for (place, word) in words.enumerated() {
        guard let first = word.first, first >= 0x80 || (0x41...0x5A).contains(first),
            word.allSatisfy({
                $0 >= 0x80 || isASCIILetter($0) || [0x27, 0x2D, 0x2E].contains($0)
            })
        else { return nil }
        let isOuter = place == 0 || place == words.count - 1
        if isOuter, GivenNames.contains(UnsafeBufferPointer(rebasing: word)) { names += 1 }
    }
    return names
}
