package import Dataflow

/// How pages that are pictures are read: the keys that PDFs and images share.
package struct OCROptions: Hashable, Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        /// Pictures are not read.
        case off
        /// Pages without text, or with none that can be read, are, where Tesseract is installed.
        case auto
        /// All pages are, and a page's own text is kept where it says the same.
        case always
    }

    package var mode: Mode
    /// Names of Tesseract's language files, the main language first.
    package var languages: [String]
    /// Pixels an inch at which a page is painted that is not one picture by itself.
    package var resolution: Int
    /// Pages past this are not read by OCR.
    package var maximumPages: Int
    /// Mean confidence of a page's words, 0 to 100, under which its text is of low quality.
    package var minimumConfidence: Int

    package init(
        mode: Mode = .auto,
        languages: [String] = defaultLanguages,
        resolution: Int = 300,
        maximumPages: Int = 500,
        minimumConfidence: Int = 50
    ) {
        self.mode = mode
        self.languages = languages
        self.resolution = resolution
        self.maximumPages = maximumPages
        self.minimumConfidence = minimumConfidence
    }

    package static let defaultLanguages = ["eng"]
}

extension OCROptions {
    static let modeKey = ChoiceKey(
        "ocr",
        default: Mode.auto,
        summary: "Read pages that are pictures with Tesseract: never, where it is there, all pages."
    )
    package static let languagesKey = ParameterSpec(
        "ocr_languages",
        .stringList,
        default: .list(defaultLanguages.map { .string($0) }),
        summary: "Tesseract's names of the languages on pictures, the main one first."
    )
    private static let resolutionKey = IntegerKey(
        "ocr_resolution",
        72...600,
        default: 300,
        summary: "Pixels an inch at which pages are painted; a scan is read in its own pixels."
    )
    private static let pagesKey = IntegerKey(
        "ocr_maximum_pages",
        1...100_000,
        default: 500,
        summary: "Pages of one document that are read by OCR; the others count as 'needs_ocr'."
    )
    private static let confidenceKey = IntegerKey(
        "ocr_minimum_confidence",
        0...100,
        default: 50,
        summary: "Pages read with less confidence count as 'low_text_quality'."
    )

    /// All but the mode, which an image has no use for.
    static let readingKeys = [
        languagesKey, resolutionKey.spec, pagesKey.spec, confidenceKey.spec,
    ]
    static let keys = [modeKey.spec] + readingKeys

    package init(_ parameters: Parameters) {
        let languages = parameters.strings(Self.languagesKey.name)
        self.init(
            mode: Self.modeKey.value(in: parameters),
            languages: languages.isEmpty ? Self.defaultLanguages : languages,
            resolution: Self.resolutionKey.value(in: parameters),
            maximumPages: Self.pagesKey.value(in: parameters),
            minimumConfidence: Self.confidenceKey.value(in: parameters)
        )
    }
}
