internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// Calls `body` with everything a workspace keeps compressed: texts of manifests and of segments.
///
/// - Parameter body: given where the text is from, and its bytes.
/// - Output: how many texts there were.
func visitCompressedTexts(
    workspace root: String,
    shardCount: Int,
    _ body: (String, [UInt8]) -> Void
) throws -> Int {
    let layout = WorkspaceLayout(root: root)
    var count = 0
    for shard in 0..<shardCount {
        if fileExists(layout.manifest(shard: shard)) {
            count += try visitManifest(layout.manifest(shard: shard), body)
        }
        guard let entries = try? folderEntries(layout.segmentsFolder(shard: shard)) else {
            continue
        }
        for name in entries.compactMap(\.name).sorted() where name.hasSuffix(".mrs") {
            count += try visitSegment(layout.segment(shard: shard, name: name), body)
        }
    }
    return count
}

private func visitManifest(_ path: String, _ body: (String, [UInt8]) -> Void) throws -> Int {
    let manifest = try ShardManifest(path: path, mode: .readOnly)
    let inflater = Inflater()
    var count = 0
    for row in try manifest.listing() {
        guard let version = try manifest.document(row.id)?.version else { continue }
        let document = version.document
        let text = try inflater.inflate(
            document.compressedText,
            byteCount: document.textByteCount
        )
        body("\(path), text of a document", text)
        body("\(path), title of a document", Array(document.title.utf8))
        for (key, value) in document.metadata.sorted(by: { $0.key < $1.key }) {
            body("\(path), metadata '\(key)' of a document", Array(value.utf8))
        }
        count += 1
    }
    return count
}

private func visitSegment(_ path: String, _ body: (String, [UInt8]) -> Void) throws -> Int {
    let segment = try SegmentReader(path: path)
    for chunk in 0..<segment.chunkCount {
        body("\(path), text of a chunk", try segment.text(ofChunk: chunk))
    }
    return segment.chunkCount
}
