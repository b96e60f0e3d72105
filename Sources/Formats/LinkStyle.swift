internal import Dataflow

/// How a link is written.
package enum LinkStyle: String, Sendable, CaseIterable {
    /// Only the text of a link.
    case text
    /// Markdown links with their targets as written.
    case urls

    static let key = ChoiceKey(
        "links",
        default: LinkStyle.text,
        summary: "Write a link as its text, or as a Markdown link with its address."
    )
}
