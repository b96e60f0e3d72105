/// Every kind of source of this program.
package let sourceKinds: [SourceKind] = [
    FolderConnector.kind, S3Connector.kind, WebConnector.kind, .git, .sqlite, .postgres, .records,
    .command, .rclone, .maildir, .mbox, .warc,
]

/// Nil for a word that names no source.
package func sourceKind(_ name: String) -> SourceKind? {
    sourceKinds.first { $0.name == name }
}
