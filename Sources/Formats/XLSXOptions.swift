package import Dataflow
internal import Records

/// How an Excel workbook is read.
package struct XLSXOptions: FormatOptions {
    package let byteLimit: Int
    package let hidden: HiddenParts

    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-xlsx",
        revision: 2,
        takes: [.xlsx],
        keys: [HiddenParts.key.spec, byteLimitKey.spec],
        summary: "A workbook's sheets as tables, cells as they are shown."
    )

    package init(_ parameters: Parameters) {
        self.hidden = HiddenParts.key.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
