package import Dataflow
internal import Records

/// How text in a markup other than Markdown is read.
package struct MarkupOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)

    package static let descriptor = extractionStage(
        "extract-markup",
        revision: 2,
        takes: [.restructuredText, .asciiDoc, .org, .latex],
        keys: [byteLimitKey.spec],
        summary: "reStructuredText, AsciiDoc, Org and LaTeX, without their marks."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
