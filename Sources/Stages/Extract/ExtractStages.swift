internal import Dataflow
internal import Extraction
internal import Glibc
internal import Records
internal import Text

let extractDescriptors: [StageDescriptor] = [
    StageDescriptor(
        name: ExtractHTML.name,
        revision: ExtractHTML.revision,
        summary: "The main content of an HTML page as Markdown with blocks.",
        phase: .prepare,
        inputs: [.bytes],
        output: .document,
        mediaTypes: [.html, .xhtml],
        parameters: [
            ParameterSpec(
                "content",
                .choice(["main", "all"]),
                default: .string("main"),
                summary: "Keep the main content only, or all visible text."
            ),
            linkStyle,
            ParameterSpec(
                "boilerplate",
                .choice(["keep", "host"]),
                default: .string("keep"),
                summary: "Keep blocks that many pages of a host share, or leave them out of chunks."
            ),
            maximumBytes(64 << 20),
        ]
    ),
    StageDescriptor(
        name: ExtractPDF.name,
        revision: ExtractPDF.revision,
        summary: "The text of a PDF in reading order, with pages, headings and tables.",
        phase: .prepare,
        inputs: [.bytes],
        output: .document,
        mediaTypes: [.pdf],
        parameters: [
            ParameterSpec(
                "maximum_pages",
                .int(1...1_000_000),
                default: .int(20_000),
                summary: "Pages read of one document; a longer one is cut with a warning."
            ),
            ParameterSpec(
                passwordVariableKey,
                .string,
                default: .string(""),
                summary: "Environment variable that holds passwords to try, one a line."
            ),
            maximumBytes(256 << 20),
        ]
    ),
    StageDescriptor(
        name: ExtractEPUB.name,
        revision: ExtractEPUB.revision,
        summary: "A book's pages in reading order, as Markdown with blocks.",
        phase: .prepare,
        inputs: [.bytes],
        output: .document,
        mediaTypes: [.epub],
        parameters: [linkStyle, maximumBytes(256 << 20)]
    ),
    StageDescriptor(
        name: ExtractDOCX.name,
        revision: ExtractDOCX.revision,
        summary: "A Word document's text with headings, lists, tables and notes.",
        phase: .prepare,
        inputs: [.bytes],
        output: .document,
        mediaTypes: [.docx],
        parameters: [linkStyle, maximumBytes(256 << 20)]
    ),
    StageDescriptor(
        name: ExtractMarkdown.name,
        revision: ExtractMarkdown.revision,
        summary: "Markdown as written, with its front matter read.",
        phase: .prepare,
        inputs: [.bytes],
        output: .document,
        mediaTypes: [.markdown],
        parameters: [maximumBytes(64 << 20)]
    ),
    StageDescriptor(
        name: ExtractText.name,
        revision: ExtractText.revision,
        summary: "Plain text by paragraphs.",
        phase: .prepare,
        inputs: [.bytes],
        output: .document,
        mediaTypes: [.plain],
        parameters: [maximumBytes(256 << 20)]
    ),
]

let passwordVariableKey = "passwords_env"

private let linkStyle = ParameterSpec(
    "links",
    .choice(["text", "urls"]),
    default: .string("text"),
    summary: "Write a link as its text, or as a Markdown link with its address."
)

private func links(_ parameters: Parameters) -> HTMLOptions.Links {
    parameters.string("links", default: "text") == "urls" ? .urls : .text
}

private func maximumBytes(_ bytes: Int) -> ParameterSpec {
    ParameterSpec(
        "maximum_bytes",
        .int(1...(1 << 30)),
        default: .int(bytes),
        summary: "A larger document becomes a dead letter 'too_large'."
    )
}

/// An extraction stage seen from inside the room: content before it becomes a document.
protocol ContentExtractor: ExtractStage {
    var maximumBytes: Int { get }
    /// Whether blocks that the pages of a host share are to be left out.
    var learnsBoilerplate: Bool { get }
    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent
}

struct ExtractHTML: ContentExtractor {
    static let name = "extract-html"
    static let revision = 3
    let maximumBytes: Int
    let learnsBoilerplate: Bool
    private let options: HTMLOptions

