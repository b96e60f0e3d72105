internal import Dataflow

extension SourceKind {
    static let git = SourceKind(
        "git",
        summary: "The files of a commit in a Git repository, as they were checked in.",
        keys: [
            ParameterSpec(
                "repository",
                .path,
                summary: "A repository on this machine, bare or not; fetch into it beforehand."
            ),
            ParameterSpec(
                "ref",
                .string,
                default: .string("HEAD"),
                summary: "The branch, tag or commit whose files are taken."
            ),
            ParameterSpec(
                "include",
                .stringList,
                default: .list([.string("**")]),
                summary: "Globs of the files to list: **, *, ?, {a,b} and […]."
            ),
            ParameterSpec(
                "exclude",
                .stringList,
                default: .list([]),
                summary: "Globs of files to leave out, even when included."
            ),
            ParameterSpec(
                "history",
                .bool,
                default: .bool(false),
                summary:
                    "Whether 'commit' and 'authored' of a file's metadata tell which commit changed it last."
            ),
        ],
        make: { (settings) throws(ConnectorError) in try GitConnector(settings) }
    )
}
