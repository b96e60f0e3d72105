internal import Bytes
internal import Crypto

/// A request before it has a URL: what is signed and what is sent are made from the same parts.
package struct UnsignedRequest: Sendable {
    package var method: String
    /// `http` or `https`.
    package var scheme: String
    /// The host, with its port where that is not the scheme's.
    package var authority: String
    /// Percent-encoded as it is sent; begins with `/`.
    package var path: String
    /// Not encoded; in any order.
    package var query: [(name: String, value: String)]
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?

    package init(
        _ method: String,
        scheme: String,
        authority: String,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil
    ) {
        self.method = method
        self.scheme = scheme
        self.authority = authority
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    package var url: String {
        let query = self.canonicalQuery
        return "\(self.scheme)://\(self.authority)\(self.path)" + (query.isEmpty ? "" : "?\(query)")
    }

    /// Names and values encoded, in the order of the encoded names and then values.
    var canonicalQuery: String {
        self.query.map { (PercentCoding.encoded($0.name), PercentCoding.encoded($0.value)) }
            .sorted { $0 < $1 }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }
}

/// Signs requests as AWS asks for it.
///
/// - Source: AWS, "Signature Version 4 signing process" and "Authenticating requests: using the
///   Authorization header" of Amazon S3, with the examples there as tests.
package struct SignatureV4: Sendable {
    package let credentials: AWSCredentials
    package let region: String
    package let service: String
    private let keys: SigningKeys

    /// - Parameter keys: of signers that sign many requests, the same for all.
    package init(
        credentials: AWSCredentials,
        region: String,
        service: String,
        keys: SigningKeys = SigningKeys()
    ) {
        self.keys = keys
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The headers of `request` with those that sign it; every header given is signed.
    ///
    /// - Parameter milliseconds: since 1970; a server refuses a time that is minutes off.
    package func signedHeaders(
        of request: UnsignedRequest,
        milliseconds: Int64
    ) -> [(name: String, value: String)] {
        let time = InternetTime.basicForm(milliseconds: milliseconds)
        let payload = hexadecimal(SHA256.hash(data: request.body ?? []))
        var headers = request.headers
        if self.service == "s3" { headers.append((name: "x-amz-content-sha256", value: payload)) }
        headers.append((name: "x-amz-date", value: time))
        if let token = self.credentials.sessionToken {
            headers.append((name: "x-amz-security-token", value: token.value))
        }
        let canonical = self.canonicalHeaders(headers, host: request.authority)
        let names = canonical.map(\.name).joined(separator: ";")
        let form = [
            request.method,
            request.path,
            request.canonicalQuery,
            canonical.map { "\($0.name):\($0.value)\n" }.joined(),
            names,
            payload,
        ].joined(separator: "\n")
        let scope = "\(time.prefix(8))/\(self.region)/\(self.service)/aws4_request"
        let text = [
            "AWS4-HMAC-SHA256", time, scope, hexadecimal(SHA256.hash(data: Array(form.utf8))),
        ].joined(separator: "\n")
        headers.append(
            (
                name: "authorization",
                value: "AWS4-HMAC-SHA256 Credential=\(self.credentials.accessKeyID)/\(scope),"
                    + "SignedHeaders=\(names),Signature=\(self.signature(of: text, day: time.prefix(8)))"
            )
        )
        return headers
    }

    private func signature(of text: String, day: Substring) -> String {
        let scope = SigningKeys.Scope(
            secret: self.credentials.secretAccessKey.value,
            day: String(day),
            region: self.region,
            service: self.service
        )
        return hexadecimal(authenticationCode(of: text, by: self.keys.key(of: scope)))
    }

    /// In lower case and by name; values of one name joined by commas, white space within them as one
    /// blank.
    private func canonicalHeaders(
        _ headers: [(name: String, value: String)],
        host: String
    ) -> [(name: String, value: String)] {
        var values: [String: [String]] = ["host": [host]]
        for header in headers {
            let words = header.value.utf8.split { $0.isASCIISpace }
            let value = String(decoding: Array(words.joined(separator: [.space])), as: UTF8.self)
            values[header.name.lowercased(), default: []].append(value)
        }
        return values.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value.joined(separator: ",")) }
    }
}

private let hexadecimalDigits = Array("0123456789abcdef".utf8)

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(64)
    for byte in bytes {
        output.append(hexadecimalDigits[Int(byte >> 4)])
        output.append(hexadecimalDigits[Int(byte & 15)])
    }
    return String(decoding: output, as: UTF8.self)
}
