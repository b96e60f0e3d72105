/// The bytes that a word of base64 or base64url stands for (RFC 4648), with padding or without; nil for
/// any other word.
func decodedBase64(_ word: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var count = word.count
    while count > 0, word[count - 1] == UInt8(ascii: "=") { count -= 1 }
    guard count > 1, count % 4 != 1, word.count - count <= 2 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 3 / 4)
    var bits: UInt32 = 0
    var held: UInt32 = 0
    for index in 0..<count {
        let value = base64Values[Int(word[index])]
        guard value < 64 else { return nil }
        bits = bits << 6 | UInt32(value)
        held += 6
        if held >= 8 {
            held -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> held))
        }
    }
    return bytes
}

/// The six bits of each sign of base64, 255 for other bytes.
let base64Values: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    let signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, sign) in signs.utf8.enumerated() { table[Int(sign)] = UInt8(value) }
    table[Int(UInt8(ascii: "-"))] = 62
    table[Int(UInt8(ascii: "_"))] = 63
    return table
}()
