internal import CMime
internal import CXML2

/// The parsers behind this room, for a report on the machine.
package func extractionLibraries() -> [(name: String, version: String)] {
    let poppler = PDFDoor.standard.map { "\($0.version) through \($0.name)" }
    return [
        ("libxml2", LIBXML_DOTTED_VERSION), ("poppler", poppler ?? "absent: PDFs are not read"),
        ("gmime", String(cString: cmime_version())), ("libarchive", archiveLibraryVersion()),
    ]
}
