package import Dataflow
internal import Glibc
internal import Records

/// What reading a PDF may cost, and how to open it.
package struct PDFOptions: FormatOptions {
    /// Largest file read.
    package var byteLimit = 256 << 20
    /// Pages past this are left out and counted as `truncated`.
    package var maximumPages: Int
    /// Text past this ends the document; counted as `truncated`.
    package var maximumTextBytes: Int
    /// Content stream operators one page may run.
    package var maximumPageOperators: Int
    /// Glyphs one page may show.
    package var maximumPageGlyphs: Int
    /// Form objects one page may draw: nested forms grow exponentially.
    package var maximumPageForms: Int
    /// Decoded content stream bytes of one page and its forms.
    package var maximumPageContentBytes: Int
    /// Tried in turn, as owner and as user password, when the file does not open without.
    package var passwords: [String]
    /// What becomes of headers, footers and page numbers.
    package var headers: Headers
    package var ocr: OCROptions

    package enum Headers: String, Sendable, CaseIterable {
        /// All are left out.
        case drop
        /// The first copy of each is a block of its own.
        case first
        /// All stay, as text.
        case keep
    }

    package init(
        maximumPages: Int = 20_000,
        maximumTextBytes: Int = 256 << 20,
        maximumPageOperators: Int = 5_000_000,
        maximumPageGlyphs: Int = 1_000_000,
        maximumPageForms: Int = 10_000,
        maximumPageContentBytes: Int = 64 << 20,
        passwords: [String] = [],
        headers: Headers = .first,
        ocr: OCROptions = OCROptions()
    ) {
        self.maximumPages = maximumPages
        self.maximumTextBytes = maximumTextBytes
        self.maximumPageOperators = maximumPageOperators
        self.maximumPageGlyphs = maximumPageGlyphs
        self.maximumPageForms = maximumPageForms
        self.maximumPageContentBytes = maximumPageContentBytes
        self.passwords = passwords
        self.headers = headers
        self.ocr = ocr
    }
}

extension PDFOptions {
    /// Names the environment variable, so that the plan, its fingerprint and logs hold no password.
    package static let passwordsKey = TextKey(
        "passwords_env",
        summary: "Environment variable that holds passwords to try, one a line."
    )
    private static let headersKey = ChoiceKey(
        "headers",
        default: Headers.first,
        summary: "Headers and footers: out, one copy outside of chunks, or all as text."
    )
    private static let pagesKey = IntegerKey(
        "maximum_pages",
        1...1_000_000,
        default: 20_000,
        summary: "Pages read of one document; a longer one is cut with a warning."
    )
    private static let byteLimitKey = Formats.byteLimitKey(default: 256 << 20)

    package static let descriptor = extractionStage(
        "extract-pdf",
        revision: 14,
        takes: [.pdf],
        keys: [headersKey.spec, pagesKey.spec, passwordsKey.spec] + OCROptions.keys
            + [byteLimitKey.spec],
        summary: "The text of a PDF in reading order, with pages, headings and tables."
    )

    package init(_ parameters: Parameters) {
        self.init(
            maximumPages: Self.pagesKey.value(in: parameters),
            passwords: lines(ofVariable: Self.passwordsKey.value(in: parameters)),
            headers: Self.headersKey.value(in: parameters),
            ocr: OCROptions(parameters)
        )
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }
}

private func lines(ofVariable name: String) -> [String] {
    guard !name.isEmpty, let value = getenv(name) else { return [] }
    return String(cString: value).split(whereSeparator: \.isNewline).map { String($0) }
}
