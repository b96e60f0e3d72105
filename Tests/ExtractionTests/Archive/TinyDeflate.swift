/// Writes DEFLATE, gzip and zip data, so that tests need no binary files.
///
/// - Source: RFC 1951, §3.2.6 (fixed Huffman codes); RFC 1952; PKWARE APPNOTE 6.3.10.
enum TinyDeflate {
    /// One block of fixed codes for single bytes.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        for byte in bytes { bits.writeLiteral(byte) }
        return bits.finished()
    }

    /// As few bytes as can be for at least `count` zeros.
    static func zeros(_ count: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.writeLiteral(0)
        for _ in 0..<(count / 258 + 1) {
            // Length 258 is code 285 without extra bits; distance 1 is code 0.
            bits.writeCode(0b1100_0101, count: 8)
            bits.writeCode(0, count: 5)
        }
        return bits.finished()
    }

    static func gzip(_ bytes: [UInt8], name: String? = nil) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, name == nil ? 0 : 8, 0, 0, 0, 0, 0, 3]
        if let name { result += Array(name.utf8) + [0] }
        return result + self.compress(bytes) + little(crc32(bytes), 4)
            + little(UInt32(truncatingIfNeeded: bytes.count), 4)
    }
}

private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    /// The last block, of fixed codes, begins.
    init() {
        self.write(1, count: 1)
        self.write(1, count: 2)
    }

    func finished() -> [UInt8] {
        var last = self
        last.writeCode(0, count: 7)
        return last.bytes
    }

    mutating func write(_ value: Int, count: Int) {
        for bit in 0..<count {
            if self.used == 8 {
                self.bytes.append(0)
                self.used = 0
            }
            self.bytes[self.bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(self.used)
            self.used += 1
        }
    }

    /// A Huffman code, which is written from its highest bit.
    mutating func writeCode(_ code: Int, count: Int) {
        for bit in stride(from: count - 1, through: 0, by: -1) { self.write(code >> bit, count: 1) }
    }

    mutating func writeLiteral(_ byte: UInt8) {
        let value = Int(byte)
        if value < 144 {
            self.writeCode(0x30 + value, count: 8)
        } else {
            self.writeCode(0x190 + value - 144, count: 9)
        }
    }
}

func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
}

func crc32(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
        value ^= UInt32(byte)
        for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~value
}

/// A zip file, part by part; every field can be told a lie.
struct TinyZip {
    struct Part {
        var name: [UInt8]
        var bytes: [UInt8]
        var isStored = false
        /// Compressed bytes to use instead of those of `bytes`.
        var data: [UInt8]?
        var flags: UInt32 = 0
        var method: UInt32?
        var checksum: UInt32?
        /// What the directory says of the size.
        var byteCount: UInt32?
        /// Where the directory says the part is.
        var offset: UInt32?

        init(_ name: String, _ bytes: [UInt8]) {
            self.name = Array(name.utf8)
            self.bytes = bytes
        }

        init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
    }

    var parts: [Part] = []
    var comment: [UInt8] = []
    var isWide = false
    /// Bytes before the first part.
    var prefix: [UInt8] = []

    init(_ parts: [(String, String)] = []) { self.parts = parts.map { Part($0.0, $0.1) } }

    func bytes() -> [UInt8] {
        var file = self.prefix
        var directory: [UInt8] = []
        for part in self.parts {
            let data =
                part.data ?? (part.isStored ? part.bytes : TinyDeflate.compress(part.bytes))
            let offset = part.offset ?? UInt32(file.count)
            let method = part.method ?? (part.isStored ? 0 : 8)
            var head = little(20, 2) + little(part.flags, 2) + little(method, 2) + little(0, 4)
            head += little(part.checksum ?? crc32(part.bytes), 4)
            let sizes =
                little(UInt32(data.count), 4)
                + little(part.byteCount ?? UInt32(part.bytes.count), 4)
            let nameCount = little(UInt32(part.name.count), 2)
            file += little(0x0403_4B50, 4) + head + sizes + nameCount + little(0, 2) + part.name
            file += data
            let extra =
                self.isWide
                ? little(1, 2) + little(24, 2) + little(UInt32(part.bytes.count), 4) + little(0, 4)
                    + little(UInt32(data.count), 4) + little(0, 4) + little(offset, 4)
                    + little(0, 4)
                : []
            directory += little(0x0201_4B50, 4) + little(20, 2) + head
            directory += self.isWide ? little(.max, 4) + little(.max, 4) : sizes
            directory += nameCount + little(UInt32(extra.count), 2) + little(0, 4) + little(0, 2)
            directory += little(0, 4)
            directory += little(self.isWide ? .max : offset, 4) + part.name + extra
        }
        let start = UInt32(file.count)
        file += directory
        let count = UInt32(self.parts.count)
        if self.isWide {
            let record = UInt32(file.count)
            file += little(0x0606_4B50, 4) + little(44, 4) + little(0, 4) + little(45, 2)
            file += little(45, 2) + little(0, 4) + little(0, 4)
            for value in [count, count, UInt32(directory.count), start] {
                file += little(value, 4) + little(0, 4)
            }
            file += little(0x0706_4B50, 4) + little(0, 4) + little(record, 4) + little(0, 4)
            file += little(1, 4)
        }
        file += little(0x0605_4B50, 4) + little(0, 4)
        file +=
            self.isWide ? little(.max, 2) + little(.max, 2) : little(count, 2) + little(count, 2)
        file +=
            self.isWide
            ? little(.max, 4) + little(.max, 4)
            : little(UInt32(directory.count), 4) + little(start, 4)
        return file + little(UInt32(self.comment.count), 2) + self.comment
    }
}
