/// What the validator knows of each source kind; `Connectors` has the sources themselves.
package let sourceDescriptors: [SourceDescriptor] = [
    SourceDescriptor(
        name: "folder",
        summary: "The files below a folder.",
        parameters: [
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
            ParameterSpec(
                "maximum_bytes",
                .int(1...1 << 40),
                default: .int(256 << 20),
                summary: "Larger files become dead letters unread."
            ),
            ParameterSpec(
                "max_delete",
                .double(0...1),
                default: .double(0.1),
                summary: "The share of the documents that may go in one run; when more than that "
                    + "and more than max_delete_count are gone, their deletion waits for approval. "
                    + "A document that lives on under another name is not gone."
            ),
            ParameterSpec(
                "max_delete_count",
                .int(0...1 << 40),
                isOptional: true,
                summary:
                    "So many may go whatever their share is. Without the key 20, but of a source "
                    + "that had more than 5 documents never more than half."
            ),
        ]
    )
]
