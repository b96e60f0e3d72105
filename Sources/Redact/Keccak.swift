/// Keccak-256 as Ethereum has it: the padding of the submission, not of FIPS 202.
///
/// - Source: Keccak reference, version 3.0 (Bertoni, Daemen, Peeters, Van Assche).
func keccak256(_ message: [UInt8]) -> [UInt8] {
    let rate = 136
    var state = [UInt64](repeating: 0, count: 25)
    var padded = message + [0x01]
    padded += [UInt8](repeating: 0, count: (rate - padded.count % rate) % rate)
    padded[padded.count - 1] |= 0x80
    for block in stride(from: 0, to: padded.count, by: rate) {
        for lane in 0..<rate / 8 {
            for byte in 0..<8 {
                state[lane] ^= UInt64(padded[block + lane * 8 + byte]) << UInt64(byte * 8)
            }
        }
        permute(&state)
    }
    return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
}

/// Keccak-f[1600].
private func permute(_ state: inout [UInt64]) {
    func rotated(_ value: UInt64, _ count: Int) -> UInt64 {
        count == 0 ? value : value << UInt64(count) | value >> UInt64(64 - count)
    }
    for constant in roundConstants {
        var column = [UInt64](repeating: 0, count: 5)
        for x in 0..<5 {
            column[x] = (0..<5).reduce(0) { $0 ^ state[x + 5 * $1] }
        }
        for x in 0..<5 {
            let parity = column[(x + 4) % 5] ^ rotated(column[(x + 1) % 5], 1)
            for y in 0..<5 { state[x + 5 * y] ^= parity }
        }
        var moved = state
        for x in 0..<5 {
            for y in 0..<5 {
                moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotated(
                    state[x + 5 * y],
                    rotations[x + 5 * y]
                )
            }
        }
        for x in 0..<5 {
            for y in 0..<5 {
                state[x + 5 * y] =
                    moved[x + 5 * y] ^ (~moved[(x + 1) % 5 + 5 * y] & moved[(x + 2) % 5 + 5 * y])
            }
        }
        state[0] ^= constant
    }
}

private let rotations = [
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
]

/// The round constants by their shift register.
private let roundConstants: [UInt64] = {
    var register: UInt8 = 1
    return (0..<24).map { _ in
        var constant: UInt64 = 0
        for bit in 0..<7 {
            if register & 1 == 1 { constant |= 1 << UInt64((1 << bit) - 1) }
            register = register << 1 ^ (register & 0x80 == 0 ? 0 : 0x71)
        }
        return constant
    }
}()

/// Whether the case of the forty hexadecimal digits is the checksum of EIP-55; nil without two cases.
func isEthereumCase(_ digits: [UInt8]) -> Bool? {
    let letters = digits.filter { $0 >= 0x41 }
    let hasUpper = letters.contains { $0 < 0x61 }
    guard hasUpper, letters.contains(where: { $0 >= 0x61 }) else { return nil }
    let hash = keccak256(digits.map { $0 >= 0x41 ? $0 | 0x20 : $0 })
    return digits.enumerated().allSatisfy { index, byte in
        guard byte >= 0x41 else { return true }
        let nibble = index % 2 == 0 ? hash[index / 2] >> 4 : hash[index / 2] & 15
        return (nibble >= 8) == (byte < 0x61)
    }
}
