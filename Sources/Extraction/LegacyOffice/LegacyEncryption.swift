internal import Bytes

/// Whether a document of Office 97 to 2003 needs a password to be read.
///
/// - Source: MS-DOC §2.5.2 (`fEncrypted`), MS-XLS §2.4.117 (`FilePass`), MS-PPT §2.3.2 (`headerToken`).
package func isEncryptedLegacyOffice(_ bytes: [UInt8]) -> Bool {
    guard let file = try? CompoundFile(bytes) else { return false }
    let names = file.members(of: 0)
    func stream(_ name: String) -> [UInt8] {
        names[name].flatMap { try? file.stream($0) } ?? []
    }
    return isEncryptedWord(stream("WordDocument"))
        || isEncryptedWorkbook(stream("Workbook")) || isEncryptedWorkbook(stream("Book"))
        || isEncryptedPresentation(stream("Current User"))
}

private func isEncryptedWord(_ stream: [UInt8]) -> Bool {
    let flags = 10
    return stream.count > flags + 1 && stream[flags + 1] & 1 != 0
}

/// A workbook begins with the record of its beginning; that of a password comes soon after it.
private func isEncryptedWorkbook(_ stream: [UInt8]) -> Bool {
    let passwordRecord = 0x2F
    var at = 0
    for _ in 0..<8 where at + 4 <= stream.count {
        if word(stream, at) == passwordRecord { return true }
        at += 4 + word(stream, at + 2)
    }
    return false
}

private func isEncryptedPresentation(_ stream: [UInt8]) -> Bool {
    let token = 12
    return stream.count >= token + 4
        && stream[token..<token + 4].elementsEqual([0xDF, 0xC4, 0xD1, 0xF3])
}

private func word(_ bytes: [UInt8], _ at: Int) -> Int {
    Int(bytes[at]) | Int(bytes[at + 1]) << 8
}
