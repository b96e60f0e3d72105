package import Dataflow
package import Extraction
package import Records

/// Extraction by content type, for the filter: Markdown and plain text with blocks over both.
package struct ContentRouter: Sendable {
    private let extractors: [(mediaTypes: Set<String>, extractor: any ContentExtractor)]

    /// - Parameter nodes: extraction nodes; of two that take a media type the first wins.
    package init(nodes: [PlanNode]) throws {
        self.extractors = try nodes.map { node in
            (Set(node.mediaTypes), try makeContentExtractor(node))
        }
    }

    /// The content of a document of the type its bytes show, or else the declared one.
    package func content(
        of bytes: [UInt8],
        declared: MediaType
    ) throws(StageError) -> ExtractedContent {
        guard !bytes.isEmpty else { throw StageError(.empty, "the document has no bytes") }
        let (type, disagrees) = sniffMediaType(bytes, declared: declared)
        guard let match = self.extractors.first(where: { $0.mediaTypes.contains(type.name) })
        else { throw StageError(.unsupportedType, "no extraction stage takes \(type.name)") }
        var content = try match.extractor.checkedContent(bytes)
        if disagrees { content.warn("media_type_disagrees") }
        return content
    }
}
