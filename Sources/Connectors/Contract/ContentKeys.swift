internal import Dataflow
internal import Records

/// The keys of sources of rows and records that say where a document's content and title are.
struct ContentKeys {
    /// A column's name or a path in a record.
    let place: String
    /// Nil lets the name of the document tell.
    let mediaType: MediaType?
    let title: String?

    static let all = [
        ParameterSpec("text", .string, isOptional: true, summary: "Where plain text is."),
        ParameterSpec(
            "html",
            .string,
            isOptional: true,
            summary: "Where HTML is, instead of text."
        ),
        ParameterSpec(
            "bytes",
            .string,
            isOptional: true,
            summary:
                "Where a document of any type is, instead of text: its name or its bytes tell which, "
                + "unless media_type does."
        ),
        ParameterSpec(
            "media_type",
            .string,
            isOptional: true,
            summary: "The media type of all of them, such as text/markdown."
        ),
        ParameterSpec("title", .string, isOptional: true, summary: "Where the title is."),
    ]

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let values = settings.values
        let types: [(key: String, type: MediaType?)] = [
            ("text", .plain), ("html", .html), ("bytes", nil),
        ]
        let given = types.filter { values.text($0.key) != nil }
        guard let one = given.first, given.count == 1, let place = values.text(one.key) else {
            throw settings.failure(
                given.first?.key ?? "text",
                "name where the content is with one of 'text', 'html' and 'bytes'"
            )
        }
        self.place = place
        let declared = values.text("media_type")
        guard declared?.contains("/") ?? true else {
            throw settings.failure(
                "media_type",
                "'\(declared ?? "")' is no media type such as text/html"
            )
        }
        self.mediaType = declared.map { MediaType($0) } ?? one.type
        self.title = values.text("title")
    }
}
