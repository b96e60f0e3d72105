internal import Exports
internal import Foundation

/// Writes the rows to a Parquet file by Python, from the JSON lines of the same rows.
///
/// Parquet is a library of its own in every language; pyarrow is the one that most people have. The file's own
/// metadata says which rows it holds, so a second run finds what is there and does nothing.
func exportParquet(
    _ rows: SnapshotRows,
    _ path: String,
    _ request: ExportRequest
) throws -> ExportReport {
    let folder = FileManager.default.temporaryDirectory
        .appending(path: "millrace-parquet-\(ProcessInfo.processInfo.processIdentifier)").path
    try FileManager.default.createDirectory(
        atPath: folder,
        withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700]
    )
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = folder + "/rows.jsonl"
    _ = try exportLines(rows, to: lines, withVectors: rows.shape.dimensions > 0)
    let counts = try runPython(lines, path, rows.shape)
    return ExportReport(
        path,
        rows.shape,
        ExportOutcome(
            inserted: counts.inserted,
            updated: counts.updated,
            deleted: counts.deleted,
            rowCount: counts.rows
        )
    )
}

private struct Counts: Decodable {
    let inserted: Int
    let updated: Int
    let deleted: Int
    let rows: Int
}

private func runPython(_ lines: String, _ path: String, _ shape: ExportShape) throws -> Counts {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
        "python3", "-c", parquetProgram, lines, path, shape.digest, String(shape.dimensions),
    ]
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw OperationError(
            process.terminationStatus == 3 ? .configuration : .fatal,
            process.terminationStatus == 3
                ? "Parquet needs python3 with pyarrow: 'pip install pyarrow', or export jsonl or npy"
                : "\(path): python3 could not write the Parquet file; its reason is above"
        )
    }
    return try JSONDecoder().decode(Counts.self, from: answer)
}

/// Takes the lines, the target, the digest and the dimensions; prints what changed as JSON.
private let parquetProgram = """
    import json, os, sys
    lines, path, digest, dimensions = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    try:
        import pyarrow as pa, pyarrow.parquet as pq
    except ImportError:
        sys.exit(3)
    text, number, texts = pa.string(), pa.int32(), pa.list_(pa.string())
    fields = [(n, text) for n in ("chunk_id", "document_id", "uri", "title", "source", "language", "media_type")]
    fields += [("labels", texts), ("metadata", pa.map_(text, text))]
    fields += [(n, number) for n in ("ordinal", "start", "end", "page")]
    fields += [("page_label", text), ("box", pa.list_(number)), ("headings", texts), ("text", text), ("digest", text)]
    if dimensions:
        fields.append(("embedding", pa.list_(pa.float32(), dimensions)))
    schema = pa.schema(fields, metadata={"millrace.digest": digest})
    def rows():
        with open(lines, encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                row["metadata"] = list(row["metadata"].items())
                yield row
    there = {}
    known = None
    if os.path.exists(path):
        found = pq.ParquetFile(path)
        known = (found.schema_arrow.metadata or {}).get(b"millrace.digest")
        if known is None:
            sys.exit(path + " is there and was not made by an export; name another file, or remove it")
        table = found.read(columns=["chunk_id", "digest"])
        there = dict(zip(table["chunk_id"].to_pylist(), table["digest"].to_pylist()))
    inserted = updated = count = 0
    wanted = set()
    for row in rows():
        count += 1
        wanted.add(row["chunk_id"])
        if row["chunk_id"] not in there:
            inserted += 1
        elif there[row["chunk_id"]] != row["digest"]:
            updated += 1
    deleted = len(set(there) - wanted)
    if inserted or updated or deleted or known != digest.encode():
        staged = os.path.join(os.path.dirname(os.path.abspath(path)), ".tmp-" + os.path.basename(path))
        with pq.ParquetWriter(staged, schema, compression="zstd") as writer:
            batch = []
            for row in rows():
                batch.append(row)
                if len(batch) == 10000:
                    writer.write_table(pa.Table.from_pylist(batch, schema))
                    batch = []
            if batch or not count:
                writer.write_table(pa.Table.from_pylist(batch, schema))
        with open(staged, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(staged, path)
    sys.stdout.write(json.dumps({"inserted": inserted, "updated": updated, "deleted": deleted, "rows": count}))
    """
