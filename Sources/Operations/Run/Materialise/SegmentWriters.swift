internal import Dataflow
internal import Segments

/// One writer an index; each is given every document its chunk stage cut.
struct SegmentWriters {
    private var writers: [String: SegmentWriterBox] = [:]

    init(
        _ indexes: [MaterialisePlan.IndexBranch],
        folder: String,
        postingsBytes: Int
    ) throws {
        for index in indexes {
            self.writers[index.node.id] = SegmentWriterBox(
                try SegmentWriter(
                    folder: folder,
                    configuration: index.configuration,
                    memoryBudget: postingsBytes
                )
            )
        }
    }

    mutating func add(
        _ document: SegmentDocument,
        chunks: [SegmentChunk],
        to index: String
    ) throws {
        try self.writers[index]?.add(document, chunks: chunks)
    }

    /// Finishes every segment; the references carry the shard.
    mutating func finish(shard: Int) throws -> [String: SegmentReference] {
        var references: [String: SegmentReference] = [:]
        for (index, writer) in self.writers.sorted(by: { $0.key < $1.key }) {
            var reference = try writer.finish()
            reference.shard = shard
            references[index] = reference
        }
        return references
    }
}

/// Holds a writer until it is finished: a dictionary cannot hold what must be consumed once.
private final class SegmentWriterBox {
    private var writer: SegmentWriter?

    init(_ writer: consuming SegmentWriter) { self.writer = consume writer }

    func add(_ document: SegmentDocument, chunks: [SegmentChunk]) throws {
        try self.writer?.add(document, chunks: chunks)
    }

    func finish() throws -> SegmentReference {
        guard let writer = self.writer.take() else {
            throw OperationError(.fatal, "a segment is finished once")
        }
        return try writer.finish()
    }
}
