package import Dataflow
internal import Records

/// How archives are read.
package struct ArchiveOptions: FormatOptions {
    package let byteLimit: Int
    package let childLimits: ChildLimits?

    private static let byteLimitKey = Formats.byteLimitKey(default: 512 << 20)

    package static let descriptor = extractionStage(
        "extract-archive",
        revision: 2,
        takes: [.zip, .tar, .sevenZip],
        keys: [byteLimitKey.spec] + ChildLimits.keys,
        summary: "The names of an archive's members; the members as documents."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
        self.childLimits = ChildLimits(parameters)
    }
}
