internal import Foundation
internal import Manifests
internal import Records
internal import Segments

/// What is written of one index in one shard, as the manifest keeps it.
struct WrittenIndex {
    let name: String
    /// Of the index stage and all before it.
    let fingerprint: Digest
    var segments: [LiveSegment]

    init(name: String, fingerprint: Digest, segments: [LiveSegment]) {
        self.name = name
        self.fingerprint = fingerprint
        self.segments = segments
    }

    /// Nil when a description cannot be read: then the segments are written anew.
    init?(_ record: IndexRecord) {
        let decoder = JSONDecoder()
        let segments = record.segments.map {
            try? decoder.decode(LiveSegment.self, from: Data($0.utf8))
        }
        guard segments.allSatisfy({ $0 != nil }) else { return nil }
        self.init(
            name: record.name,
            fingerprint: record.fingerprint,
            segments: segments.compactMap { $0 }
        )
    }

    func record() throws -> IndexRecord {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return IndexRecord(
            name: self.name,
            fingerprint: self.fingerprint,
            segments: try self.segments.map {
                String(decoding: try encoder.encode($0), as: UTF8.self)
            }
        )
    }
}

extension ShardManifest {
    /// What is written of every index that can be read, by name.
    func writtenIndexes() throws -> [String: WrittenIndex] {
        Dictionary(
            uniqueKeysWithValues: try self.indexes().compactMap(WrittenIndex.init)
                .map { ($0.name, $0) }
        )
    }
}
