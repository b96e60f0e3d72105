internal import Bytes
internal import Records

/// The type of a zip file by the parts it holds, or by its first bytes where it is damaged.
///
/// - Source: EPUB 3.3 §4 and ODF 1.3 part 2 §3.3 for the part `mimetype`; ECMA-376 part 2 for Office.
func zipType(_ bytes: [UInt8]) -> MediaType {
    let head = bytes.prefix(8_192)
    if let named = storedMediaType(head) { return named }
    guard let archive = try? ZipArchive(bytes) else {
        let folder = zipFolders.first { head.firstRange(of: Array($0.prefix.utf8)) != nil }
        return folder?.type ?? .zip
    }
    if archive.contains("META-INF/container.xml") { return .epub }
    return zipFolders.first { folder in
        archive.contains { $0.hasPrefix(folder.prefix) }
    }?.type ?? .zip
}

/// Parts that only one kind of zip file holds, first match first.
private let zipFolders: [(prefix: String, type: MediaType)] = [
    ("word/", .docx),
    ("xl/", MediaType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    (
        "ppt/",
        MediaType("application/vnd.openxmlformats-officedocument.presentationml.presentation")
    ),
    ("Index/Slide", MediaType("application/vnd.apple.keynote")),
    ("Index/Tables/", MediaType("application/vnd.apple.numbers")),
    ("Index/Document.iwa", MediaType("application/vnd.apple.pages")),
    ("AndroidManifest.xml", MediaType("application/vnd.android.package-archive")),
    ("META-INF/MANIFEST.MF", MediaType("application/java-archive")),
]

/// What the part `mimetype`, stored first and as it is, says.
private func storedMediaType(_ head: ArraySlice<UInt8>) -> MediaType? {
    let name = Array("mimetype".utf8)
    guard head.count > 38, head[(head.startIndex + 30)...].starts(with: name) else { return nil }
    let value = head[(head.startIndex + 38)...].prefix(96).prefix { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || "/.+-".utf8.contains(byte)
    }
    let type = MediaType(String(decoding: value, as: UTF8.self))
    return type == .epub || type.kind?.hasPrefix("OpenDocument") == true ? type : nil
}

/// The type of a compound file by the names at the top of its directory, or by all its bytes where that
/// is damaged or tells none.
///
/// - Source: MS-CFB §2.6 (names are UTF-16); the streams of MS-DOC, MS-XLS, MS-PPT, MS-OXMSG.
func compoundType(_ bytes: [UInt8]) -> MediaType {
    let names = compoundNames(bytes)
    let named = compoundStreams.first { row in names.contains { $0.hasPrefix(row.stream) } }
    // The workbook of Excel 5 and 95, whose name is too common a word to look for in all bytes.
    guard named != nil || !names.contains("Book") else { return .xls }
    let found = named ?? compoundStreams.first { bytes.firstRange(of: utf16($0.stream)) != nil }
    return MediaType(found?.type ?? "application/x-ole-storage")
}

private let compoundStreams: [(stream: String, type: String)] = [
    ("WordDocument", MediaType.doc.name), ("Workbook", MediaType.xls.name),
    ("PowerPoint Document", MediaType.ppt.name),
    ("__substg1.0_", MediaType.outlookMessage.name),
    ("__properties_version1.0", MediaType.outlookMessage.name),
]

/// Whether this is the compound file that Office wraps an encrypted document in.
package func isEncryptedOffice(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: compoundSignature) else { return false }
    let stream = "EncryptedPackage"
    let names = compoundNames(bytes)
    guard names.isEmpty else { return names.contains(stream) }
    return bytes.firstRange(of: utf16(stream)) != nil
}

/// The names at the top of a compound file's directory; none where that is damaged.
private func compoundNames(_ bytes: [UInt8]) -> [String] {
    (try? CompoundFile(bytes)).map { Array($0.members(of: 0).keys) } ?? []
}

let compoundSignature: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

private func utf16(_ text: String) -> [UInt8] {
    text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
}

/// Whether a tar header is at the start: its signature, and a checksum that fits.
///
/// - Source: POSIX.1-2017, pax, "ustar Interchange Format".
func isTar(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 512, bytes[257..<262].elementsEqual("ustar".utf8) else { return false }
    let field = bytes[148..<156]
    let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    let written = digits.reduce(0) { $0 << 3 | Int($1 & 7) }
    let sum = bytes[..<512].reduce(0) { $0 + Int($1) } - field.reduce(0) { $0 + Int($1) } + 8 * 0x20
    return !digits.isEmpty && written == sum
}
