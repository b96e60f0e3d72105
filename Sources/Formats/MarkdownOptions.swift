package import Dataflow
internal import Records

/// How Markdown is read.
package struct MarkdownOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)

    package static let descriptor = extractionStage(
        "extract-markdown",
        revision: 3,
        takes: [.markdown],
        keys: [byteLimitKey.spec],
        summary: "Markdown as written, with its front matter read."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
