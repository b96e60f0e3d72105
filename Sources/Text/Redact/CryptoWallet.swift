import Hashing
import Records

extension ScanPass {
    /// MAC addresses with digits between separators, `0x` addresses and base58 wallets.
    mutating func scanHexadecimal(at start: Int) -> Int? {
        if let end = self.scanGroupedMAC(at: start) { return end }
        guard !self.isWord(start - 1) else { return nil }
        let first = self.byte(start)
        if first == 0x30, self.byte(start + 1) == 0x78 { return self.scanEthereum(at: start) }
        if first == 0x31 || first == 0x33, self.isClass(start + 1, ByteClass.alphanumeric) {
            return self.scanBase58(at: start)
        }
        return nil
    }

    /// `0x` and exactly 40 hexadecimal digits; EIP-55 upper case is a checksum not asked for here.
    private mutating func scanEthereum(at start: Int) -> Int? {
        var end = start + 2
        while end - start <= 42, self.isClass(end, ByteClass.hex) { end += 1 }
        self.steps += end - start
        guard end - start == 42, !self.isWord(end) else { return nil }
        return self.add(.cryptoWallet, start..<end, "wallet.ethereum", 0.75) ? end : nil
    }

    /// Bitcoin P2PKH and P2SH addresses: base58check of 25 bytes with version 0 or 5.
    private mutating func scanBase58(at start: Int) -> Int? {
        var end = start
        while end - start < 36, self.isClass(end, ByteClass.alphanumeric) { end += 1 }
        self.steps += end - start
        guard (26...35).contains(end - start), !self.isWord(end),
            isBase58Check(self.text[start..<end])
        else { return nil }
        return self.add(.cryptoWallet, start..<end, "wallet.base58check", 0.95) ? end : nil
    }

    /// Native segwit addresses: `bc1` with a BIP-173 or BIP-350 checksum.
    mutating func scanBech32(at start: Int) -> Int? {
        var end = start
        while end - start < 91, self.isClass(end, ByteClass.alphanumeric) { end += 1 }
        self.steps += end - start
        guard (42...90).contains(end - start), !self.isWord(end),
            isBech32(self.text[start..<end])
        else { return nil }
        return self.add(.cryptoWallet, start..<end, "wallet.bech32", 0.95) ? end : nil
    }
}

private func symbolTable(_ alphabet: StaticString) -> [Int8] {
    var table = [Int8](repeating: -1, count: 256)
    for index in 0..<alphabet.utf8CodeUnitCount {
        table[Int(alphabet.utf8Start[index])] = Int8(index)
    }
    return table
}

private let base58Symbols = symbolTable(
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
)
private let bech32Symbols = symbolTable("qpzry9x8gf2tvdw0s3jn54khce6mua7l")

/// Whether the text is 25 bytes in base58 whose last four are the double SHA-256 of the others.
func isBase58Check(_ text: some Collection<UInt8>) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 25)
    for symbol in text {
        let value = base58Symbols[Int(symbol)]
        guard value >= 0 else { return false }
        var carry = Int(value)
        for index in bytes.indices.reversed() {
            carry += Int(bytes[index]) * 58
            bytes[index] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
        guard carry == 0 else { return false }
    }
    guard bytes[0] == 0 || bytes[0] == 5 else { return false }
    let digest = sha256(sha256(Array(bytes[..<21])).bytes).bytes
    return digest[..<4].elementsEqual(bytes[21...])
}

/// Whether the text is a bech32 or bech32m string with the prefix `bc`.
///
/// - Source: BIP-173 and BIP-350, reference checksum.
func isBech32(_ text: some Collection<UInt8>) -> Bool {
    let hasUpper = text.contains { (0x41...0x5A).contains($0) }
    let hasLower = text.contains { (0x61...0x7A).contains($0) }
    guard !(hasUpper && hasLower) else { return false }
    // The human-readable part `bc`, expanded.
    var values: [UInt8] = [3, 3, 0, 2, 3]
    for byte in text.dropFirst(3) {
        let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        let value = bech32Symbols[Int(lower)]
        guard value >= 0 else { return false }
        values.append(UInt8(value))
    }
    let generator: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
    var checksum: UInt32 = 1
    for value in values {
        let top = checksum >> 25
        checksum = (checksum & 0x01FF_FFFF) << 5 ^ UInt32(value)
        for bit in 0..<5 where top >> UInt32(bit) & 1 == 1 { checksum ^= generator[bit] }
    }
    return checksum == 1 || checksum == 0x2BC8_30A3
}