    init(_ parameters: Parameters) {
        var options = HTMLOptions()
        options.content = parameters.string("content", default: "main") == "all" ? .all : .main
        options.links = links(parameters)
        options.byteLimit = parameters.int("maximum_bytes", default: 64 << 20)
        self.options = options
        self.maximumBytes = options.byteLimit
        self.learnsBoilerplate = parameters.string("boilerplate", default: "keep") == "host"
    }

    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractHTML(bytes, options: self.options)
    }
}

struct ExtractPDF: ContentExtractor {
    static let name = "extract-pdf"
    static let revision = 8
    let maximumBytes: Int
    private let options: PDFOptions

    init(_ parameters: Parameters) {
        var options = PDFOptions()
        options.maximumPages = parameters.int("maximum_pages", default: 20_000)
        options.passwords = passwords(parameters.string(passwordVariableKey, default: ""))
        self.options = options
        self.maximumBytes = parameters.int("maximum_bytes", default: 256 << 20)
    }

    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractPDF(bytes, options: self.options)
    }
}

/// The lines of an environment variable; the plan, its fingerprint and logs hold its name only.
private func passwords(_ variable: String) -> [String] {
    guard !variable.isEmpty, let value = getenv(variable) else { return [] }
    return String(cString: value).split(whereSeparator: \.isNewline).map { String($0) }
}

struct ExtractEPUB: ContentExtractor {
    static let name = "extract-epub"
    static let revision = 2
    let maximumBytes: Int
    private let linkStyle: HTMLOptions.Links

    init(_ parameters: Parameters) {
        self.linkStyle = links(parameters)
        self.maximumBytes = parameters.int("maximum_bytes", default: 256 << 20)
    }

    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractEPUB(bytes, links: self.linkStyle)
    }
}

struct ExtractDOCX: ContentExtractor {
    static let name = "extract-docx"
    static let revision = 2
    let maximumBytes: Int
    private let linkStyle: HTMLOptions.Links

    init(_ parameters: Parameters) {
        self.linkStyle = links(parameters)
        self.maximumBytes = parameters.int("maximum_bytes", default: 256 << 20)
    }

    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractDOCX(bytes, links: self.linkStyle)
    }
}

struct ExtractMarkdown: ContentExtractor {
    static let name = "extract-markdown"
    static let revision = 3
    let maximumBytes: Int

    init(_ parameters: Parameters) {
        self.maximumBytes = parameters.int("maximum_bytes", default: 64 << 20)
    }

    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractMarkdown(bytes)
    }
}

struct ExtractText: ContentExtractor {
    static let name = "extract-text"
    static let revision = 3
    let maximumBytes: Int

    init(_ parameters: Parameters) {
        self.maximumBytes = parameters.int("maximum_bytes", default: 256 << 20)
    }

    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractPlainText(bytes)
    }
}

extension ContentExtractor {
    var learnsBoilerplate: Bool { false }

    func extract(_ raw: RawDocument) throws(StageError) -> Document {
        let content = try self.checkedContent(raw.bytes)
        var document = Document(id: raw.id, uri: raw.uri, mediaType: raw.mediaType)
        document.title = content.title
        document.metadata = content.metadata
        document.text = content.markdown
        document.blocks = content.blocks
        document.warnings = content.warnings
        if self.learnsBoilerplate {
            document.host = hostDigest(ofURL: content.metadata["canonical"] ?? "")
        }
        return document
    }

    /// Checks the size, then extracts.
    func checkedContent(_ bytes: [UInt8]) throws(StageError) -> ExtractedContent {
        guard !bytes.isEmpty else { throw StageError(.empty, "the document has no bytes") }
        guard bytes.count <= self.maximumBytes else {
            throw StageError(
                .tooLarge,
                "\(bytes.count) bytes, limit \(self.maximumBytes); raise maximum_bytes to take it"
            )
        }
        do {
            return try self.content(bytes)
        } catch {
            throw StageError(error.code, error.message)
        }
    }
}
