internal import Dataflow
internal import Records
internal import Redact
internal import Segments
internal import Stages
internal import Storage
internal import WorkerMessages

/// Writes the canary into a segment of its own, as real documents are written, and looks through it.
///
/// The segment lies in a temporary folder of the workspace and is never named by anything.
struct CanarySegment {
    let plan: MaterialisePlan
    let layout: WorkspaceLayout
    let inflater = Inflater()

    /// - Throws: ``OperationError`` `.gateFailed` when a value is found.
    func check(_ documents: [(route: Canary.Route, document: PreparedDocument)]) throws {
        guard !documents.isEmpty else { return }
        let folder = try StagedFolder(for: self.layout.root + "/canary")
        for branch in self.plan.branches {
            guard let index = (branch.embeds.flatMap(\.indexes) + branch.lexicalIndexes).first
            else { continue }
            for (route, document) in documents {
                let segment = try self.write(
                    document,
                    route,
                    branch: branch,
                    configuration: index.configuration,
                    folder: folder.path
                )
                try self.look(
                    for: route.needles(language: document.language),
                    in: segment,
                    route
                )
            }
        }
    }

    private func write(
        _ document: PreparedDocument,
        _ route: Canary.Route,
        branch: MaterialisePlan.ChunkBranch,
        configuration: SegmentConfiguration,
        folder: String
    ) throws -> SegmentReader {
        let text = try self.inflater.inflate(
            document.compressedText,
            byteCount: document.textByteCount
        )
        var stage = ChunkText(branch.node, tokenizer: branch.tokenizer)
        let chunks = try stage.chunk(
            CleanText(
                id: document.id,
                title: document.title,
                text: text,
                blocks: document.blocks,
                withheld: document.redactions.withheldRanges
            )
        )
        var terms = ChunkTermReader()
        var writer = try SegmentWriter(
            folder: folder,
            configuration: configuration,
            memoryBudget: SegmentWriter.memoryBudgetMin
        )
        try writer.add(
            SegmentDocument(
                id: document.id,
                uri: route.request.raw.uri,
                title: document.title,
                source: route.source,
                language: document.language,
                mediaType: document.mediaType.name,
                metadata: document.metadata
            ),
            chunks: chunks.map { chunk in
                SegmentChunk(
                    chunk: chunk.chunk,
                    text: chunk.chunk.text(in: text),
                    vector: [Float](repeating: 0, count: configuration.dimensions),
                    terms: terms.terms(
                        of: chunk.chunk.text(in: text),
                        title: document.title,
                        headings: chunk.chunk.headings,
                        language: document.language
                    )
                )
            }
        )
        return try SegmentReader(path: folder + "/" + writer.finish().name)
    }

    private func look(
        for needles: [Canary.Needle],
        in segment: SegmentReader,
        _ route: Canary.Route
    ) throws {
        var parts: [[UInt8]] = []
        for row in 0..<segment.documentCount {
            let document = try segment.document(row)
            parts += ([document.title] + document.metadata.values).map { Array($0.utf8) }
        }
        for chunk in 0..<segment.chunkCount {
            parts.append(try segment.text(ofChunk: chunk))
            parts += try segment.chunk(chunk).headings.map { Array($0.utf8) }
        }
        if let needle = Canary.first(of: needles, in: parts) {
            throw Canary.failure(route, "has its \(needle.kind.rawValue) in a segment")
        }
        var reader = ChunkTermReader()
        for needle in needles {
            for term in Self.tellingTerms(reader.terms(of: needle.bytes[...])) {
                guard try segment.term(term) == nil else {
                    throw Canary.failure(route, "has a word of its \(needle.kind.rawValue) indexed")
                }
            }
        }
    }

    /// Terms long enough that a mask or a generalised form does not keep them.
    private static func tellingTerms(_ terms: SegmentTerms) -> [[UInt8]] {
        terms.counts.indices.compactMap { index in
            let term = Array(terms.bytes[Int(terms.offsets[index])..<Int(terms.offsets[index + 1])])
            let hasDigit = term.contains { (0x30...0x39).contains($0) }
            return term.count > RedactionPolicy.Action.keepLastLimit && hasDigit ? term : nil
        }
    }
}
