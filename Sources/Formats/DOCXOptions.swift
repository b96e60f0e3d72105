package import Dataflow
internal import Records

/// How a Word document is read.
package struct DOCXOptions: FormatOptions {
    /// Largest file read.
    package var byteLimit = Self.defaultByteLimit
    package var links: LinkStyle
    package var comments: Comments
    package var contents: Contents

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
        /// Blocks of their own, which no chunk holds.
        case aside
        /// Written as the paragraphs they are.
        case keep
    }

    package init(
        links: LinkStyle = .text,
        comments: Comments = .drop,
        contents: Contents = .aside
    ) {
        self.links = links
        self.comments = comments
        self.contents = contents
    }

    private static let contentsKey = ChoiceKey(
        "contents",
        default: Contents.aside,
        summary: "Tables of contents: out and counted, outside of chunks, or as text."
    )
    private static let commentsKey = ChoiceKey(
        "comments",
        default: Comments.drop,
        summary: "Leave comments out and count them, or write them as notes."
    )
    private static let defaultByteLimit = 256 << 20
    private static let byteLimitKey = Formats.byteLimitKey(default: defaultByteLimit)

    package static let descriptor = extractionStage(
        "extract-docx",
        revision: 7,
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
