internal import Dataflow
internal import Objects

extension S3Connector {
    static let kind = SourceKind(
        "s3",
        summary: "Objects of a bucket of Amazon S3, or of a server that speaks as it does.",
        keys: [
            ParameterSpec("bucket", .string, summary: "The bucket's name."),
            ParameterSpec(
                "prefix",
                .string,
                default: .string(""),
                summary: "What the keys begin with; URIs go on behind it."
            ),
            ParameterSpec(
                "endpoint",
                .string,
                isOptional: true,
                summary:
                    "The URL of the server. Without it AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, or "
                    + "AWS itself."
            ),
            ParameterSpec(
                "region",
                .string,
                isOptional: true,
                summary: "The bucket's region. Without it AWS_REGION or the profile's."
            ),
            ParameterSpec(
                "addressing",
                .choice(S3Bucket.Addressing.allCases.map(\.rawValue)),
                default: .string("auto"),
                affectsOutput: false,
                summary:
                    "Where the bucket stands in a URL: in the host, in the path, or as is usual "
                    + "for the endpoint."
            ),
            ParameterSpec(
                "credentials",
                .choice(AWSCredentialOrigin.allCases.map(\.rawValue)),
                default: .string("chain"),
                affectsOutput: false,
                summary:
                    "Where they come from: the first place that has some, one of them, or none for "
                    + "a public bucket. They are never written here."
            ),
            ParameterSpec(
                "profile",
                .string,
                isOptional: true,
                affectsOutput: false,
                summary:
                    "The profile of ~/.aws/credentials and ~/.aws/config. Without it AWS_PROFILE."
            ),
            ParameterSpec(
                "include",
                .stringList,
                default: .list([.string("**")]),
                summary: "Globs of the keys to list, without the prefix."
            ),
            ParameterSpec(
                "exclude",
                .stringList,
                default: .list([]),
                summary: "Globs of keys to leave out, even when included."
            ),
            ParameterSpec(
                "inventory",
                .string,
                isOptional: true,
                affectsOutput: false,
                summary:
                    "What takes the place of asking for a listing: an inventory as Amazon S3 makes it (CSV, "
                    + "also gzipped, or its manifest.json), by a path or as s3://BUCKET/KEY. What is not in "
                    + "it counts as deleted."
            ),
            ParameterSpec(
                "inventory_columns",
                .stringList,
                default: .list(S3InventoryColumns.byDefault.map { .string($0) }),
                affectsOutput: false,
                summary:
                    "The columns of its files, which have no header; a manifest names them itself."
            ),
            ParameterSpec(
                "tags",
                .bool,
                default: .bool(false),
                summary:
                    "Whether the tags of objects become metadata: a request more for each object "
                    + "at every sync."
            ),
            ParameterSpec(
                "label_tag",
                .string,
                isOptional: true,
                summary:
                    "The tag that says who may see an object; its words are the labels: a request "
                    + "more for each object at every sync."
            ),
        ],
        make: { (settings) throws(ConnectorError) in
            let context = AWSContext.ofProcess(
                profile: settings.values.text("profile"),
                transport: HTTPTransport(connectTimeout: .seconds(1))
            )
            return try S3Connector(try S3SourceOptions(settings, context), context)
        }
    )
}
