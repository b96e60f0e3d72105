package import Dataflow
internal import Records

/// How XML is read.
package struct XMLOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)

    package static let descriptor = extractionStage(
        "extract-xml",
        revision: 2,
        takes: [.xml],
        keys: [byteLimitKey.spec],
        summary: "XML of any vocabulary: its prose, or its values by name."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
