package import Dataflow
internal import Records

/// How a Word document is read.
package struct DOCXOptions: FormatOptions {
    package let byteLimit: Int
    package let links: LinkStyle
    package let comments: Comments

    package enum Comments: String, Sendable, CaseIterable {
        case drop
        /// Kept as notes where they stand.
        case keep
    }

    private static let commentsKey = ChoiceKey(
        "comments",
        default: Comments.drop,
        summary: "Leave reviewers' comments out and count them, or keep them."
    )
    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-docx",
        revision: 3,
        takes: [.docx],
        keys: [LinkStyle.key.spec, commentsKey.spec, byteLimitKey.spec],
        summary: "A Word document's text with headings, lists, tables and notes."
    )

    package init(_ parameters: Parameters) {
        self.comments = Self.commentsKey.value(in: parameters)
        self.links = LinkStyle.key.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
