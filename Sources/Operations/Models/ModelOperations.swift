internal import Embedding
internal import Foundation
internal import Storage
internal import Telemetry

/// The models of the store, and the known ones that are not there.
package func listModels(root: String? = nil) -> ModelListReport {
    let store = ModelStore(at: root)
    let known = KnownModel.all.map(\.name)
    let names = known + store.names.filter { !known.contains($0) && isEmbedder($0, in: store) }
    return ModelListReport(root: store.root, models: names.map { report(on: $0, in: store) })
}

/// - Parameter name: of the store, or a path of a folder.
/// - Throws: ``OperationError`` `.noSuchState`.
package func showModel(_ name: String, root: String? = nil) throws -> ModelDetailReport {
    let store = ModelStore(at: root)
    let reference = modelReference(name)
    let report = report(on: reference, in: store)
    guard report.state != .missing else {
        throw OperationError(.noSuchState, "model '\(name)' is not there; \(report.remedy)")
    }
    let readings = (try? store.load(LocalReference(model: reference)))?.languageReadings ?? []
    let known = KnownModel.all.first { $0.name == name }
    let files =
        known?.files.map { ($0.name, $0.byteCount, $0.sha256) }
        ?? store.record(of: name)?.files.map { ($0.name, $0.byteCount, $0.sha256) } ?? []
    return ModelDetailReport(
        model: report,
        files: files.map { .init(name: $0.0, byteCount: $0.1, sha256: $0.2) },
        readings: readings.map {
            .init(
                language: $0.language,
                unknownShare: $0.unknownShare,
                tokensPerCharacter: $0.tokensPerCharacter
            )
        }
    )
}

/// Takes a folder or a wheel into the store.
///
/// - Parameter name: nil takes the last part of the path, without `.whl` and a wheel's version.
/// - Throws: ``OperationError`` `.configuration` for what is no model that runs, or a name that is taken.
package func addModel(path: String, name: String?, root: String? = nil) throws -> ModelReport {
    let store = ModelStore(at: root)
    let path = absolutePath(path)
    let last = path.split(separator: "/").last.map(String.init) ?? ""
    let isWheel = last.hasSuffix(".whl")
    let chosen = name ?? (isWheel ? String(last.prefix { $0 != "-" }) : last)
    do {
        _ = try store.add(path: path, name: chosen)
    } catch let error as EmbeddingError {
        throw OperationError(.configuration, error.message)
    } catch let error as StorageError {
        guard error.code == .alreadyExists else { throw OperationError(.fatal, error.message) }
        throw OperationError(
            .configuration,
            "there is a model '\(chosen)' in \(store.root) already; give another --name, or remove its folder"
        )
    }
    return report(on: chosen, in: store)
}

/// Reads and hashes every file of the models that are there.
///
/// - Parameter names: empty for all.
package func verifyModels(_ names: [String], root: String? = nil) -> ModelVerifyReport {
    let store = ModelStore(at: root)
    let chosen = names.isEmpty ? store.names.filter { isEmbedder($0, in: store) } : names
    var models: [String: String] = [:]
    for name in chosen {
        do {
            try store.verify(name: name)
            models[name] = ""
        } catch {
            models[name] = "\(error)"
        }
    }
    return ModelVerifyReport(root: store.root, models: models)
}

/// Embeds made-up texts of about 200 tokens for about `seconds` of processor time on one thread.
///
/// - Throws: ``OperationError`` `.configuration`.
package func benchModel(
    _ name: String,
    precision: String,
    seconds: Double,
    root: String? = nil
) throws -> ModelBenchReport {
    let model = try loaded(name, precision: precision, root: root)
    let texts = benchTexts.map { EmbeddingInput(text: $0) }
    return try translatingErrors {
        _ = try model.embed(Array(texts.prefix(1)))
        let start = ProcessUsage.now().processorSeconds
        var (tokens, count, spent) = (0, 0, 0.0)
        repeat {
            for output in try model.embed(texts) { tokens += output.tokenCount }
            count += texts.count
            spent = ProcessUsage.now().processorSeconds - start
        } while spent < seconds
        return ModelBenchReport(
            model: model.identity.name,
            precision: model.identity.precision,
            texts: count,
            tokens: tokens,
            processorSeconds: spent,
            tokensPerProcessorSecond: Double(tokens) / max(spent, 1e-9)
        )
    }
}

