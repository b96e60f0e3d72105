import Foundation

/// The shared libraries that a program names: the `DT_NEEDED` entries of a 64-bit little-endian ELF file.
///
/// - Source: System V ABI, chapters 4 (ELF header) and 5 (program header, dynamic section).
enum NeededLibraries {
    struct NotELF: Error {}

    static func of(_ path: String) throws -> [String] {
        let file = ELFFile(try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe))
        guard file.data.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { throw NotELF() }
        guard let dynamic = file.segments.first(where: { $0.type == 2 }) else { return [] }
        var entries: [(tag: UInt64, value: UInt64)] = []
        for offset in stride(from: dynamic.offset, to: dynamic.offset + dynamic.byteCount, by: 16) {
            entries.append((file.word(offset), file.word(offset + 8)))
            if entries.last?.tag == 0 { break }
        }
        guard let strings = entries.first(where: { $0.tag == 5 }),
            let table = file.offset(ofAddress: strings.value)
        else { throw NotELF() }
        return entries.filter { $0.tag == 1 }.map { file.text(at: table + Int($0.value)) }
    }
}

private struct ELFFile {
    let data: Data

    init(_ data: Data) { self.data = data }

    struct Segment {
        var type: UInt32
        var offset: Int
        var address: UInt64
        var byteCount: Int
    }

    var segments: [Segment] {
        let start = Int(self.word(32))
        let size = Int(self.word(54) & 0xFFFF)
        let count = Int(self.word(56) & 0xFFFF)
        return (0..<count).map { start + $0 * size }.map { header in
            Segment(
                type: UInt32(truncatingIfNeeded: self.word(header)),
                offset: Int(self.word(header + 8)),
                address: self.word(header + 16),
                byteCount: Int(self.word(header + 32))
            )
        }
    }

    func offset(ofAddress address: UInt64) -> Int? {
        self.segments.first {
            $0.type == 1 && $0.address <= address && address < $0.address + UInt64($0.byteCount)
        }
        .map { $0.offset + Int(address - $0.address) }
    }

    func word(_ offset: Int) -> UInt64 {
        self.data[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func text(at offset: Int) -> String {
        String(decoding: self.data[offset...].prefix { $0 != 0 }, as: UTF8.self)
    }
}
