internal import Dataflow

extension SourceKind {
    static let rclone = SourceKind(
        "rclone",
        summary: "Files of any remote that rclone reaches: Drive, OneDrive, Dropbox, SFTP, WebDAV.",
        keys: [
            ParameterSpec(
                "remote",
                .string,
                summary:
                    "A remote of rclone's configuration and a path in it, such as drive:handbook."
            ),
            ParameterSpec(
                "config",
                .path,
                isOptional: true,
                affectsOutput: false,
                summary:
                    "rclone's configuration file, with its credentials; rclone's own without it."
            ),
            ParameterSpec(
                "hashes",
                .bool,
                default: .bool(true),
                summary:
                    "Whether the remote's hashes tell what changed, beside size and time. On a disk or over "
                    + "SFTP each listing then reads every file."
            ),
            ParameterSpec(
                "include",
                .stringList,
                default: .list([.string("**")]),
                summary: "Globs of the files to list, by their path in the remote."
            ),
            ParameterSpec(
                "exclude",
                .stringList,
                default: .list([]),
                summary: "Globs of files and folders to leave out, even when included."
            ),
        ],
        check: { (settings) async throws(ConnectorError) in
            try await RcloneConnector(settings).checked()
        },
        make: { (settings) throws(ConnectorError) in try RcloneConnector(settings) }
    )
}
