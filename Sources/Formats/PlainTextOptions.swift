package import Dataflow
internal import Records

/// How plain text is read.
package struct PlainTextOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-text",
        revision: 3,
        takes: [.plain],
        keys: [byteLimitKey.spec],
        summary: "Plain text by paragraphs."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
