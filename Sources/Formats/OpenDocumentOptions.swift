package import Dataflow
internal import Records

/// How OpenDocument files of LibreOffice and others are read.
package struct OpenDocumentOptions: FormatOptions {
    package let byteLimit: Int
    package let hidden: HiddenParts

    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-opendocument",
        revision: 2,
        takes: [.odt, .ods, .odp],
        keys: [HiddenParts.key.spec, byteLimitKey.spec],
        summary: "OpenDocument texts, spreadsheets and presentations."
    )

    package init(_ parameters: Parameters) {
        self.hidden = HiddenParts.key.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
