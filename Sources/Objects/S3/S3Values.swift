/// An object as a listing names it.
package struct S3Entry: Hashable, Sendable {
    package let key: String
    /// With its quotes, as the server wrote it; empty where it gives none.
    package let etag: String
    package let size: Int
    /// Nanoseconds since 1970.
    package let modified: Int64?
    package let storageClass: String

    package init(key: String, etag: String, size: Int, modified: Int64?, storageClass: String) {
        self.key = key
        self.etag = etag
        self.size = size
        self.modified = modified
        self.storageClass = storageClass
    }
}

/// A page of a listing.
package struct S3Page: Hashable, Sendable {
    package var entries: [S3Entry] = []
    /// What the keys that were not listed begin with, up to and including the delimiter.
    package var prefixes: [String] = []
    /// What asks for the next page; nil on the last one.
    package var next: String?

    package init() {}
}

/// An object, or the part of it that was asked for.
package struct S3Object: Sendable {
    package let bytes: [UInt8]
    package let etag: String
    /// Of the whole object.
    package let size: Int
    package let modified: Int64?
    package let contentType: String?
    package let contentEncoding: String?
    /// What was stored with it, by names in lower case without `x-amz-meta-`.
    package let metadata: [String: String]

    init(_ response: HTTPResponse, isHead: Bool = false) {
        self.bytes = response.body
        self.etag = response.header("etag") ?? ""
        let total = response.header("content-range")?.split(separator: "/").last.flatMap { Int($0) }
        let length = response.header("content-length").flatMap { Int($0) }
        self.size = total ?? (isHead ? length ?? 0 : response.body.count)
        self.modified = response.header("last-modified")
            .flatMap { InternetTime.nanoseconds(ofHTTPDate: $0) }
        self.contentType = response.header("content-type")
        self.contentEncoding = response.header("content-encoding")
        var metadata: [String: String] = [:]
        for header in response.headers {
            let name = header.name.lowercased()
            guard name.hasPrefix(Self.metadataPrefix) else { continue }
            metadata[String(name.dropFirst(Self.metadataPrefix.count))] = header.value
        }
        self.metadata = metadata
    }

    /// The parts of an object, put together.
    init(_ first: S3Object, bytes: [UInt8]) {
        self.bytes = bytes
        self.etag = first.etag
        self.size = first.size
        self.modified = first.modified
        self.contentType = first.contentType
        self.contentEncoding = first.contentEncoding
        self.metadata = first.metadata
    }

    private static let metadataPrefix = "x-amz-meta-"
}

/// When an object is written.
package enum S3Condition: Hashable, Sendable {
    case always
    /// Only where there is none of that key.
    case absent
    /// Only over the one with this ETag.
    case matches(String)
}
