/// The Markdown fence around code: one backtick more than the longest run in it, three at least.
func codeFence(around code: [UInt8]) -> [UInt8] {
    var longest = 0
    var current = 0
    for byte in code {
        current = byte == 0x60 ? current + 1 : 0
        longest = max(longest, current)
    }
    return Array(repeating: 0x60, count: max(3, longest + 1))
}
