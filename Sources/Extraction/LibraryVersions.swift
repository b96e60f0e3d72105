internal import CMime
internal import CXML2
internal import Formats

/// The parsers behind this room, for a report on the machine.
///
/// - Parameter withOCR: whether Tesseract is asked for, which loads it.
package func extractionLibraries(withOCR: Bool) -> [(name: String, version: String)] {
    let poppler = PDFDoor.standard.map { "\($0.version) through \($0.name)" }
    return [
        ("libxml2", LIBXML_DOTTED_VERSION), ("poppler", poppler ?? "absent: PDFs are not read"),
        ("gmime", String(cString: cmime_version())), ("libarchive", archiveLibraryVersion()),
    ] + (withOCR ? [("Tesseract", tesseractVersion())] : [])
}

private func tesseractVersion() -> String {
    guard OCREngine.isInstalled, let version = OCREngine.version else {
        return "absent: pictures are not read; install tesseract-ocr"
    }
    let languages = TesseractData().languages.joined(separator: " ")
    return "\(version) (\(languages.isEmpty ? "no languages" : languages))"
}
