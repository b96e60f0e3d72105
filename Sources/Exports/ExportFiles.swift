internal import Bytes
internal import Foundation
internal import Hashing
internal import Records
internal import Search
internal import Storage

/// Writes the rows as JSON lines to the file at `path`, by ascending document and ordinal.
///
/// The file says itself what it holds: each line has its row's id and digest. Where all are those of the snapshot
/// it is left as it is, else it is replaced as a whole by rename.
///
/// - Throws: ``ExportError`` `.mismatch` where the file is there and holds other lines; `StorageError`.
package func exportLines(
    _ rows: SnapshotRows,
    to path: String,
    withVectors: Bool
) throws -> ExportOutcome {
    let keys = try rows.keys()
    let there = try exportedLines(path, withVectors: withVectors)
    let outcome = outcome(of: keys, there: there.rows)
    // The same rows in another order or form are another file.
    let isSame =
        there.isAsWritten && there.rows.map(\.id) == keys.map(\.id.description)
        && outcome.inserted + outcome.updated + outcome.deleted == 0
    guard !isSame || !fileExists(path) else { return outcome }
    var file = try StagedFile(in: parentFolder(of: path))
    try writeLines(rows, keys, withVectors: withVectors, to: &file)
    try file.commit(to: path)
    return outcome
}

/// Writes `vectors.npy` (rows × dimensions, 32-bit floats), `chunks.jsonl` (line i is row i) and, at last,
/// `export.json` into the folder at `path`.
///
/// - Throws: ``ExportError`` `.badTarget` for an index without vectors; `StorageError`.
package func exportArrays(_ rows: SnapshotRows, to path: String) throws -> ExportOutcome {
    let shape = rows.shape
    guard shape.dimensions > 0 else {
        throw ExportError(
            .badTarget,
            "index '\(shape.index)' has no vectors; export jsonl has its chunks"
        )
    }
    try createFolder(path)
    let (lines, arrays, seal) = (
        path + "/chunks.jsonl", path + "/vectors.npy", path + "/export.json"
    )
    let keys = try rows.keys()
    let outcome = outcome(of: keys, there: try exportedLines(lines, withVectors: false).rows)
    let isChanged = outcome.inserted + outcome.updated + outcome.deleted > 0
    // A file that is gone or cannot be read is written again.
    if !isChanged, let found = try? readFile(seal, maximumBytes: 1 << 16),
        found == (try? ArraysSeal(shape, lines: lines, arrays: arrays))?.bytes
    {
        return outcome
    }
    try removeFile(seal)
    var vectors = try StagedFile(in: path)
    try vectors.write(npyHeader(rowCount: keys.count, dimensions: shape.dimensions))
    for key in keys {
        try rows.vector(key.place).withUnsafeBytes { try vectors.write($0) }
    }
    try vectors.commit(to: arrays)
    var file = try StagedFile(in: path)
    try writeLines(rows, keys, withVectors: false, to: &file)
    try file.commit(to: lines)
    try replaceFile(seal, with: try ArraysSeal(shape, lines: lines, arrays: arrays).bytes)
    return outcome
}

/// What `export.json` says: which rows the two files hold, and their hashes.
private struct ArraysSeal {
    let bytes: [UInt8]

    init(_ shape: ExportShape, lines: String, arrays: String) throws {
        let hashes = try [lines, arrays].map { path in
            var hasher = StreamingSHA256()
            try readPieces(path) { hasher.update($0) }
            return hasher.finish().hex
        }
        var json = JSONText()
        json.object { json in
            json.key("digest")
            json.string(shape.digest)
            json.key("files")
            json.object { json in
                json.key("chunks.jsonl")
                json.string(hashes[0])
                json.key("vectors.npy")
                json.string(hashes[1])
            }
            json.key("form")
            json.string("export-npy/1")
            json.key("index")
            json.string(shape.index)
            json.key("model")
            json.string(shape.model)
            json.key("rows")
            json.integer(shape.rowCount)
        }
        self.bytes = json.bytes + [UInt8(ascii: "\n")]
    }
}

/// The head of a file of NumPy's format 1.0: little-endian 32-bit floats by rows, padded to 64 bytes.
///
/// - Source: NumPy Enhancement Proposal 1.
func npyHeader(rowCount: Int, dimensions: Int) -> [UInt8] {
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rowCount), \(dimensions)), }"
    let fixed = 10
    while (fixed + text.utf8.count + 1) % 64 != 0 { text += " " }
    text += "\n"
    let count = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)]
        + Array(text.utf8)
}

private func outcome(of keys: [SnapshotRows.Key], there: [ExportedRow]) -> ExportOutcome {
    let difference = Difference(wanted: keys, there: there)
    return ExportOutcome(
        inserted: difference.missing.count,
        updated: difference.changed.count,
        deleted: difference.surplus.count,
        rowCount: keys.count
    )
}

private func writeLines(
    _ rows: SnapshotRows,
    _ keys: [SnapshotRows.Key],
    withVectors: Bool,
    to file: inout StagedFile
) throws {
    var json = JSONText()
    var reader = RowReader(rows)
    for key in keys {
        let row = try reader.row(key.place, known: key)
        json.removeAll()
        json.object { $0.rowFields(row, vector: withVectors ? row.vector : nil) }
        try file.write(json.bytes)
        try file.write([UInt8(ascii: "\n")])
    }
}

/// The ids and digests of the lines at `path`; none where there is no file.
private func exportedLines(
    _ path: String,
    withVectors: Bool
) throws -> (rows: [ExportedRow], isAsWritten: Bool) {
    struct Line: Decodable {
        let id: String
        let digest: String
        let embedding: [Float]?

        enum CodingKeys: String, CodingKey {
            case id = "chunk_id"
            case digest, embedding
        }
    }
    guard fileExists(path) else { return ([], false) }
    var rows: [ExportedRow] = []
    var isAsWritten = true
    var problem = false
    var pending: [UInt8] = []
    func take(_ line: [UInt8]) {
        guard let found = try? JSONDecoder().decode(Line.self, from: Data(line)) else {
            problem = true
            return
        }
        if (found.embedding != nil) != withVectors { isAsWritten = false }
        rows.append(ExportedRow(id: found.id, digest: found.digest))
    }
    try readPieces(path) { piece in
        var start = 0
        for (index, byte) in piece.enumerated() where byte == UInt8(ascii: "\n") {
            pending += piece[start..<index]
            if !problem { take(pending) }
            pending.removeAll(keepingCapacity: true)
            start = index + 1
        }
        pending += piece[start...]
    }
    guard !problem, pending.isEmpty else {
        throw ExportError(
            .mismatch,
            "\(path) is there and holds other lines than an export's; name another file, or remove it"
        )
    }
    return (rows, isAsWritten)
}
