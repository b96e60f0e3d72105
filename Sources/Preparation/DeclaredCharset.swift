internal import Extraction
internal import Records

/// Text in UTF-8 for bytes of a charset that came with them, such as a header's; nil where none did, and
/// for types that say it themselves or have no charset.
///
/// Every reader then finds valid UTF-8, which it believes before what a page says of itself.
func textOfDeclaredCharset(_ bytes: [UInt8], _ charset: String, _ type: MediaType) -> DecodedText? {
    guard !charset.isEmpty else { return nil }
    let isPage = type == .html || type == .xhtml
    guard isPage || (type.name.hasPrefix("text/") && type.name != "text/xml") else { return nil }
    let text = isPage ? decodeHTML(bytes, declared: charset) : decodeText(bytes, declared: charset)
    return text.charset == "utf-8" || text.isGuessed ? nil : text
}
