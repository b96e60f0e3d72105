internal import Bytes

/// Slideshows that an article only holds: legends of pictures that count themselves, "2/50".
///
/// No name decides: the box is called a gallery, its lines count up to the same number, and the article's
/// sentences stand on both sides of it. Pictures that are the page's content are none.
///
/// - Parameter statistics: those of the page without its chrome.
/// - Output: the nodes, dropped ones too, in document order and disjoint.
func slideshows(
    in arena: HTMLArena,
    _ scanned: ScannedPage,
    _ statistics: [NodeStatistics],
    root: Int
) -> [Int] {
    var found: [Int] = []
    var proseBefore: Int32 = 0
    var index = root + 1
    while index < Int(arena.nodes[root].end) {
        let node = arena.nodes[index]
        let own = statistics[index]
        let isGallery = node.tag.role == .box && node.signals.contains(.caption)
        let proseAfter = statistics[root].proseBytes - proseBefore - own.proseBytes
        if isGallery, !node.signals.contains(.anchored), proseBefore >= articleByteCountMin,
            proseAfter >= articleByteCountMin, countsItself(index, in: arena, scanned)
        {
            found.append(index)
            index = Int(node.end)
            continue
        }
        if own.isProse { proseBefore += own.ownText }
        index += 1
    }
    return found
}

/// A choice: so much of the article stands on either side, which is a paragraph or two.
private let articleByteCountMin: Int32 = 300

/// Whether at least three of a subtree's lines begin with a rising number of the same whole.
private func countsItself(_ root: Int, in arena: HTMLArena, _ scanned: ScannedPage) -> Bool {
    var last = (number: 0, whole: 0)
    var count = 0
    for index in root..<Int(arena.nodes[root].end) where arena.nodes[index].tag == .text {
        let run = scanned.runs[Int(arena.nodes[index].record)]
        guard let found = counter(scanned.text[Int(run.start)..<Int(run.end)]) else { continue }
        let goesOn = found.whole == last.whole && found.number > last.number
        count = goesOn ? count + 1 : 1
        last = found
        if count == 3 { return true }
    }
    return false
}

/// `2/50` or `2 / 50` at the beginning of a text.
private func counter(_ text: ArraySlice<UInt8>) -> (number: Int, whole: Int)? {
    // A run may begin with the blank that stands between two tags.
    var rest = text.drop(while: \.isASCIISpace)
    guard let number = leadingNumber(&rest) else { return nil }
    rest = rest.drop(while: \.isASCIIBlank)
    guard rest.popFirst() == UInt8(ascii: "/") else { return nil }
    rest = rest.drop(while: \.isASCIIBlank)
    // What goes on with another stroke is a date.
    guard let whole = leadingNumber(&rest), rest.first != UInt8(ascii: "/"),
        (1...whole).contains(number)
    else { return nil }
    return (number, whole)
}

/// A number of up to three digits above 0.
private func leadingNumber(_ text: inout ArraySlice<UInt8>) -> Int? {
    let digits = text.prefix(while: \.isASCIIDigit)
    guard (1...3).contains(digits.count) else { return nil }
    text = text.dropFirst(digits.count)
    let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return value > 0 ? value : nil
}
