internal import Foundation
internal import Storage

/// Writes a distilled model in the form that ``StaticModel`` reads: weights, configuration, the teacher's
/// tokeniser, a card and the texts of its licence.
struct StaticModelFolder {
    let path: String
    let teacher: ModelFolder

    private static let tokenizerFiles = ["tokenizer.json", "vocab.txt", "tokenizer_config.json"]
    private static let licenceFiles = ["LICENSE", "ATTRIBUTION.txt"]

    /// - Parameter rows: one an entry, in their order; other places of the vocabulary are zeros, which say
    ///   nothing in a sum.
    /// - Throws: ``EmbeddingError``, `StorageError`.
    func write(
        _ rows: FloatTable,
        of entries: VocabularyEntries,
        _ distillation: Distillation
    ) throws {
        for (name, limit) in ModelFiles.limits
        where (Self.tokenizerFiles + Self.licenceFiles).contains(name) {
            let source = self.teacher.path + "/" + name
            guard fileExists(source) else { continue }
            try replaceFile(self.path + "/" + name, with: readFile(source, maximumBytes: limit))
        }
        try self.writeWeights(rows, of: entries, vocabulary: distillation.vocabulary)
        try self.writeConfig(distillation, dimensions: rows.width)
        try replaceFile(
            self.path + "/README.md",
            with: Array(self.card(distillation, dimensions: rows.width).utf8)
        )
    }

    // MARK: Weights

    private func writeWeights(
        _ rows: FloatTable,
        of entries: VocabularyEntries,
        vocabulary: Int
    ) throws {
        let byteCount = vocabulary * rows.width * 4
        var header = Array(
            ("{\"embeddings\":{\"dtype\":\"F32\",\"shape\":[\(vocabulary),\(rows.width)],"
                + "\"data_offsets\":[0,\(byteCount)]}}").utf8
        )
        header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
        var file = try StagedFile(in: self.path)
        try file.write(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) })
        try file.write(header)
        let nothing = [UInt8](repeating: 0, count: rows.width * 4)
        var written = 0
        for (row, id) in entries.ids.enumerated() {
            for _ in written..<Int(id) { try file.write(nothing) }
            let values = rows.values[row * rows.width..<(row + 1) * rows.width]
            try file.write(UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: values)))
            written = Int(id) + 1
        }
        for _ in written..<vocabulary { try file.write(nothing) }
        try file.commit(to: self.path + "/model.safetensors")
    }

    // MARK: What is said of it

    private struct Config: Encodable {
        var modelType = "model2vec"
        var normalize = true
        var hiddenDim: Int
        var sifCoefficient = VocabularyEntries.smoothing
        var distilledFrom: DistillationOrigin
    }

    private func writeConfig(_ distillation: Distillation, dimensions: Int) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let config = Config(hiddenDim: dimensions, distilledFrom: distillation.origin)
        try replaceFile(self.path + "/config.json", with: [UInt8](try encoder.encode(config)))
    }

    private func card(_ distillation: Distillation, dimensions: Int) -> String {
        let origin = distillation.origin
        func stated(_ text: String) -> String { text.isEmpty ? "not stated" : text }
        var lines = ["---"]
        if !origin.licence.isEmpty { lines.append("license: \(origin.licence)") }
        lines += [
            "base_model: \(origin.name)", "library_name: model2vec", "---", "",
            "# A static model of \(origin.name)", "",
            "| | |", "|---|---|",
            "| Made of | \(origin.name), \(stated(origin.source)) |",
            "| SHA-256 of its weights | `\(origin.sha256)` |",
            "| Computed in | \(origin.precision) |",
            "| Licence | \(stated(origin.licence)) |",
            "| Languages | \(stated(origin.languages.joined(separator: ", "))) |",
            "| Dimensions | \(dimensions) |",
            "| Vocabulary | \(distillation.vocabulary) entries, \(distillation.entries) with a vector |",
            "",
            "Each entry of the vocabulary went through the encoder alone; principal components in double",
            "precision; weights a / (a + p) with a = \(VocabularyEntries.smoothing) and p the share that Zipf's law",
            "gives the entry by its rank. Method: Model2Vec.", "",
        ]
        return lines.joined(separator: "\n")
    }
}
