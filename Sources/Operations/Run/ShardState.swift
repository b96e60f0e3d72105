internal import Foundation
internal import Manifests
internal import Records
internal import Segments

/// What the materialise phase last made of a shard; kept in the catalog.
///
/// Invariant: it is written after the shard's manifest is synced, so a revision it names is durable.
struct ShardState: Codable, Hashable {
    struct Index: Codable, Hashable {
        /// Fingerprint of the index stage and all before it, in hexadecimal.
        var fingerprint: String
        var segment: SegmentReference
    }

    /// The manifest's revision that was materialised.
    var revision: Int64
    var indexes: [String: Index]

    static func read(shard: Int, from catalog: Catalog) throws -> ShardState? {
        guard let text = try catalog.setting(self.key(shard)) else { return nil }
        return try? JSONDecoder().decode(ShardState.self, from: Data(text.utf8))
    }

    func write(shard: Int, to catalog: Catalog) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(self), as: UTF8.self)
        try catalog.setSetting(Self.key(shard), to: text)
    }

    private static func key(_ shard: Int) -> String { "shard_state.\(shard)" }
}
