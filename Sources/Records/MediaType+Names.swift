extension MediaType {
    /// The media type that the extension of a file's name stands for; `.unknown` for other names,
    /// whose bytes will tell.
    ///
    /// A name such as `a.html.gz` stands for a gzipped type.
    ///
    /// - Source: the IANA media type registry; Markdown's extensions from RFC 7763 and common use.
    package init(ofName name: some BidirectionalCollection<UInt8>) {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
            self = .unknown
            return
        }
        let bytes = name[name.index(after: dot)...].prefix(extensionByteCountMax + 1)
        let lowered = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let type = mediaTypes[lowered] ?? .unknown
        self = type == .gzip ? MediaType(ofName: name[..<dot]).gzipped : type
    }

    /// The media type of the last name in `path`.
    package init(ofPath path: String) {
        self.init(ofName: path.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed())
    }

    /// This type inside gzip: `text/html+gzip`.
    ///
    /// - Source: RFC 8460, §6.3, registers the suffix; a type that is not known stays plain gzip.
    package var gzipped: MediaType {
        self == .unknown || self.insideGzip != nil ? .gzip : MediaType(self.name + gzipSuffix)
    }

    /// What a gzipped type holds; nil for other types.
    package var insideGzip: MediaType? {
        if self == .gzip { return .unknown }
        guard self.name.hasSuffix(gzipSuffix) else { return nil }
        return MediaType(String(self.name.dropLast(gzipSuffix.count)))
    }

    package static let gzip = MediaType("application/gzip")
    package static let zip = MediaType("application/zip")
    package static let epub = MediaType("application/epub+zip")
    package static let png = MediaType("image/png")
    package static let jpeg = MediaType("image/jpeg")
    package static let tiff = MediaType("image/tiff")
    package static let docx = MediaType(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    package static let xlsx = MediaType(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    package static let pptx = MediaType(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    )
    package static let odt = MediaType("application/vnd.oasis.opendocument.text")
    package static let ods = MediaType("application/vnd.oasis.opendocument.spreadsheet")
    package static let odp = MediaType("application/vnd.oasis.opendocument.presentation")
    package static let rtf = MediaType("application/rtf")
}

private let extensionByteCountMax = 10
private let gzipSuffix = "+gzip"

private let mediaTypes: [[UInt8]: MediaType] = {
    var extensions: [(MediaType, [String])] = [
        (.html, ["html", "htm", "shtml"]),
        (.xhtml, ["xhtml", "xht"]),
        (.pdf, ["pdf"]),
        (.markdown, ["md", "markdown", "mkd", "mdown", "mdwn", "mdx"]),
        (.plain, ["txt", "text", "log"]),
        (.gzip, ["gz", "gzip", "tgz"]),
        (.zip, ["zip"]),
        (.epub, ["epub"]),
        (.docx, ["docx", "docm", "dotx", "dotm"]),
        (.xlsx, ["xlsx", "xlsm", "xltx", "xltm"]),
        (.pptx, ["pptx", "pptm", "ppsx", "ppsm", "potx", "potm"]),
        (.odt, ["odt", "ott", "fodt"]),
        (.ods, ["ods", "ots", "fods"]),
        (.odp, ["odp", "otp", "fodp"]),
        (.rtf, ["rtf"]),
        (.png, ["png"]),
        (.jpeg, ["jpg", "jpeg", "jpe"]),
        (.tiff, ["tif", "tiff"]),
    ]
    extensions += textExtensions.map { ($0.type, $0.names) }
    var types: [[UInt8]: MediaType] = [:]
    for (type, names) in extensions {
        for name in names { types[Array(name.utf8)] = type }
    }
    return types
}()
