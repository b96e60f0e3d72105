package import Dataflow
internal import Records

/// How a PowerPoint presentation is read.
package struct PPTXOptions: FormatOptions {
    package let byteLimit: Int
    package let hidden: HiddenParts

    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-pptx",
        revision: 2,
        takes: [.pptx],
        keys: [HiddenParts.key.spec, byteLimitKey.spec],
        summary: "Slides in order, with their titles, lists, tables and notes."
    )

    package init(_ parameters: Parameters) {
        self.hidden = HiddenParts.key.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
