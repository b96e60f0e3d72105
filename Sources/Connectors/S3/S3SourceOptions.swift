internal import Dataflow
internal import Objects

/// What the keys of an `s3` source say, checked; nobody is asked for it.
struct S3SourceOptions: Sendable {
    let name: String
    let bucket: S3Bucket
    let prefix: String
    let patterns: PlacePatterns
    let origin: AWSCredentialOrigin
    /// Whether tags become metadata.
    let keepsTags: Bool
    let labelTag: String?
    let concurrency: Int

    init(_ settings: SourceSettings, _ context: AWSContext) throws(ConnectorError) {
        let values = settings.values
        self.name = settings.name
        self.prefix = values.string("prefix", default: "")
        self.patterns = try PlacePatterns(
            include: values.strings("include"),
            exclude: values.strings("exclude"),
            of: settings.name
        )
        self.origin =
            AWSCredentialOrigin(rawValue: values.string("credentials", default: "chain")) ?? .chain
        self.labelTag = values.text("label_tag")
        self.keepsTags = values.bool("tags")
        self.concurrency = values.int("concurrency", default: CommonSourceKeys.concurrencyByDefault)
        do throws(S3ConfigurationError) {
            self.bucket = try S3Bucket(
                values.string("bucket", default: ""),
                endpoint: values.text("endpoint") ?? context.endpoint,
                region: values.text("region") ?? context.region,
                addressing: S3Bucket.Addressing(
                    rawValue: values.string("addressing", default: "auto")
                )
                    ?? .auto
            )
        } catch {
            throw settings.failure("bucket", error.message)
        }
    }

    var readsTags: Bool { self.keepsTags || self.labelTag != nil }

    /// The place of a key in its source.
    func place(of key: String) -> String { String(key.dropFirstBytes(self.prefix.utf8.count)) }
}

extension String {
    fileprivate func dropFirstBytes(_ count: Int) -> Substring {
        self[
            (self.utf8.index(self.startIndex, offsetBy: count, limitedBy: self.endIndex)
                ?? self.endIndex)...
        ]
    }
}
