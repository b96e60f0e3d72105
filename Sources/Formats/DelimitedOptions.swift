package import Dataflow
internal import Records

/// How a table of delimited values is read.
package struct DelimitedOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-csv",
        revision: 1,
        takes: [.csv, .tsv],
        keys: [byteLimitKey.spec],
        summary: "Delimited values as a table: a record is a row."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
