/// A link's address as Markdown holds it; nil for one that leads nowhere outside or runs code.
func linkAddress(_ target: [UInt8]) -> [UInt8]? {
    guard let first = target.first, first != UInt8(ascii: "#"), !runsCode(target) else {
        return nil
    }
    let digits = Array("0123456789ABCDEF".utf8)
    return target.flatMap { byte -> [UInt8] in
        switch byte {
        // Blanks, controls, and `(`, `)`, `<`, `>`, `|`, which would end the link or a table's cell.
        case 0...0x20, 0x28, 0x29, 0x3C, 0x3E, 0x7C, 0x7F:
            [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: [byte]
        }
    }
}

/// Whether an address is a script; a browser reads past blanks and controls in the scheme.
private func runsCode(_ target: [UInt8]) -> Bool {
    target.lazy.filter { $0 > 0x20 }.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        .starts(with: "javascript:".utf8)
}
