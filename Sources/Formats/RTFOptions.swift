package import Dataflow
internal import Records

/// How Rich Text Format is read.
package struct RTFOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-rtf",
        revision: 2,
        takes: [.rtf],
        keys: [byteLimitKey.spec],
        summary: "Rich Text Format, with its headings, lists and tables."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
