/// Resolves character references such as `&eacute;` and `&#233;`.
///
/// - Source: WHATWG HTML §13.2.5.72 to §13.2.5.84.
struct CharacterReferences: Sendable {
    static let shared = CharacterReferences()

    /// What one reference stands for.
    struct Resolved {
        var first: UInt32
        /// 0 for the references that stand for one code point, which are nearly all.
        var second: UInt32 = 0
        /// Bytes of the reference, ampersand included.
        var byteCount: Int
    }

    /// Open addressing by FNV-1a of the name, its semicolon included; 0 marks a free slot.
    private var keys: [UInt64]
    private var values: [(UInt32, UInt32)]
    private static let slotCount = 8_192
    private static let longestName = 32
    private static let longestLegacyName = 6

    private init() {
        self.keys = Array(repeating: 0, count: Self.slotCount)
        self.values = Array(repeating: (0, 0), count: Self.slotCount)
        let blob = UnsafeBufferPointer(
            start: namedReferences.utf8Start,
            count: namedReferences.utf8CodeUnitCount
        )
        for row in blob.split(separator: 0x20) {
            self.insert(row)
        }
    }

    private mutating func insert(_ row: Slice<UnsafeBufferPointer<UInt8>>) {
        let isLegacy = row.first == 0x21
        let parts = row.dropFirst(isLegacy ? 1 : 0).split(separator: 0x3D)
        guard parts.count == 2 else { return }
        let scalars = parts[1].split(separator: 0x2B).compactMap {
            UInt32(String(decoding: $0, as: UTF8.self), radix: 16)
        }
        guard let first = scalars.first else { return }
        let value = (first, scalars.count > 1 ? scalars[1] : 0)
        let hash = parts[0].reduce(fnvBasis) { fnvStep($0, $1) }
        self.insert(fnvStep(hash, 0x3B), value)
        if isLegacy { self.insert(hash, value) }
    }

    private mutating func insert(_ key: UInt64, _ value: (UInt32, UInt32)) {
        var slot = Int(truncatingIfNeeded: key) & (Self.slotCount - 1)
        while self.keys[slot] != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
        self.keys[slot] = key
        self.values[slot] = value
    }

    private func find(_ key: UInt64) -> (UInt32, UInt32)? {
        var slot = Int(truncatingIfNeeded: key) & (Self.slotCount - 1)
        while self.keys[slot] != 0 {
            if self.keys[slot] == key { return self.values[slot] }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return nil
    }

    /// The reference whose ampersand is at `index`; nil where the ampersand stands for itself.
    func resolve(
        _ bytes: UnsafeBufferPointer<UInt8>,
        at index: Int,
        inAttribute: Bool
    ) -> Resolved? {
        guard index + 1 < bytes.count else { return nil }
        if bytes[index + 1] == 0x23 { return self.resolveNumber(bytes, at: index) }
        return self.resolveName(bytes, at: index, inAttribute: inAttribute)
    }

    private func resolveName(
        _ bytes: UnsafeBufferPointer<UInt8>,
        at index: Int,
        inAttribute: Bool
    ) -> Resolved? {
        var hash = fnvBasis
        var legacy: Resolved?
        var cursor = index + 1
        let limit = min(bytes.count, cursor + Self.longestName)
        while cursor < limit, isAlphanumeric(bytes[cursor]) {
            hash = fnvStep(hash, bytes[cursor])
            cursor += 1
            let length = cursor - index
            if length <= Self.longestLegacyName + 1, length > 2, let value = self.find(hash) {
                legacy = Resolved(first: value.0, second: value.1, byteCount: length)
            }
        }
        if cursor < bytes.count, bytes[cursor] == 0x3B,
            let value = self.find(fnvStep(hash, 0x3B))
        {
            return Resolved(first: value.0, second: value.1, byteCount: cursor - index + 1)
        }
        // In an attribute `&copy=1` is a query, not a reference.
        if inAttribute, let found = legacy {
            let next = index + found.byteCount
            if next < bytes.count, bytes[next] == 0x3D || isAlphanumeric(bytes[next]) { return nil }
        }
        return legacy
    }

    private func resolveNumber(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Resolved? {
        var cursor = index + 2
        var radix: UInt32 = 10
        if cursor < bytes.count, bytes[cursor] | 0x20 == 0x78 {
            radix = 16
            cursor += 1
        }
        let start = cursor
        var value: UInt32 = 0
        while cursor < bytes.count, let digit = digitValue(bytes[cursor], radix: radix) {
            // Saturates just above the last code point.
            value = min(value * radix + digit, 0x11_0000)
            cursor += 1
        }
        guard cursor > start else { return nil }
        if cursor < bytes.count, bytes[cursor] == 0x3B { cursor += 1 }
        return Resolved(first: Self.repaired(value), byteCount: cursor - index)
    }

    /// The code point a number stands for on the web: C1 controls mean windows-1252.
    private static func repaired(_ value: UInt32) -> UInt32 {
        switch value {
        case 0, 0xD800...0xDFFF, 0x11_0000...: 0xFFFD
        case 0x80...0x9F: windows1252Controls[Int(value - 0x80)]
        default: value
        }
    }

    private static let windows1252Controls: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
        0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
    ]
}

let fnvBasis: UInt64 = 0xCBF2_9CE4_8422_2325

@inline(__always)
func fnvStep(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
}

@inline(__always)
func isAlphanumeric(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (lower >= 0x61 && lower <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
}

@inline(__always)
func isHTMLBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
}

private func digitValue(_ byte: UInt8, radix: UInt32) -> UInt32? {
    if byte >= 0x30, byte <= 0x39 { return UInt32(byte - 0x30) }
    let lower = byte | 0x20
    if radix == 16, lower >= 0x61, lower <= 0x66 { return UInt32(lower - 0x61) + 10 }
    return nil
}
