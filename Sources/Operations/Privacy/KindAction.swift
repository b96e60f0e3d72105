/// What was found and what was done with it: what counts of redactions go by.
struct KindAction: Hashable, Comparable, Sendable {
    var kind: String
    var action: String

    static func < (left: KindAction, right: KindAction) -> Bool {
        (left.kind, left.action) < (right.kind, right.action)
    }
}
