/// Files no stage can make text of; each is a dead letter, never a crash.
package enum BrokenFile: String, CaseIterable, Hashable, Sendable {
    case empty
    case truncatedPDF
    case binary
    case invalidText

    /// - Parameter seed: which of the files of this kind.
    package func bytes(seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        switch self {
        case .empty: return []
        case .truncatedPDF:
            let whole = HandwrittenPDF(lines: [.init("Never seen", size: 12)]).bytes()
            return Array(whole.prefix(random.number(in: 20...120)))
        case .binary:
            // A magic number of nothing, and bytes of every value.
            return [0x00, 0xFF, 0x00, 0xFE, 0x01] + (0..<600).map { _ in UInt8(random.below(256)) }
        case .invalidText:
            return (0..<400).map { _ in UInt8(random.pick([0x00, 0x01, 0x80, 0xC0, 0xFE, 0xFF])) }
        }
    }
}