/// The words of the samples in turn, so that every run reads the same.
private let benchTexts: [String] = {
    let words = languageSamples.filter { ["en", "de", "fr", "es"].contains($0.language) }
        .flatMap { $0.text.split(separator: " ") }
    return (0..<16).map { text in
        (0..<150).map { String(words[(text * 7 + $0 * 3) % words.count]) }.joined(separator: " ")
    }
}()

private func loaded(
    _ name: String,
    precision: String,
    root: String?
) throws -> any EmbeddingModel {
    guard let precision = Precision(rawValue: precision) else {
        throw OperationError(.configuration, "there is no precision '\(precision)'")
    }
    do {
        return try ModelStore(at: root).load(
            LocalReference(model: modelReference(name), precision: precision)
        )
    } catch let error as EmbeddingError {
        throw OperationError(.configuration, error.message)
    }
}

/// A name of the store, or the absolute path of a folder that is written as one.
func modelReference(_ name: String) -> String {
    name.hasPrefix("/") || name.hasPrefix("./") || name.hasPrefix("../")
        ? absolutePath(name) : name
}

/// Models for other tasks are in the store too.
private func isEmbedder(_ name: String, in store: ModelStore) -> Bool {
    fileExists(store.folder(name) + "/model.safetensors")
}

/// What is known of a model, which is loaded for it.
func report(on name: String, in store: ModelStore) -> ModelReport {
    let known = KnownModel.all.first { $0.name == name }
    let folder = store.path(of: name)
    var report = statedReport(on: name, in: store)
    guard store.hasFolder(name) else { return report }
    do {
        let identity =
            known?.task == .expands
            ? try store.expander(name).identity
            : try store.load(LocalReference(model: name)).identity
        report.state = .present
        report.remedy = ""
        report.sha256 = identity.sha256
        report.dimensions = identity.dimensions
        report.maximumTokens = identity.maximumTokens
        report.queryPrefix = identity.queryPrefix
        report.passagePrefix = identity.passagePrefix
        report.tokenizer = identity.tokenizer
        report.precision = identity.precision
        report.byteCount = (try? MappedFile(path: folder + "/model.safetensors"))?.byteCount ?? 0
    } catch {
        report.state = .damaged
        report.remedy = "\(error)"
    }
    return report
}

/// What is said of a model, which is not loaded: as of one that is not there.
func statedReport(on name: String, in store: ModelStore) -> ModelReport {
    let known = KnownModel.all.first { $0.name == name }
    let folder = store.path(of: name)
    let origin = store.origin(ofFolder: folder)
    return ModelReport(
        name: name,
        state: .missing,
        remedy: known?.remedy ?? "add it with 'millrace models add FOLDER'",
        source: known?.source ?? origin?.sourceText ?? store.record(of: name)?.source ?? folder,
        licence: known?.licence ?? statedLicence(in: folder),
        family: store.family(ofFolder: folder),
        sha256: "",
        dimensions: 0,
        maximumTokens: 0,
        queryPrefix: "",
        passagePrefix: "",
        tokenizer: "",
        precision: "",
        languages: store.languages(of: LocalReference(model: name)),
        byteCount: 0
    )
}

/// What the front matter of a model's README says.
private func statedLicence(in folder: String) -> String {
    guard let bytes = try? readFile(folder + "/README.md", maximumBytes: 4 << 20) else { return "" }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("---") else { return "" }
    for line in text.split(separator: "\n").dropFirst().prefix(80) {
        if line.hasPrefix("---") { return "" }
        if line.hasPrefix("license:") {
            return line.dropFirst(8).trimmingCharacters(in: .whitespaces)
        }
    }
    return ""
}

extension ModelStore {
    init(at root: String?) {
        if let root { self.init(root: root) } else { self.init() }
    }

    /// The folder of a model by its name in the store, or by its absolute path.
    fileprivate func path(of name: String) -> String {
        name.hasPrefix("/") ? name : self.folder(name)
    }

    /// Whether something that may be a model is there.
    func hasFolder(_ name: String) -> Bool { fileExists(self.path(of: name) + "/config.json") }
}
