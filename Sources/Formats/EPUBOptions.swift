package import Dataflow
internal import Records

/// How a book is read.
package struct EPUBOptions: FormatOptions {
    package let byteLimit: Int
    package let links: LinkStyle

    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-epub",
        revision: 5,
        takes: [.epub],
        keys: [LinkStyle.key.spec, byteLimitKey.spec],
        summary: "A book's pages in reading order, as Markdown with blocks."
    )

    package init(_ parameters: Parameters) {
        self.links = LinkStyle.key.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
