package import Dataflow
internal import Formats
internal import Hashing
internal import Records
internal import Storage

/// Whether a stage reads pictures by OCR where it can.
package func readsPictures(_ node: PlanNode) -> Bool {
    let takesPictures = node.mediaTypes.contains { name in
        [.pdf, .png, .jpeg, .tiff].contains(MediaType(name))
    }
    return takesPictures && OCROptions(node.parameters).mode != .off
}

/// What decides a stage's answers beside its configuration, for its fingerprint: the languages that OCR
/// reads with, or that it cannot.
package func pictureResource(_ node: PlanNode) -> String? {
    guard readsPictures(node) else { return nil }
    let languages = OCROptions(node.parameters).languages
    let data = TesseractData(for: languages)
    guard data.missing(of: languages).isEmpty else { return "no OCR" }
    let hashes = languages.compactMap { language in
        data.path(of: language).flatMap { try? readFile($0, maximumBytes: languageByteCountMax) }
            .map { sha256($0).hex }
    }
    return "OCR " + hashes.joined(separator: " ")
}

/// The largest language file has 60 MB.
private let languageByteCountMax = 1 << 28

/// The languages of OCR, where the pipeline says that it counts on them: by a list of its own, or by
/// reading all pages.
func pictureResources(of node: PlanNode) -> [StageResource] {
    guard readsPictures(node) else { return [] }
    let options = OCROptions(node.parameters)
    guard options.mode == .always || options.languages != OCROptions.defaultLanguages else {
        return []
    }
    let data = TesseractData(for: options.languages)
    return options.languages.map { language in
        StageResource(
            stage: node.id,
            name: "language '\(language)' of Tesseract",
            path: data.path(of: language) ?? "\(language).traineddata",
            isThere: data.missing(of: [language]).isEmpty,
            isOptional: options.mode == .auto,
            consequence: "pages that are pictures are not read",
            remedy: "on Debian 'apt-get install tesseract-ocr-\(debianName(language))' brings it"
        )
    }
}

/// Debian writes `chi-sim` for `chi_sim`.
private func debianName(_ language: String) -> String {
    String(language.map { $0 == "_" ? "-" : $0 })
}
