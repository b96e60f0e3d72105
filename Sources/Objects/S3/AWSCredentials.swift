/// What a request to AWS, or to a server that speaks as it does, is signed with.
package struct AWSCredentials: Sendable {
    /// A name, not a secret; it is sent in clear.
    package let accessKeyID: String
    package let secretAccessKey: Secret
    /// With credentials that end by themselves.
    package let sessionToken: Secret?
    /// Milliseconds since 1970; nil for credentials that do not end.
    package let expiry: Int64?

    package init(
        accessKeyID: String,
        secretAccessKey: Secret,
        sessionToken: Secret? = nil,
        expiry: Int64? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiry = expiry
    }
}
