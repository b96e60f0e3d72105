internal import Bytes

/// Which blocks of a style sheet are read beside its plain rules.
enum StyleConditions {
    /// Those for all screens.
    case screen
    /// Those for some screens too.
    case anyButPrint
}

/// Calls `body` with the selectors and declarations of each rule of a style sheet.
///
/// - Complexity: O(n); nothing recurses.
func forEachStyleRule(
    in sheet: UnsafeBufferPointer<UInt8>,
    conditions: StyleConditions,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Void
) {
    var start = 0
    var index = 0
    while index < sheet.count {
        switch sheet[index] {
        case UInt8(ascii: "/") where index + 1 < sheet.count && sheet[index + 1] == 0x2A:
            index = endOfComment(sheet, from: index + 2)
            start = isBlank(sheet, start..<index) ? index : start
        case UInt8(ascii: ";"), UInt8(ascii: "}"):
            index += 1
            start = index
        case UInt8(ascii: "{"):
            let prelude = trimmed(sheet, start..<index)
            if prelude.first == UInt8(ascii: "@") {
                index = isRead(prelude, conditions) ? index + 1 : endOfBlock(sheet, from: index + 1)
            } else {
                let end = endOfBlock(sheet, from: index + 1)
                // The end of the sheet closes what is open.
                let isClosed = end > index + 1 && sheet[end - 1] == UInt8(ascii: "}")
                let declarations = index + 1..<(isClosed ? end - 1 : end)
                if prelude.count <= selectorByteLimit {
                    body(prelude, UnsafeBufferPointer(rebasing: sheet[declarations]))
                }
                index = end
            }
            start = index
        default:
            index += 1
        }
    }
}

private let selectorByteLimit = 4_096

/// Behind the brace that closes a block, over blocks in it.
private func endOfBlock(_ sheet: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var depth = 1
    var index = start
    while index < sheet.count {
        switch sheet[index] {
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"):
            depth -= 1
            if depth == 0 { return index + 1 }
        case UInt8(ascii: "/") where index + 1 < sheet.count && sheet[index + 1] == 0x2A:
            index = endOfComment(sheet, from: index + 2)
            continue
        default: break
        }
        index += 1
    }
    return sheet.count
}

private func endOfComment(_ sheet: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while let star = firstIndex(of: 0x2A, in: sheet, from: index) {
        index = star + 1
        if index < sheet.count, sheet[index] == UInt8(ascii: "/") { return index + 1 }
    }
    return sheet.count
}

/// Whether a block's rules hold on screens, or on some.
private func isRead(_ prelude: UnsafeBufferPointer<UInt8>, _ conditions: StyleConditions) -> Bool {
    if matches("@supports", prelude, at: 0) || matches("@layer", prelude, at: 0) { return true }
    guard matches("@media", prelude, at: 0) else { return false }
    if conditions == .anyButPrint { return !contains("print", prelude) }
    return !prelude.contains(UInt8(ascii: "("))
        && (contains("screen", prelude) || contains(" all", prelude)) && !contains("not ", prelude)
}

private func trimmed(
    _ sheet: UnsafeBufferPointer<UInt8>,
    _ range: Range<Int>
) -> UnsafeBufferPointer<UInt8> {
    var range = range
    while let first = range.first, isHTMLBlank(sheet[first]) {
        range = first + 1..<range.upperBound
    }
    while let last = range.last, isHTMLBlank(sheet[last]) { range = range.lowerBound..<last }
    return UnsafeBufferPointer(rebasing: sheet[range])
}

/// Whether there is nothing but white space and comments.
private func isBlank(_ sheet: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
        if sheet[index] == UInt8(ascii: "/") {
            index = endOfComment(sheet, from: index + 2)
        } else if isHTMLBlank(sheet[index]) {
            index += 1
        } else {
            return false
        }
    }
    return true
}

extension UnsafeBufferPointer<UInt8> {
    /// Where a part of this begins in it.
    func offset(of part: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = self.baseAddress, let start = part.baseAddress else { return 0 }
        return start - base
    }
}
