internal import Bytes
internal import CPoppler
internal import Formats
internal import Records

/// Reads all words, fonts, the outline and the information of a file; decides no layout.
func readPDF(
    _ bytes: [UInt8],
    options: PDFOptions,
    through door: PDFDoor? = .standard
) throws(ExtractionError) -> PDFSource {
    guard let door else {
        throw ExtractionError(
            .internalError,
            "this build has no reader of PDFs; install libpoppler-glib-dev and build it again"
        )
    }
    door.functions.prepare()
    var hasNoPages = false
    if let source = try readPDFOnce(bytes, door, options: options, hasNoPages: &hasNoPages) {
        return source
    }
    var isEmpty = false
    if let repaired = bytesWithTrailer(bytes),
        let source = try readPDFOnce(repaired, door, options: options, hasNoPages: &isEmpty)
    {
        return source
    }
    if hasNoPages { throw ExtractionError(.empty, "the PDF has no pages") }
    throw ExtractionError(.corrupt, "poppler cannot open this PDF; save it anew with its producer")
}

/// - Returns: nil when the file is unreadable or has no page.
private func readPDFOnce(
    _ bytes: [UInt8],
    _ door: PDFDoor,
    options: PDFOptions,
    hasNoPages: inout Bool
) throws(ExtractionError) -> PDFSource? {
    var locked = false
    let source: PDFSource? = bytes.withUnsafeBufferPointer { buffer -> PDFSource? in
        var status: Int32 = 0
        guard
            let document = door.open(buffer, passwords: options.passwords, status: &status)
        else {
            locked = status == Int32(CPOPPLER_LOCKED.rawValue)
            return nil
        }
        defer { document.close() }
        let pageCount = document.pageCount
        hasNoPages = pageCount == 0
        guard pageCount > 0 else { return nil }
        var builder = PDFSourceBuilder(options: options)
        builder.readInformation(document)
        builder.readPages(document, count: pageCount)
        return builder.finished()
    }
    if locked {
        throw ExtractionError(
            .encrypted,
            "the PDF needs a user password: give it with passwords_env, or exclude the file"
        )
    }
    return source
}

/// A copy with a trailer that names the catalog, when the file lost its end; poppler then rebuilds
/// the cross-reference table by itself.
private func bytesWithTrailer(_ bytes: [UInt8]) -> [UInt8]? {
    let scanned = bytes.prefix(64 << 20)
    guard let catalog = scanned.firstRange(of: Array("/Catalog".utf8)) else { return nil }
    guard
        let marker = lastRange(of: Array(" obj".utf8), in: scanned[..<catalog.lowerBound]),
        let number = objectNumber(before: marker.lowerBound, in: scanned)
    else { return nil }
    // The `endobj` ends a line of a cut cross-reference table, which would swallow the trailer.
    let trailer = "\nendobj\ntrailer\n<< /Root \(number.object) \(number.generation) R >>\n"
    return bytes + Array((trailer + "startxref\n0\n%%EOF\n").utf8)
}

private func lastRange(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    guard bytes.count >= pattern.count else { return nil }
    for start in stride(from: bytes.endIndex - pattern.count, through: bytes.startIndex, by: -1)
    where bytes[start..<start + pattern.count].elementsEqual(pattern) {
        return start..<start + pattern.count
    }
    return nil
}

private func objectNumber(
    before end: Int,
    in bytes: ArraySlice<UInt8>
) -> (object: Int, generation: Int)? {
    let generation = bytes[..<end].reversed().prefix(while: \.isASCIIDigit).count
    let space = end - generation - 1
    guard generation > 0, generation < 6, space > bytes.startIndex, bytes[space] == 0x20 else {
        return nil
    }
    let object = bytes[..<space].reversed().prefix(while: \.isASCIIDigit).count
    guard object > 0, object < 10 else { return nil }
    return (
        bytes[space - object..<space].reduce(0) { $0 * 10 + Int($1 - 0x30) },
        bytes[space + 1..<end].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    )
}
