package import Dataflow
internal import Records

/// How subtitles are read.
package struct SubtitleOptions: FormatOptions {
    package let byteLimit: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)

    package static let descriptor = extractionStage(
        "extract-subtitles",
        revision: 1,
        takes: [.subRip, .webVTT],
        keys: [byteLimitKey.spec],
        summary: "What subtitles say, cited by time."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
