internal import Bytes
internal import Records

/// Fills title and metadata from the information dictionary and the first large heading.
///
/// - Parameter vocabulary: the document's words: of a title that says none of them, one word or the
///   name of a program was left by that program, and the first heading is better.
func addMetadata(
    _ source: PDFSource,
    _ blocks: [PDFBlock],
    _ vocabulary: PDFVocabulary,
    to content: inout ExtractedContent
) {
    let information = source.information
    let title = trimmed(information.title)
    let heading = headingTitle(blocks)
    let isTitle =
        isSensibleTitle(title)
        && (heading.isEmpty || !isLeftOver(title, vocabulary, programs: information.programs))
    content.title = isTitle ? title : heading
    let author = trimmed(information.author)
    if !author.isEmpty, !isPlaceholder(author) { content.metadata["author"] = author }
    let subject = trimmed(information.subject)
    if !subject.isEmpty, !isPlaceholder(subject) { content.metadata["description"] = subject }
    if let created = pdfDate(information.created) { content.metadata["published"] = created }
    if let modified = pdfDate(information.modified) { content.metadata["modified"] = modified }
}

/// Without controls, with single blanks.
private func trimmed(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        if scalar.value <= 0x20 || (0x7F...0x9F).contains(scalar.value) {
            if !result.isEmpty, result.last != " " { result += " " }
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    if result.last == " " { result.removeLast() }
    return result
}

/// Whether a title of which the text says no word is one word, or names the program.
private func isLeftOver(
    _ title: String,
    _ vocabulary: PDFVocabulary,
    programs: String
) -> Bool {
    let words = Array(title.utf8).split { !isWordByte($0) }.filter { $0.count >= 3 }
    if words.contains(where: { vocabulary.holds($0) }) { return false }
    let lower = programs.lowercased()
    let names = words.map { String(decoding: $0, as: UTF8.self).lowercased() }
    return words.count <= 1 || names.contains { programWords.contains($0) || lower.contains($0) }
}

/// What templates and print dialogs call a document.
private let programWords: Set<String> = [
    "template", "untitled", "document", "microsoft", "powerpoint", "presentation", "layout",
    "print",
    "vorlage", "dokument", "präsentation", "modèle", "présentation", "plantilla", "presentación",
]

/// Whether a field says that nobody filled it: `(anonymous)`, `untitled`, `Sans titre 2`.
private func isPlaceholder(_ text: String) -> Bool {
    let lower = text.lowercased()
    let isFramed = "([{<".contains(text.first ?? " ")
    let bare = isFramed ? lower.dropFirst().prefix { !")]}>".contains($0) } : lower[...]
    let isCounted = bare.last?.isNumber == true
    let name = isCounted ? bare.prefix { !$0.isNumber }.drop { $0 == " " } : bare
    let trimmed = String(name.reversed().drop { " -_".contains($0) }.reversed())
    return placeholders.contains(String(bare)) || placeholders.contains(trimmed)
}

private let placeholders: Set<String> = [
    "anonymous", "blank", "blank page", "document", "document title", "new document",
    "new microsoft word document", "no subject", "no title", "none", "null", "print", "template",
    "title", "undefined", "unknown", "unnamed", "unspecified", "untitled", "untitled document",
    "word document",
    "ohne titel", "unbenannt", "neues dokument", "dokument", "sans titre", "sans nom", "sin título",
    "sin nombre", "senza titolo", "senza nome", "sem título", "zonder titel", "naamloos",
    "bez tytułu", "без названия", "без имени", "無題", "无标题", "제목 없음",
]

/// Word processors leave file names, placeholders and their own name in the title.
func isSensibleTitle(_ title: String) -> Bool {
    let lower = title.lowercased()
    guard title.utf8.count >= 3, title.unicodeScalars.contains(where: \.properties.isAlphabetic)
    else { return false }
    if isPlaceholder(title) { return false }
    if lower.contains("://") || lower.hasPrefix("www.") || lower.hasPrefix("about:") {
        return false
    }
    if lower.hasPrefix("untitled") || lower.hasPrefix("document1") { return false }
    if lower.hasPrefix("microsoft word") || lower.hasPrefix("microsoft powerpoint") { return false }
    if lower.hasPrefix("slide 1") || lower.hasPrefix("powerpoint presentation") { return false }
    let extensions = [
        ".doc", ".docx", ".pdf", ".dvi", ".tex", ".indd", ".qxd", ".ppt", ".pptx", ".rtf", ".odt",
        ".xls", ".xlsx", ".fm", ".pmd", ".ps", ".eps", ".htm", ".html", ".txt", ".md", ".cdr",
    ]
    if extensions.contains(where: { lower.hasSuffix($0) }) { return false }
    if lower.contains("\\") || lower.hasPrefix("/") || lower.hasPrefix("file:") { return false }
    // One word of letters, digits and underscores is a file name without its extension.
    let isOneWord = !title.contains(" ")
    return !(isOneWord && title.contains("_"))
}

/// The first heading of the highest level on the first pages.
private func headingTitle(_ blocks: [PDFBlock]) -> String {
    var best: (level: UInt8, text: [UInt8])?
    for block in blocks.prefix(40) where block.page <= 2 {
        guard case .heading(let level, let text) = block.content else { continue }
        if best.map({ level < $0.level }) ?? true { best = (level, text) }
    }
    guard let best else { return "" }
    return trimmed(String(decoding: best.text.prefix(400), as: UTF8.self))
}

/// `D:YYYYMMDDHHmmSSOHH'mm'` as ISO 8601, as precise as it is given.
///
/// - Source: ISO 32000-1, 7.9.4.
func pdfDate(_ text: String) -> String? {
    var bytes = Array(text.utf8)[...]
    if bytes.starts(with: [0x44, 0x3A]) { bytes = bytes.dropFirst(2) }
    let digits = Array(bytes.prefix(while: \.isASCIIDigit))
    guard digits.count >= 4 else { return nil }
    let number = { (range: Range<Int>) -> Int? in
        guard range.upperBound <= digits.count else { return nil }
        return digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    guard let year = number(0..<4), (1_900...2_999).contains(year) else { return nil }
    guard let month = number(4..<6), let day = number(6..<8) else { return "\(year)" }
    guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    var result = "\(year)-\(twoDigits(month))-\(twoDigits(day))"
    guard let hour = number(8..<10), let minute = number(10..<12), hour < 24, minute < 60 else {
        return result
    }
    let second = min(number(12..<14) ?? 0, 59)
    result += "T\(twoDigits(hour)):\(twoDigits(minute)):\(twoDigits(second))"
    return result + zone(bytes.dropFirst(digits.count))
}

private func zone(_ bytes: ArraySlice<UInt8>) -> String {
    guard let sign = bytes.first else { return "" }
    if sign == 0x5A { return "Z" }
    guard sign == 0x2B || sign == 0x2D else { return "" }
    let digits = bytes.dropFirst().filter(\.isASCIIDigit)
    guard digits.count >= 2 else { return "" }
    let hours = Int(digits[0] - 0x30) * 10 + Int(digits[1] - 0x30)
    let minutes = digits.count >= 4 ? Int(digits[2] - 0x30) * 10 + Int(digits[3] - 0x30) : 0
    guard hours <= 14, minutes < 60 else { return "" }
    if hours == 0, minutes == 0 { return "Z" }
    return "\(sign == 0x2B ? "+" : "-")\(twoDigits(hours)):\(twoDigits(minutes))"
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
