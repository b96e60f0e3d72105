/// A place in a bucket as people write it: `s3://bucket/prefix`.
package struct S3Address: Hashable, Sendable, CustomStringConvertible {
    package let bucket: String
    /// Without a slash at either end; empty for the whole bucket.
    package let prefix: String

    package static let scheme = "s3://"

    /// Nil for what is no such address; whether the bucket can have that name says ``S3Bucket``.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.scheme) else { return nil }
        let parts = text.dropFirst(Self.scheme.count)
            .split(separator: "/", omittingEmptySubsequences: false)
        var rest = parts.dropFirst()
        while rest.last?.isEmpty == true { rest.removeLast() }
        // `..` and empty parts are keys like any other to the server, and a slip of whoever wrote them.
        guard let bucket = parts.first, !bucket.isEmpty,
            rest.allSatisfy({ !["", ".", ".."].contains($0) }),
            !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        self.bucket = String(bucket)
        self.prefix = rest.joined(separator: "/")
    }

    package var description: String {
        Self.scheme + self.bucket + (self.prefix.isEmpty ? "" : "/\(self.prefix)")
    }

    /// The key of `name` below the prefix.
    package func key(_ name: String) -> String {
        self.prefix.isEmpty ? name : "\(self.prefix)/\(name)"
    }
}
