internal import Bytes
package import Records

/// Decides what a document is by its bytes first and by what its source declared next.
///
/// - Output: `disagrees` is true when the bytes are clearly of another type than the declared one;
///   HTML and XHTML do not disagree, nor does anything with an unknown declaration.
/// - Source: WHATWG MIME Sniffing §7.1 for the HTML signatures.
package func sniffMediaType(
    _ bytes: [UInt8],
    declared: MediaType
) -> (type: MediaType, disagrees: Bool) {
    guard !bytes.isEmpty else { return (declared, false) }
    if let type = binaryType(bytes) {
        if declared == type || isLockedOffice(bytes, declared) { return (declared, false) }
        return (type, declared != .unknown)
    }
    if let type = mailType(bytes, declared: declared) {
        return (type, declared != type && declared != .unknown)
    }
    let head = textHead(bytes)
    let isMarkup = declared == .html || declared == .xhtml
    if startsDocument(head) {
        return isMarkup ? (declared, false) : (.html, declared != .unknown)
    }
    if isPDFBehindOthers(bytes, declared: declared) {
        return (.pdf, declared != .pdf && declared != .unknown)
    }
    // Text of other kinds may well begin with an element, so there only a whole page counts.
    if !isMarkup, declared != .markdown, declared != .plain, !declared.isStructuredText,
        startsElement(head)
    {
        return (.html, declared != .unknown)
    }
    if declared == .unknown, looksLikeText(bytes) {
        return (structuredTextType(bytes, head), false)
    }
    // Programs that export tables and pages call them so for Excel and Word to open them.
    if declared.isLegacyOffice, looksLikeText(bytes) {
        return (structuredTextType(bytes, head), true)
    }
    // A damaged file of a binary format stays what it is called: it is not worth reading as text.
    if binaryFormats.contains(declared), looksLikeText(bytes),
        declared != .pdf || bytes[...].firstRange(of: Array("endobj".utf8)) == nil
    {
        return (.plain, true)
    }
    return (declared, false)
}

private let binaryFormats: Set<MediaType> = [
    .pdf, .epub, .docx, .zip, .gzip, .bzip2, .xz, .zstandard, .tar, .sevenZip, .xlsx, .pptx, .odt,
    .ods, .odp, .png, .jpeg, .tiff, .outlookMessage,
    // Not binary, but nothing without a header.
    .mail, .mailbox, .savedWebPage,
]

/// Fixed bytes at the start of a file.
private let signatures: [(bytes: [UInt8], type: MediaType)] = [
    ([0x1F, 0x8B, 0x08], .gzip),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
    ([0xFF, 0xD8, 0xFF], .jpeg),
    (Array("GIF87a".utf8), MediaType("image/gif")),
    (Array("GIF89a".utf8), MediaType("image/gif")),
    ([0x49, 0x49, 0x2A, 0x00], .tiff),
    ([0x49, 0x49, 0x2B, 0x00], .tiff),
    ([0x4D, 0x4D, 0x00, 0x2A], .tiff),
    ([0x4D, 0x4D, 0x00, 0x2B], .tiff),
    ([0x42, 0x5A, 0x68, 0x39], .bzip2),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
    ([0x28, 0xB5, 0x2F, 0xFD], .zstandard),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
    ([0x7F, 0x45, 0x4C, 0x46], MediaType("application/x-executable")),
    (Array("Rar!\u{1A}\u{7}".utf8), MediaType("application/vnd.rar")),
    (Array("MSCF\0\0\0\0".utf8), MediaType("application/vnd.ms-cab-compressed")),
    (Array("!BDN".utf8), MediaType("application/vnd.ms-outlook-pst")),
    (Array("8BPS\0\u{1}".utf8), MediaType("image/vnd.adobe.photoshop")),
    (Array("AT&TFORM".utf8), MediaType("image/vnd.djvu")),
    (Array("PAR1".utf8), MediaType("application/vnd.apache.parquet")),
    (Array("\0asm".utf8), MediaType("application/wasm")),
    (Array("OggS\0".utf8), MediaType("audio/ogg")),
    (Array("fLaC\0".utf8), MediaType("audio/flac")),
    (Array("ID3".utf8) + [0x03, 0x00], MediaType("audio/mpeg")),
    (Array("ID3".utf8) + [0x04, 0x00], MediaType("audio/mpeg")),
    (Array("wOFF".utf8), MediaType("font/woff")),
    (Array("wOF2".utf8), MediaType("font/woff2")),
    (Array("{\\rtf".utf8), MediaType("application/rtf")),
    (Array("%!PS".utf8), MediaType("application/postscript")),
    (Array("SQLite format 3\u{0}".utf8), MediaType("application/vnd.sqlite3")),
]

/// Of these, those that are text.
private let textFormats: Set<MediaType> = [
    MediaType("application/rtf"), MediaType("application/postscript"),
]

