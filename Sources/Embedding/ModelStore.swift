internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// The folder that holds one folder a model.
package struct ModelStore: Sendable {
    package enum Status: Hashable, Sendable {
        case present
        /// Not there; the remedy is the command that fetches it.
        case missing(remedy: String)
        /// There, but not what was published.
        case damaged(reason: String)
    }

    package let root: String

    package init(root: String = Self.defaultRoot) { self.root = root }

    /// `$MILLRACE_MODELS`, else `$XDG_CACHE_HOME/millrace/models`, else `~/.cache/millrace/models`.
    package static var defaultRoot: String { self.root(ProcessInfo.processInfo.environment) }

    static func root(_ environment: [String: String]) -> String {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let models = value("MILLRACE_MODELS") { return models }
        if let cache = value("XDG_CACHE_HOME") { return cache + "/millrace/models" }
        return (value("HOME") ?? NSHomeDirectory()) + "/.cache/millrace/models"
    }

    /// The model that `reference` means, with its prefixes and dimensions.
    ///
    /// - Throws: as ``load(name:queryPrefix:passagePrefix:precision:)``; `.unsupportedModel` for more
    ///   dimensions than the model has.
    package func load(_ reference: LocalReference) throws -> any EmbeddingModel {
        let model = try self.load(
            name: reference.model,
            queryPrefix: reference.queryPrefix,
            passagePrefix: reference.passagePrefix,
            precision: reference.precision
        )
        guard let dimensions = reference.dimensions, dimensions != model.identity.dimensions else {
            return model
        }
        return try CutModel(model, dimensions: dimensions)
    }

    /// The model `name`: a known one, `hash`, a folder of the store, or an absolute path of another.
    ///
    /// Weights are mapped and shared by all threads, and hashed where no process has hashed these files
    /// before (30 MB take 20 ms); a known model's files must be the published ones.
    ///
    /// Prefixes are put before each text of their role, for models trained with them; `hash`
    /// ignores them. Nil takes what the model's own files say.
    ///
    /// - Throws: ``EmbeddingError``: `.missingModel`, whose message is the command to type,
    ///   `.unknownModel`, `.damagedModel`, `.unsupportedModel`, also for a precision of products that the
    ///   model has not, `.unsupportedProcessor` for one that this machine does not compute;
    ///   `StorageError` of a file.
    package func load(
        name: String,
        queryPrefix: String? = nil,
        passagePrefix: String? = nil,
        precision: Precision = .auto
    ) throws -> any EmbeddingModel {
        if name == "hash" {
            try self.requireExact(precision, of: name)
            return HashModel()
        }
        if name.hasPrefix("/") {
            let last = name.split(separator: "/").last.map(String.init) ?? "model"
            return try self.open(name: last, name, queryPrefix, passagePrefix, precision)
        }
        let (folder, known) = try self.checkedFolder(name)
        if let known, known.task != .embeds {
            throw EmbeddingError(
                .unsupportedModel,
                "\(name) gives terms, not vectors: name it in a stage 'expand'"
            )
        }
        let model = try self.open(name: name, folder, queryPrefix, passagePrefix, precision)
        try self.checkWeights(of: known, model.identity)
        return model
    }

    /// The folder of a model of the store; of a known one, whose files but its weights are the published ones.
    func checkedFolder(_ name: String) throws(EmbeddingError) -> (path: String, KnownModel?) {
        let known = KnownModel.all.first { $0.name == name }
        try self.requirePlainName(name)
        let folder = self.folder(name)
        guard fileExists(folder + "/config.json") else {
            if let known { throw EmbeddingError(.missingModel, known.remedy) }
            throw self.unknown(name)
        }
        if let known {
            try self.check(known, files: known.files.filter { !$0.isWeights }, isRemembered: true)
        }
        return (folder, known)
    }

    func checkWeights(
        of known: KnownModel?,
        _ identity: ModelIdentity
    ) throws(EmbeddingError) {
        guard let known, let weights = known.files.first(where: \.isWeights),
            weights.sha256 != identity.sha256
        else { return }
        throw self.damaged(known, "\(weights.name) is not the published file")
    }

    /// Whether the known model `name` is there and whole; reads and hashes all of its files.
    package func status(name: String) throws -> Status {
        guard let known = KnownModel.all.first(where: { $0.name == name }) else {
            throw self.unknown(name)
        }
        guard fileExists(self.folder(name)) else { return .missing(remedy: known.remedy) }
        do {
            try self.check(known, files: known.files, isRemembered: false)
            return .present
        } catch {
            return .damaged(reason: "\(error)")
        }
    }

    /// Where the model `name` is, or would be.
    package func folder(_ name: String) -> String { self.root + "/" + name }

    private func open(
        name: String,
        _ folder: String,
        _ queryPrefix: String?,
        _ passagePrefix: String?,
        _ precision: Precision
    ) throws -> any EmbeddingModel {
        switch try ModelFolder(path: folder).config.modelType {
        case "model2vec":
            try self.requireExact(precision, of: name)
            return try StaticModel(
                name: name,
                folder: folder,
                queryPrefix: queryPrefix,
                passagePrefix: passagePrefix
            )
        default:
            return try EncoderModel(
                name: name,
                folder: folder,
                queryPrefix: queryPrefix,
                passagePrefix: passagePrefix,
                precision: precision
            )
        }
    }

    /// A table of vectors is added up in fp32: there is no product that could be computed otherwise.
    private func requireExact(_ precision: Precision, of name: String) throws(EmbeddingError) {
        switch precision {
        case .auto, .fp32: return
        case .bf16, .int8:
            throw EmbeddingError(
                .unsupportedModel,
                "'precision: \(precision.rawValue)': \(name) is a table of vectors without products; "
                    + "use auto or fp32"
            )
        }
    }

    /// - Parameter isRemembered: Whether a hash that was made before is good enough.
    private func check(
        _ known: KnownModel,
        files: [KnownModel.File],
        isRemembered: Bool
    ) throws(EmbeddingError) {
        for file in files {
            let mapped: MappedFile
            do {
                mapped = try MappedFile(path: self.folder(known.name) + "/" + file.name)
            } catch {
                throw self.damaged(known, error.message)
            }
            guard mapped.byteCount == file.byteCount else {
                throw self.damaged(
                    known,
                    "\(mapped.path) has \(mapped.byteCount) bytes, expected \(file.byteCount)"
                )
            }
            let hash =
                isRemembered
                ? RememberedHashes.sha256(of: mapped) : mapped.withBytes { sha256($0).hex }
            guard hash == file.sha256 else {
                throw self.damaged(known, "\(mapped.path) is not the published file")
            }
        }
    }

    /// A name is one path component, so that it cannot lead out of the store.
    func requirePlainName(_ name: String) throws(EmbeddingError) {
        guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(UInt8(ascii: "/")),
            !name.utf8.contains(0)
        else { throw self.unknown(name) }
    }

    private func unknown(_ name: String) -> EmbeddingError {
        let names = KnownModel.all.map(\.name).joined(separator: ", ")
        return EmbeddingError(
            .unknownModel,
            "no model '\(name)' in \(self.root); known models: \(names)"
        )
    }

    private func damaged(_ known: KnownModel, _ reason: String) -> EmbeddingError {
        EmbeddingError(.damagedModel, "\(reason); \(known.remedy)")
    }
}

extension KnownModel.File {
    fileprivate var isWeights: Bool { self.name == "model.safetensors" }
}
