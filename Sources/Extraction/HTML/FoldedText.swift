/// The letters and digits of a text, for comparing what two places of a page say: ASCII in lower
/// case, other scripts as they are, without blanks and the punctuation pages vary.
func foldedText(_ text: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
        let byte = text[index]
        if byte == 0xC2 {
            // U+0080 to U+00BF: signs and blanks.
            index += 2
        } else if byte == 0xE2, index + 1 < text.count, text[index + 1] <= 0x81 {
            // U+2000 to U+207F: quotes, dashes and blanks.
            index += 3
        } else {
            if byte >= 0x80 || isAlphanumeric(byte) {
                output.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
            }
            index += 1
        }
    }
    return output
}

/// The text of what is not dropped of a subtree, as it was read; nil beyond the limit.
func rawText(
    of index: Int,
    in arena: HTMLArena,
    _ scanned: ScannedPage,
    limit: Int
) -> [UInt8]? {
    var raw: [UInt8] = []
    var cursor = index
    while cursor < Int(arena.nodes[index].end) {
        let node = arena.nodes[cursor]
        if node.isDropped {
            cursor = Int(node.end)
            continue
        }
        if node.tag == .text {
            let run = scanned.runs[Int(node.record)]
            guard raw.count + Int(run.end - run.start) <= limit else { return nil }
            raw.append(contentsOf: scanned.text[Int(run.start)..<Int(run.end)])
        }
        cursor += 1
    }
    return raw
}
