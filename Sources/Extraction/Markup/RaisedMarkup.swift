internal import Bytes

/// Text that a markup sets above or below the line, with the mark that keeps a number apart from what
/// stands before it: `10^6`, `H_2O`.
func raisedText(_ text: [UInt8], isAbove: Bool, after before: [UInt8]) -> [UInt8] {
    RaisedText(raise: isAbove ? .superscript : .subscripted, text: text).written(after: before)
}

/// Text with pairs of one mark around what stands above or below the line: `10^6^`, `H~2~O`.
///
/// - Complexity: O(n): what a pair encloses has no blank and at most 24 bytes.
func withRaisedPairs(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(where: isRaisingMark) else { return text }
    var output: [UInt8] = []
    var index = 0
    while index < text.count {
        let mark = text[index]
        let inner = text[(index + 1)...].prefix(raisedByteCountMax).prefix {
            $0 != mark && !$0.isASCIISpace
        }
        guard isRaisingMark(mark), !inner.isEmpty, inner.endIndex < text.count,
            text[inner.endIndex] == mark
        else {
            output.append(mark)
            index += 1
            continue
        }
        output += raisedText(Array(inner), isAbove: mark == .caret, after: output)
        index = inner.endIndex + 1
    }
    return output
}

private func isRaisingMark(_ byte: UInt8) -> Bool { byte == .caret || byte == .tilde }

private let raisedByteCountMax = 24
