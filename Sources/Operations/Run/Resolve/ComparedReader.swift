internal import Manifests
internal import Records
internal import Storage
internal import Text

/// Reads from the shards what documents are compared by, on one thread.
final class ComparedReader {
    private let isAcrossLabels: Bool
    private let shard: (DocumentID) throws -> ShardManifest
    private let inflater = Inflater()
    private var comparedText = ComparedText()
    private var builder = SignatureBuilder()

    /// - Parameter shard: that of a document.
    init(isAcrossLabels: Bool, shard: @escaping (DocumentID) throws -> ShardManifest) {
        self.isAcrossLabels = isAcrossLabels
        self.shard = shard
    }

    /// Empty where no document has what the group's have in common any more.
    func shingles(of group: GroupMembers) throws -> [UInt32] {
        for id in group.ids {
            // A document that changed has others, and is taken up later.
            let stored = try self.shard(id).comparedText(of: id) { exact, labels, metadata in
                AccessSeparation(
                    labels: labels,
                    metadata: metadata,
                    isAcross: self.isAcrossLabels
                )
                .exact(exact) == group.exact
            }
            guard let stored else { continue }
            return try self.read(stored).withUnsafeBufferPointer {
                self.builder.shingles(of: $0)
            }
        }
        return []
    }

    /// Empty where the document is gone.
    func text(of id: DocumentID) throws -> [UInt8] {
        guard let stored = try self.shard(id).compressedText(of: id) else {
            return []
        }
        return try self.read(stored)
    }

    private func read(_ stored: CompressedText) throws -> [UInt8] {
        let text = try self.inflater.inflate(stored.bytes, byteCount: stored.textByteCount)
        return self.comparedText.join(title: stored.title, text)
    }
}
