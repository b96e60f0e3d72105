package import Dataflow
internal import Records

/// How a Word document is read.
package struct DOCXOptions: FormatOptions {
    package let byteLimit: Int
    package let links: LinkStyle
    package let comments: Comments
    package let contents: Contents

    /// What becomes of the remarks beside the text.
    package enum Comments: String, Sendable, CaseIterable {
        /// Left out, and counted in the warnings.
        case drop
        /// Written as notes behind the section they stand in.
        case keep
    }

    /// What becomes of tables of contents, of figures and of authorities.
    package enum Contents: String, Sendable, CaseIterable {
        /// Left out, since they repeat headings, and counted in the warnings.
        case drop
        /// Written as the paragraphs they are.
        case keep
    }

    private static let contentsKey = ChoiceKey(
        "contents",
        default: Contents.drop,
        summary: "Leave tables of contents out and count them, or keep their lines."
    )
    private static let commentsKey = ChoiceKey(
        "comments",
        default: Comments.drop,
        summary: "Leave comments out and count them, or write them as notes."
    )
    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-docx",
        revision: 3,
        takes: [.docx],
        keys: [LinkStyle.key.spec, commentsKey.spec, contentsKey.spec, byteLimitKey.spec],
        summary: "A Word document's text with headings, lists, tables and notes."
    )

    package init(_ parameters: Parameters) {
        self.links = LinkStyle.key.value(in: parameters)
        self.comments = Self.commentsKey.value(in: parameters)
        self.contents = Self.contentsKey.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}
