package import Dataflow
internal import Records

/// How JSON is read.
package struct JSONOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)

    package static let descriptor = extractionStage(
        "extract-json",
        revision: 1,
        takes: [.json, .jsonLines, .notebook],
        keys: [byteLimitKey.spec],
        summary: "JSON by its paths, records as tables, and Jupyter notebooks by their cells."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
