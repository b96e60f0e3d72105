package import Dataflow
internal import Records

/// How a Word document is read.
package struct DOCXOptions: FormatOptions {
    package let byteLimit: Int
    package let links: LinkStyle

    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-docx",
        revision: 2,
        takes: [.docx],
        keys: [LinkStyle.key.spec, byteLimitKey.spec],
        summary: "A Word document's text with headings, lists, tables and notes."
    )

    package init(_ parameters: Parameters) {
        self.links = LinkStyle.key.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
