internal import Bytes

/// Why the address of a bucket cannot be made of what was configured.
package struct S3ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key of a source that cannot be used.
    package let key: String
    package let message: String
    package var description: String { self.message }
}

/// A bucket and how its server is asked for it.
package struct S3Bucket: Hashable, Sendable {
    /// Where the bucket's name stands in a URL.
    package enum Addressing: String, Sendable, CaseIterable {
        /// In the host at AWS, in the path elsewhere, where few have a host for each bucket.
        case auto
        case path
        case virtual
    }

    package let name: String
    package let region: String
    package let scheme: String
    /// Of the server as requests name it: with the bucket before it where the addressing is virtual.
    package let authority: String
    /// What comes before `/` and the key in a path; empty or `/bucket`, after the path of the endpoint.
    package let basePath: String
    /// The endpoint as an error names it.
    package let endpoint: String

    /// - Parameters:
    ///   - endpoint: the URL of a server; nil for the one of AWS in `region`.
    ///   - region: nil where nothing names one: AWS then needs one, others take any.
    package init(
        _ name: String,
        endpoint: String?,
        region: String?,
        addressing: Addressing = .auto
    ) throws(S3ConfigurationError) {
        guard (1...255).contains(name.utf8.count), !name.hasPrefix("."), !name.hasSuffix("."),
            name.utf8.allSatisfy({
                $0.isASCIIAlphanumeric || $0 == .hyphen || $0 == .fullStop || $0 == .underscore
            })
        else {
            throw S3ConfigurationError(
                key: "bucket",
                message: "'\(name)' cannot be a bucket's name: letters, digits, hyphens and dots; "
                    + "what comes after a / is the 'prefix'"
            )
        }
        guard endpoint != nil || region != nil else {
            throw S3ConfigurationError(
                key: "region",
                message: "no region: write 'region: eu-central-1', or set AWS_REGION; for a server "
                    + "other than AWS write its 'endpoint'"
            )
        }
        let region = region ?? "us-east-1"
        guard !region.isEmpty, region.utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == .hyphen })
        else {
            throw S3ConfigurationError(
                key: "region",
                message: "'\(region)' is no region: it looks as us-east-1 does"
            )
        }
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let text = endpoint ?? "https://s3.\(region).\(domain)"
        guard let address = WebAddress(text), address.query == nil else {
            throw S3ConfigurationError(
                key: "endpoint",
                message: "'\(placeInErrors(of: text))' is no endpoint: write it as "
                    + "http://127.0.0.1:9000 or https://s3.example.org"
            )
        }
        // A name with a dot is no single label, so that the certificate of *.host does not fit.
        let isVirtual =
            addressing == .virtual
            || (addressing == .auto && address.host.hasSuffix(domain) && !name.contains("."))
        let base = address.path == "/" ? "" : String(address.path.drop { $0 == "/" })
        let folder =
            base.isEmpty ? "" : "/" + (base.hasSuffix("/") ? String(base.dropLast()) : base)
        self.name = name
        self.region = region
        self.scheme = address.scheme
        self.authority = isVirtual ? "\(name).\(address.authority)" : address.authority
        self.basePath = isVirtual ? folder : "\(folder)/\(name)"
        self.endpoint = address.origin
    }

    /// The path of a key as it is sent: each byte but the unreserved ones and `/` escaped, and nothing
    /// resolved, because `..` is a part of a key like any other.
    package func path(of key: String?) -> String {
        guard let key else { return self.basePath.isEmpty ? "/" : self.basePath }
        return "\(self.basePath)/\(PercentCoding.encoded(key, keepingSlashes: true))"
    }
}
