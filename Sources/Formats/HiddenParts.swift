internal import Dataflow

/// What becomes of the sheets or slides that a document hides.
package enum HiddenParts: String, Sendable, CaseIterable {
    /// Left out, and counted in the warnings.
    case drop
    /// Written like the others, and counted too.
    case keep

    static let key = ChoiceKey(
        "hidden",
        default: HiddenParts.drop,
        summary: "Leave hidden sheets and slides out and count them, or keep them."
    )
}
