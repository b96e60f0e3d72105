internal import Bytes
internal import Records

/// What a `Content-Type` says.
///
/// - Source: RFC 9110, 8.3.
struct ContentTypeHeader: Hashable, Sendable {
    /// Nil where there is none, or none that could be one.
    let mediaType: MediaType?
    /// In lower case; nil where the header names none, and for UTF-8, which bytes tell by themselves.
    let charset: String?

    init(_ value: String?) {
        let parts = (value ?? "").split(separator: ";", omittingEmptySubsequences: false)
        let name = parts.first.map { trimmed($0).lowercased() } ?? ""
        let isType =
            name.utf8.count <= 127
            && name.split(separator: "/", omittingEmptySubsequences: false).count == 2
            && !name.hasPrefix("/") && !name.hasSuffix("/")
            && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || "/.+-_!#$&^".utf8.contains($0) }
        self.mediaType = isType ? MediaType(name) : nil
        self.charset =
            parts.dropFirst().lazy.compactMap { part -> String? in
                let pair = part.split(separator: "=", maxSplits: 1)
                guard pair.count == 2, trimmed(pair[0]).lowercased() == "charset" else {
                    return nil
                }
                let word = trimmed(pair[1]).filter { $0 != "\"" && $0 != "'" }.lowercased()
                let isWord =
                    word.utf8.count <= 40 && !word.isEmpty
                    && word.utf8.allSatisfy {
                        $0.isASCIIAlphanumeric || $0 == .hyphen || $0 == .underscore || $0 == .colon
                            || $0 == .fullStop
                    }
                return isWord && !["utf-8", "utf8", "us-ascii"].contains(word) ? word : nil
            }.first
    }

    /// The type of a document by what the server says and what its name says.
    ///
    /// A server that does not know a file says that it is bytes or plain text; its name then says more.
    func mediaType(ofNamed named: MediaType) -> MediaType {
        guard let stated = self.mediaType, !Self.saysNothing.contains(stated) else { return named }
        if Self.saysLittle.contains(stated), named != .unknown { return named }
        return stated
    }

    private static let saysNothing: Set<MediaType> = [
        .unknown, MediaType("binary/octet-stream"), MediaType("application/x-download"),
        MediaType("application/force-download"), MediaType("application/download"),
        MediaType("application/x-unknown"), MediaType("unknown/unknown"),
    ]

    private static let saysLittle: Set<MediaType> = [
        .plain, .xml, .zip, MediaType("text/xml"), MediaType("application/x-zip-compressed"),
    ]
}

private func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
}
