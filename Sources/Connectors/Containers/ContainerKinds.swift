internal import Dataflow
internal import Objects

extension SourceKind {
    static let mbox = SourceKind(
        "mbox",
        summary: "The messages of mailboxes of Unix, each a document by its Message-ID.",
        keys: containerKeys("A mailbox, or a folder of mailboxes.", include: ["**"]),
        isLocal: true,
        make: { (settings) throws(ConnectorError) in
            try ContainerConnector(settings, MailboxMessages())
        }
    )

    static let warc = SourceKind(
        "warc",
        summary: "The pages of web archives (WARC), each by its address as it was stored last.",
        keys: containerKeys(
            "A .warc or .warc.gz file, or a folder of them.",
            include: ["**/*.warc", "**/*.warc.gz"]
        ) + [
            ParameterSpec(
                "scope",
                .names,
                default: .list([]),
                summary:
                    "URLs below which the pages are; others are left out. With the scope of one server "
                    + "places are paths on it, as in a source of type http; else the server comes first."
            )
        ],
        isLocal: true,
        make: { (settings) throws(ConnectorError) in
            var prefixes: [WebAddress] = []
            for text in settings.values.strings("scope") {
                guard let address = WebAddress(text) else {
                    throw settings.failure(
                        "scope",
                        "'\(text)' is no address such as https://example.org/docs/"
                    )
                }
                prefixes.append(address)
            }
            return try ContainerConnector(
                settings,
                WebArchiveRecords(scope: CrawlScope(prefixes: prefixes))
            )
        }
    )
}

private func containerKeys(_ path: String, include: [String]) -> [ParameterSpec] {
    [
        ParameterSpec("path", .path, summary: path),
        ParameterSpec(
            "include",
            .stringList,
            default: .list(include.map { .string($0) }),
            summary: "Globs of the files to read, where 'path' is a folder."
        ),
        ParameterSpec(
            "exclude",
            .stringList,
            default: .list([]),
            summary: "Globs of files and folders to leave out, even when included."
        ),
    ]
}
