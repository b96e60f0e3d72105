package import Dataflow
package import Extraction
package import Records

/// Extraction by content type, for the filter: Markdown and plain text with blocks over both.
package struct ContentRouter: Sendable {
    private let extractors: [(mediaTypes: Set<String>, extractor: ExtractDocument)]
    private let byteLimit: Int

    /// - Parameter nodes: extraction nodes; of two that take a media type the first wins.
    package init(nodes: [PlanNode]) throws {
        self.extractors = try nodes.map { node in
            (Set(node.mediaTypes), try ExtractDocument(node))
        }
        self.byteLimit = self.extractors.map(\.extractor.byteLimit).max() ?? 0
    }

    /// The content of a document of the type its bytes show, or else the declared one; a compressed
    /// document is taken out of its compression first.
    ///
    /// - Parameters:
    ///   - place: nil for a document that was taken out of no other.
    ///   - take: called with each document in it.
    package func content(
        of bytes: [UInt8],
        declared: MediaType,
        at place: ContainerPlace? = nil,
        take: TakeChild = { _, _ in true }
    ) throws(StageError) -> ExtractedContent {
        let found = try identify(bytes, declared: declared, byteLimit: self.byteLimit)
        let match = extractionType(of: found.type) { type in
            self.extractors.first { $0.mediaTypes.contains(type.name) }
        }
        guard let match else { throw notTaken(found) }
        var content = try match.stage.extractor.content(
            found.bytes,
            of: match.type,
            at: place,
            take: take
        )
        if found.disagrees { content.warn("media_type_disagrees") }
        if match.type != found.type { content.warn("read_as_plain_text") }
        return content
    }
}

/// The stage for a type, and the type that it is to read the document as: text that has structure of
/// its own is plain text where nothing takes it for more.
func extractionType<Stage>(
    of type: MediaType,
    stage: (MediaType) -> Stage?
) -> (type: MediaType, stage: Stage)? {
    let types = type.isStructuredText || isOtherText(type) ? [type, .plain] : [type]
    for type in types {
        if let stage = stage(type) { return (type, stage) }
    }
    return nil
}

/// Text that no stage reads as more: calendars, cards, reports of delivery.
private func isOtherText(_ type: MediaType) -> Bool {
    let isText = type.name.hasPrefix("text/") || type.name == "message/delivery-status"
    return isText && ![.html, .xhtml, .markdown, .plain].contains(type)
}

/// Says what a document is that no extraction stage takes.
func notTaken(_ found: IdentifiedContent, from source: String? = nil) -> StageError {
    guard !isEncryptedOffice(found.bytes) else {
        return StageError(.encrypted, "the Office document needs a password; save it without one")
    }
    let place =
        source.map { " of the pipeline takes this from source '\($0)': " } ?? " takes this: "
    let type =
        found.type == .unknown ? SharedMIMEInfo.type(of: found.bytes) ?? .unknown : found.type
    return StageError(
        .unsupportedType,
        "no extraction stage\(place)\(described(type)); \(advice(on: type))"
    )
}

/// What people call a type, with the type behind it.
private func described(_ type: MediaType) -> String {
    let name = type.kind ?? SharedMIMEInfo.name(of: type)
    return name.map { "\($0) (\(type.name))" } ?? type.name
}

/// What to do with a document that nothing reads.
private func advice(on type: MediaType) -> String {
    type.isLegacyOffice
        ? "add the stage extract-legacy-office with 'converter: soffice', or save it in the format of "
            + "Office 2007 or later"
        : "add a stage that reads it, convert it, or exclude it"
}

/// A document outside of any compression, with the type its bytes show.
///
/// - Parameter byteLimit: the most bytes a compressed document may stand for: what the largest stage
///   takes.
func identify(
    _ bytes: [UInt8],
    declared: MediaType,
    byteLimit: Int
) throws(StageError) -> IdentifiedContent {
    guard !bytes.isEmpty else { throw StageError(.empty, "the document has no bytes") }
    do {
        return try identifyContent(bytes, declared: declared, byteLimit: byteLimit)
    } catch {
        throw StageError(error.code, error.message)
    }
}
