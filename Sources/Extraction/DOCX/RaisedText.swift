internal import Bytes

/// Text that is printed above or below the line, until it is known where it ends.
struct RaisedText {
    var raise = WordRaise.none
    var text: [UInt8] = []

    /// A longer one is a remark, not an exponent.
    private static let byteLimit = 24

    /// The text with the mark that keeps it apart from what stands before: `10^6`, `H_2O`, `x^(n+1)`.
    ///
    /// Letters that follow a word (`1st`, `Mme`, `™`) are written as they are.
    func written(after before: [UInt8]) -> [UInt8] {
        guard let base = before.last, Self.isBase(base), self.text.count <= Self.byteLimit,
            !self.text.contains(where: { $0 <= 0x20 }), self.isIndex(after: before)
        else { return self.text }
        let mark = UInt8(ascii: self.raise == .superscript ? "^" : "_")
        let isCompound = self.text.dropFirst().contains(where: Self.isOperator)
        guard isCompound else { return [mark] + self.text }
        return [mark, UInt8(ascii: "(")] + self.text + [UInt8(ascii: ")")]
    }

    /// What is raised is a number, or one letter over one letter: `xⁿ`, and not `nᵒ` or `1ˢᵗ`.
    private func isIndex(after before: [UInt8]) -> Bool {
        guard let first = self.text.first else { return false }
        if self.raise == .subscripted || self.text.contains(where: \.isASCIIDigit) { return true }
        if Self.isOperator(first) || first == UInt8(ascii: "+") { return true }
        let isAlone = before.count == 1 || !Self.isBase(before[before.count - 2])
        let isOrdinal = "oears".utf8.contains(first | 0x20)
        return self.text.count == 1 && isAlone && !isOrdinal && first < 0x80
    }

    private static func isBase(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte.isASCIIAlphanumeric || ")]}".utf8.contains(byte)
    }

    /// `+`, `-`, `/`, or the first byte of a minus sign.
    private static func isOperator(_ byte: UInt8) -> Bool {
        "+-/".utf8.contains(byte) || byte == 0xE2
    }
}
