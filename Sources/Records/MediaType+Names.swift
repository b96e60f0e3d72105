extension MediaType {
    /// The media type that the extension of a file's name stands for; `.unknown` for other names,
    /// whose bytes will tell.
    ///
    /// A name such as `a.html.gz` stands for a gzipped type.
    ///
    /// - Source: the IANA media type registry; Markdown's extensions from RFC 7763 and common use.
    package init(ofName name: some BidirectionalCollection<UInt8>) {
        let type = name.withContiguousStorageIfAvailable { MediaType.named($0) }
        self = type ?? Array(name).withUnsafeBufferPointer { MediaType.named($0) }
    }

    /// Every listed file comes here: no memory is taken for a name of a common kind.
    private static func named(_ name: UnsafeBufferPointer<UInt8>) -> MediaType {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex,
            let key = extensionKey(name[(dot + 1)...]), let named = namedTypes[key]
        else { return .unknown }
        guard named.isCompression else { return named.type }
        return self.named(UnsafeBufferPointer(rebasing: name[..<dot])).compressed(as: named.type)
    }

    /// The media type of the last name in `path`.
    package init(ofPath path: String) {
        self.init(ofName: path.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed())
    }

    /// This type inside a compressed file: `text/html+gzip`.
    ///
    /// - Source: RFC 8460, §6.3, registers the suffix for gzip; a type that is not known stays that of
    ///   the compressed file.
    package func compressed(as compression: MediaType) -> MediaType {
        guard self != .unknown, self.insideCompression == nil,
            let suffix = compressions[compression]
        else { return compression }
        return MediaType(self.name + suffix)
    }

    /// What a compressed type holds; nil for other types.
    package var insideCompression: MediaType? {
        if compressions[self] != nil { return .unknown }
        return compressions.values.first { self.name.hasSuffix($0) }
            .map { MediaType(String(self.name.dropLast($0.count))) }
    }

    package static let gzip = MediaType("application/gzip")
    package static let bzip2 = MediaType("application/x-bzip2")
    package static let xz = MediaType("application/x-xz")
    package static let zstandard = MediaType("application/zstd")
    package static let zip = MediaType("application/zip")
    package static let tar = MediaType("application/x-tar")
    package static let sevenZip = MediaType("application/x-7z-compressed")
    package static let mail = MediaType("message/rfc822")
    package static let mailbox = MediaType("application/mbox")
    package static let outlookMessage = MediaType("application/vnd.ms-outlook")
    /// RFC 2557: a page with all it shows, as one message.
    package static let savedWebPage = MediaType("multipart/related")
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
    package static let doc = MediaType("application/msword")
    package static let xls = MediaType("application/vnd.ms-excel")
    package static let ppt = MediaType("application/vnd.ms-powerpoint")

    /// Whether this is a binary format of Office 97 to 2003.
    package var isLegacyOffice: Bool { [.doc, .xls, .ppt].contains(self) }
}

/// An extension in lower case as a number; nil for one that is longer than any that is known.
private func extensionKey(_ name: some Collection<UInt8>) -> UInt128? {
    guard !name.isEmpty, name.count < 16 else { return nil }
    return name.reduce(1) { $0 << 8 | UInt128((0x41...0x5A).contains($1) ? $1 | 0x20 : $1) }
}

/// Files that hold one other file, and what the type of that file goes on with.
private let compressions: [MediaType: String] = [
    .gzip: "+gzip", .bzip2: "+bzip2", .xz: "+xz", .zstandard: "+zstd",
]

private let namedTypes: [UInt128: (type: MediaType, isCompression: Bool)] = {
    var extensions: [(MediaType, [String])] = [
        (.html, ["html", "htm", "shtml"]),
        (.xhtml, ["xhtml", "xht"]),
        (.pdf, ["pdf"]),
        (.markdown, ["md", "markdown", "mkd", "mdown", "mdwn", "mdx"]),
        (.plain, ["txt", "text", "log"]),
        (.gzip, ["gz", "gzip", "tgz"]),
        (.bzip2, ["bz2", "tbz2"]),
        (.xz, ["xz", "txz"]),
        (.zstandard, ["zst", "tzst"]),
        (.zip, ["zip"]),
        (.tar, ["tar"]),
        (.sevenZip, ["7z"]),
        (.mail, ["eml"]),
        (.mailbox, ["mbox"]),
        (.outlookMessage, ["msg"]),
        (.savedWebPage, ["mht", "mhtml"]),
        (.epub, ["epub"]),
        (.docx, ["docx", "docm", "dotx", "dotm"]),
        (.xlsx, ["xlsx", "xlsm", "xltx", "xltm"]),
        (.pptx, ["pptx", "pptm", "ppsx", "ppsm", "potx", "potm"]),
        (.odt, ["odt", "ott", "fodt"]),
        (.ods, ["ods", "ots", "fods"]),
        (.odp, ["odp", "otp", "fodp"]),
        (.rtf, ["rtf"]),
        (.doc, ["doc", "dot"]),
        (.xls, ["xls", "xlt"]),
        (.ppt, ["ppt", "pps", "pot"]),
        (.png, ["png"]),
        (.jpeg, ["jpg", "jpeg", "jpe"]),
        (.tiff, ["tif", "tiff"]),
    ]
    extensions += textExtensions.map { ($0.type, $0.names) }
    var types: [UInt128: (type: MediaType, isCompression: Bool)] = [:]
    for (type, names) in extensions {
        for key in names.compactMap({ extensionKey($0.utf8) }) {
            types[key] = (type, compressions[type] != nil)
        }
    }
    return types
}()