/// Signatures that do not stand at the start, behind bytes that do.
private let innerSignatures: [(first: [UInt8], offset: Int, bytes: String, type: String)] = [
    (Array("RIFF".utf8), 8, "WEBP", "image/webp"), (Array("RIFF".utf8), 8, "WAVE", "audio/x-wav"),
    (Array("RIFF".utf8), 8, "AVI ", "video/x-msvideo"),
    ([0, 0, 0], 4, "ftypheic", "image/heic"), ([0, 0, 0], 4, "ftypmif1", "image/heic"),
    ([0, 0, 0], 4, "ftypqt", "video/quicktime"), ([0, 0, 0], 4, "ftyp", "video/mp4"),
    ([], 60, "BOOKMOBI", "application/x-mobipocket-ebook"),
]

private func binaryType(_ bytes: [UInt8]) -> MediaType? {
    if bytes.starts(with: pdfHeader) { return .pdf }
    for signature in signatures where bytes.starts(with: signature.bytes) {
        // A text may well begin with such a word: "GIF89a is a format".
        let isWord = signature.bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        if isWord, !textFormats.contains(signature.type), looksLikeText(bytes) { continue }
        return signature.type
    }
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return zipType(bytes) }
    if bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .zip }
    if bytes.starts(with: compoundSignature) { return compoundType(bytes) }
    if isTar(bytes) { return .tar }
    return innerSignatures.first { inner in
        bytes.starts(with: inner.first)
            && bytes.dropFirst(inner.offset).starts(with: Array(inner.bytes.utf8))
    }.map { MediaType($0.type) }
}

private let pdfHeader = Array("%PDF-".utf8)

/// Whether a PDF follows other bytes (ISO 32000-1, annex H.3.4.1).
///
/// An archive or a message whose first member is a PDF has its header there as well: what bytes begin with is
/// asked first. A text that only speaks of the format is none.
private func isPDFBehindOthers(_ bytes: [UInt8], declared: MediaType) -> Bool {
    guard bytes.prefix(1_024).firstRange(of: pdfHeader) != nil else { return false }
    return declared == .pdf || declared == .unknown || !looksLikeText(bytes)
}

/// An Office file behind a password looks like a file of old Office.
private func isLockedOffice(_ bytes: [UInt8], _ declared: MediaType) -> Bool {
    [.docx, .xlsx, .pptx].contains(declared) && isEncryptedOffice(bytes)
}

/// Text without a name by what it begins and ends with.
private func structuredTextType(_ bytes: [UInt8], _ head: [UInt8]) -> MediaType {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    if start.starts(with: "<?xml".utf8) { return .xml }
    if head.starts(with: "webvtt".utf8) { return .webVTT }
    // A text may begin with a bracket; a value ends with the one that closes it.
    let signs = head.filter { $0 > 0x20 }.prefix(2)
    let last = bytes.last { $0 > 0x20 }
    if signs.elementsEqual("{\"".utf8), last == 0x7D { return .json }
    if signs.elementsEqual("[{".utf8), last == 0x5D { return .json }
    return .plain
}

/// The first bytes in lower case without byte order mark, leading blanks, comments and an XML
/// declaration; UTF-16 is read as ASCII.
private func textHead(_ bytes: [UInt8]) -> [UInt8] {
    var head = Array(bytes.prefix(4_096))
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { head.removeFirst(3) }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
        head = head.dropFirst(2).filter { $0 != 0 }
    }
    var rest = head[...]
    while true {
        rest = rest.drop { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
        if rest.starts(with: Array("<!--".utf8)), let end = rest.firstRange(of: Array("-->".utf8)) {
            rest = rest[end.upperBound...]
        } else if rest.starts(with: Array("<?xml".utf8)),
            let end = rest.firstRange(of: Array("?>".utf8))
        {
            rest = rest[end.upperBound...]
        } else {
            break
        }
    }
    return rest.prefix(64).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
}

private func startsDocument(_ head: [UInt8]) -> Bool {
    head.starts(with: "<!doctype html".utf8) || startsTag(head, "html")
}

private let elementNames = [
    "head", "body", "title", "meta", "link", "script", "style", "div", "table", "p", "h1", "h2",
    "iframe", "font", "a", "b", "br", "ul", "ol", "span", "article", "main", "section", "header",
    "nav", "base",
]

private func startsElement(_ head: [UInt8]) -> Bool {
    elementNames.contains { startsTag(head, $0) }
}

private func startsTag(_ head: [UInt8], _ name: String) -> Bool {
    guard head.first == 0x3C, head.dropFirst().starts(with: name.utf8),
        let next = head.dropFirst(1 + name.utf8.count).first
    else { return false }
    return next == 0x20 || next == 0x3E || next == 0x2F || (next >= 0x09 && next <= 0x0D)
}

/// Whether the first bytes hold no NUL and almost no control characters.
private func looksLikeText(_ bytes: [UInt8]) -> Bool {
    let head = Array(bytes.prefix(4_096))
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return true }
    return !isBinary(head)
}
