package import Dataflow
internal import Records

/// How source code is read.
package struct SourceCodeOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)

    package static let descriptor = extractionStage(
        "extract-code",
        revision: 1,
        takes: MediaType.sourceCode,
        keys: [byteLimitKey.spec],
        summary: "Source code: its head comment as prose, then block by block."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
