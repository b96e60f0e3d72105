/// What a source says of the state of a document: equal means unchanged, and nothing else is known of it.
///
/// Only the connector that makes one knows what is inside.
package struct ItemVersion: Hashable, Sendable {
    package let digest: Digest

    package init(_ digest: Digest) { self.digest = digest }

    /// A source that cannot say: such a document is read at every run.
    package static let unknown = ItemVersion(.zero)

    package var isKnown: Bool { self.digest != .zero }
}
