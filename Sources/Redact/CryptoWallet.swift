import Hashing
import Records

extension ScanPass {
    /// MAC addresses with digits between separators, `0x` addresses and base58 wallets.
    mutating func scanHexadecimal(at start: Int) -> Int? {
        if let end = self.scanGroupedMAC(at: start) { return end }
        guard !self.isLetterOrDigit(start - 1) else { return nil }
        let first = self.byte(start)
        if first == 0x30, self.byte(start + 1) == 0x78 { return self.scanEthereum(at: start) }
        if first == 0x31 || first == 0x33, self.isClass(start + 25, ByteClass.alphanumeric) {
            return self.scanBase58(at: start)
        }
        return nil
    }

    /// `0x` and exactly 40 hexadecimal digits; letters in both cases must be the checksum of EIP-55.
    private mutating func scanEthereum(at start: Int) -> Int? {
        var end = start + 2
        while end - start <= 42, self.isClass(end, ByteClass.hex) { end += 1 }
        self.steps += end - start
        guard end - start == 42, !self.isLetterOrDigit(end) else { return nil }
        let isChecked = isEthereumCase(Array(self.text[start + 2..<end]))
        let score: Float = isChecked.map { $0 ? 0.95 : 0.4 } ?? 0.75
        return self.add(.cryptoWallet, start..<end, "wallet.ethereum", score) ? end : nil
    }

    /// Wallets that start with a letter: the word around the digit at `start`, its first one.
    mutating func scanLetteredWallet(at start: Int) -> Int? {
        guard self.wants(.cryptoWallet),
            self.isClass(start + 1, ByteClass.alphanumeric)
                || self.isClass(start - 20, ByteClass.letter)
        else { return nil }
        var first = start
        while start - first < 35, self.isClass(first - 1, ByteClass.letter) { first -= 1 }
        self.steps += start - first
        guard first < start, !self.isLetterOrDigit(first - 1),
            [0x4C, 0x4D, 0x44, 0x58, 0x6D, 0x6E].contains(self.byte(first))
        else { return nil }
        return self.scanBase58(at: first)
    }

    /// Bitcoin, Litecoin, Dogecoin and Dash addresses: base58check of 25 bytes with their versions.
    private mutating func scanBase58(at start: Int) -> Int? {
        var end = start
        while end - start < 36, self.isClass(end, ByteClass.alphanumeric) { end += 1 }
        self.steps += end - start
        guard (26...35).contains(end - start), !self.isLetterOrDigit(end),
            isBase58Check(self.text[start..<end])
        else { return nil }
        return self.add(.cryptoWallet, start..<end, "wallet.base58check", 0.95) ? end : nil
    }

    /// Native segwit addresses: `bc1` with a BIP-173 or BIP-350 checksum.
    mutating func scanBech32(at start: Int) -> Int? {
        var end = start
        while end - start < 91, self.isClass(end, ByteClass.alphanumeric) { end += 1 }
        self.steps += end - start
        guard (42...90).contains(end - start), !self.isLetterOrDigit(end),
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
    // Bitcoin, its test network, Litecoin, Dogecoin, Dash.
    guard [0, 5, 111, 196, 48, 50, 30, 22, 76, 16].contains(bytes[0]) else { return false }
    let digest = sha256(sha256(Array(bytes[..<21])).bytes).bytes
    return digest[..<4].elementsEqual(bytes[21...])
}

/// Whether the text is a bech32 or bech32m string with a readable part of two or three letters.
///
/// - Source: BIP-173 and BIP-350, reference checksum.
func isBech32(_ text: some Collection<UInt8>) -> Bool {
    let hasUpper = text.contains { (0x41...0x5A).contains($0) }
    let hasLower = text.contains { (0x61...0x7A).contains($0) }
    guard !(hasUpper && hasLower) else { return false }
    let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    guard let separator = lower.prefix(5).lastIndex(of: 0x31), separator >= 2 else { return false }
    // The readable part, expanded.
    let readable = lower[..<separator]
    var values: [UInt8] = readable.map { $0 >> 5 } + [0] + readable.map { $0 & 31 }
    for byte in lower[(separator + 1)...] {
        let value = bech32Symbols[Int(byte)]
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
