package import Dataflow
internal import Records

/// How an image is read: as a page, or several of a TIFF, by OCR.
package struct ImageOptions: FormatOptions {
    package let byteLimit: Int
    package let ocr: OCROptions

    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)

    package static let descriptor = extractionStage(
        "extract-image",
        revision: 2,
        takes: [.png, .jpeg, .tiff],
        keys: OCROptions.readingKeys + [byteLimitKey.spec],
        summary: "The text on an image (PNG, JPEG, TIFF) as Tesseract reads it."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
        self.ocr = OCROptions(parameters)
    }
}
