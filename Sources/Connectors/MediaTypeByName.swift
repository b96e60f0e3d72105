package import Records

/// The media type that the extension of a file's name stands for; `.unknown` for other names.
///
/// - Source: the IANA media type registry; Markdown's extensions from RFC 7763 and common use.
package func mediaType(ofName name: some BidirectionalCollection<UInt8>) -> MediaType {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
        return .unknown
    }
    let bytes = name[name.index(after: dot)...]
    guard bytes.count <= extensionByteCountMax else { return .unknown }
    let lowered = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return mediaTypes[lowered] ?? .unknown
}

private let extensionByteCountMax = 8

private let mediaTypes: [[UInt8]: MediaType] = {
    let extensions: [(MediaType, [String])] = [
        (.html, ["html", "htm", "shtml"]),
        (.xhtml, ["xhtml", "xht"]),
        (.pdf, ["pdf"]),
        (.markdown, ["md", "markdown", "mdown", "mkd"]),
        (.plain, ["txt", "text"]),
    ]
    var types: [[UInt8]: MediaType] = [:]
    for (type, names) in extensions {
        for name in names { types[Array(name.utf8)] = type }
    }
    return types
}()
