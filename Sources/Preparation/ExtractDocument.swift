internal import Dataflow
internal import Extraction
internal import Formats
internal import Records
internal import Stages
internal import Text

/// An extraction stage: one format's documents become text with blocks.
struct ExtractDocument: ExtractStage {
    private let extractor: any Extractor

    /// - Throws: ``StageConstructionError`` for a node of another phase.
    init(_ node: PlanNode) throws {
        let format = formats.first { $0.descriptor.name == node.uses }
        let made: (any FormatOptions)? =
            format == LegacyOfficeOptions.self
            ? LegacyOfficeReader(node.parameters) : format?.init(node.parameters)
        guard let extractor = made as? any Extractor else {
            throw StageConstructionError.unknown(node)
        }
        extractor.load()
        self.extractor = extractor
    }

    var byteLimit: Int { self.extractor.byteLimit }

    func extract(_ raw: RawDocument) throws(StageError) -> Document {
        try self.extract(raw, at: nil) { _, _ in true }
    }

    /// - Parameters:
    ///   - place: nil for a document that was taken out of no other.
    ///   - take: called with each document in it.
    func extract(
        _ raw: RawDocument,
        at place: ContainerPlace?,
        take: TakeChild
    ) throws(StageError) -> Document {
        let content = try self.content(raw.bytes, of: raw.mediaType, at: place, take: take)
        var document = Document(id: raw.id, uri: raw.uri, mediaType: raw.mediaType)
        document.title = content.title
        document.metadata = content.metadata
        document.text = content.markdown
        document.blocks = content.blocks
        document.warnings = content.warnings
        if self.extractor.learnsBoilerplate {
            document.host = hostDigest(ofURL: content.metadata["canonical"] ?? "")
        }
        return document
    }

    /// Checks the size, then extracts.
    func content(
        _ bytes: [UInt8],
        of type: MediaType,
        at place: ContainerPlace?,
        take: TakeChild
    ) throws(StageError) -> ExtractedContent {
        guard !bytes.isEmpty else { throw StageError(.empty, "the document has no bytes") }
        guard bytes.count <= self.byteLimit else {
            throw StageError(
                .tooLarge,
                "\(bytes.count) bytes, limit \(self.byteLimit); raise maximum_bytes to take it"
            )
        }
        let inside = try ContainerPlace(
            inside: place,
            limits: self.extractor.childLimits,
            byteCount: bytes.count
        )
        do {
            guard let container = self.extractor as? any Container, let inside else {
                return try self.extractor.content(bytes, of: type)
            }
            return try container.content(bytes, budget: inside.budget) { take($0, inside) }
        } catch {
            throw StageError(error.code, error.message)
        }
    }
}
