internal import Dataflow

/// How many documents one file may hold, and how large they may be together.
///
/// The limits of the outermost file are those of everything in it: an archive in an archive has none of
/// its own.
package struct ChildLimits: Hashable, Sendable {
    /// Containers in containers that are opened; what lies deeper is refused.
    package var depth: Int
    /// Documents at all depths together.
    package var count: Int
    /// Bytes of all of them together.
    package var byteCount: Int

    package init(depth: Int = 8, count: Int = 10_000, byteCount: Int = 512 << 20) {
        self.depth = depth
        self.count = count
        self.byteCount = byteCount
    }

    private static let depthKey = IntegerKey(
        "maximum_depth",
        0...32,
        default: 8,
        summary: "Containers in containers that are opened; 0 takes no document out of any."
    )
    private static let countKey = IntegerKey(
        "maximum_children",
        0...100_000,
        default: 10_000,
        summary: "Documents taken out of one file, at all depths together."
    )
    private static let byteCountKey = IntegerKey(
        "maximum_total_bytes",
        1...(1 << 32),
        default: 512 << 20,
        summary: "Bytes of all documents taken out of one file."
    )

    static let keys = [depthKey.spec, countKey.spec, byteCountKey.spec]

    init(_ parameters: Parameters) {
        self.init(
            depth: Self.depthKey.value(in: parameters),
            count: Self.countKey.value(in: parameters),
            byteCount: Self.byteCountKey.value(in: parameters)
        )
    }
}
