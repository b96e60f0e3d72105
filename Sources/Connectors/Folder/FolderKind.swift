internal import Dataflow
internal import Glibc

extension FolderConnector {
    static let kind = SourceKind(
        "folder",
        summary: "The files below a folder.",
        keys: [
            ParameterSpec("path", .path, summary: "The folder; it must exist when a run starts."),
            ParameterSpec(
                "include",
                .stringList,
                default: .list([.string("**")]),
                summary: "Globs, relative to the folder, of the files to list: "
                    + "**, *, ?, {a,b} and […]."
            ),
            ParameterSpec(
                "exclude",
                .stringList,
                default: .list([]),
                summary: "Globs of files and folders to leave out, even when included."
            ),
            ParameterSpec(
                "follow_symlinks",
                .bool,
                default: .bool(false),
                summary: "Whether links are followed, as long as they stay in the folder."
            ),
            ParameterSpec(
                "include_hidden",
                .bool,
                default: .bool(false),
                summary: "Whether wildcards match names that start with a dot."
            ),
        ],
        isLocal: true,
        check: { (settings) async throws(ConnectorError) in
            let root = settings.values.string("path", default: "")
            guard access(root, R_OK | X_OK) == 0 else {
                throw ConnectorError(.unavailable, path: root, "is missing or may not be read")
            }
            return root
        },
        make: { (settings) throws(ConnectorError) in
            let values = settings.values
            return try FolderConnector(
                name: settings.name,
                root: values.string("path", default: ""),
                include: values.strings("include"),
                exclude: values.strings("exclude"),
                followSymlinks: values.bool("follow_symlinks"),
                includeHidden: values.bool("include_hidden"),
                leftOut: [settings.workspace],
                maximumBytes: settings.maximumBytes
            )
        }
    )
}
