package import Dataflow
internal import Records

/// What a pipeline file says about reading one format: the keys of its extraction stage.
///
/// `Extraction` makes each of these an `Extractor`. Nothing here reads a document, so a program
/// without parsers can validate, plan and document pipelines.
package protocol FormatOptions: Sendable {
    static var descriptor: StageDescriptor { get }

    /// - Parameter parameters: validated against ``descriptor``.
    init(_ parameters: Parameters)

    /// The largest document that is read, in bytes.
    var byteLimit: Int { get }
    /// Whether blocks that the pages of a host share are to be left out of chunks.
    var learnsBoilerplate: Bool { get }
    /// What may be taken out of one file; nil where its files hold no documents of their own.
    var childLimits: ChildLimits? { get }
}

extension FormatOptions {
    package var learnsBoilerplate: Bool { false }
    package var childLimits: ChildLimits? { nil }
}

/// Every format, in the order of their stages: a format is added by its file here, its folder in
/// `Extraction`, and one line in this list.
package let formats: [any FormatOptions.Type] = [
    HTMLOptions.self, PDFOptions.self, EPUBOptions.self, DOCXOptions.self, MarkdownOptions.self,
    PlainTextOptions.self, DelimitedOptions.self, JSONOptions.self, XMLOptions.self,
    SubtitleOptions.self, MarkupOptions.self, SourceCodeOptions.self, XLSXOptions.self,
    PPTXOptions.self, OpenDocumentOptions.self, RTFOptions.self, ImageOptions.self,
    MailOptions.self, ArchiveOptions.self, LegacyOfficeOptions.self,
]

/// The descriptor of an extraction stage.
func extractionStage(
    _ name: String,
    revision: Int,
    takes mediaTypes: [MediaType],
    keys: [ParameterSpec],
    summary: String
) -> StageDescriptor {
    StageDescriptor(
        name: name,
        revision: revision,
        summary: summary,
        phase: .prepare,
        inputs: [.bytes],
        output: .document,
        mediaTypes: mediaTypes,
        parameters: keys
    )
}

/// The key that every format has.
func byteLimitKey(default bytes: Int) -> IntegerKey {
    IntegerKey(
        "maximum_bytes",
        1...(1 << 30),
        default: bytes,
        summary: "A larger document becomes a dead letter 'too_large'."
    )
}
