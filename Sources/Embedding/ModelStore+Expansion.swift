extension ModelStore {
    /// The model `name` that expands texts: a known one, a folder of the store, or an absolute path of another.
    ///
    /// - Parameter termLimit: how many terms of a text are kept.
    /// - Throws: ``EmbeddingError`` and `StorageError`, as ``load(name:queryPrefix:passagePrefix:precision:)``.
    package func expander(
        _ name: String,
        termLimit: Int = ExpansionModel.defaultTermLimit,
        precision: Precision = .auto
    ) throws -> ExpansionModel {
        let (folder, known) = try self.expanderFolder(name)
        let model = try ExpansionModel(
            name: lastPart(of: name),
            folder: folder,
            termLimit: termLimit,
            precision: precision
        )
        try self.checkWeights(of: known, model.identity)
        return model
    }

    /// What cuts queries as the model `name` cut the texts that it expanded.
    ///
    /// - Throws: as ``expander(_:termLimit:precision:)``, but that no weights are looked at.
    package func queryExpander(_ name: String) throws -> QueryExpander {
        try QueryExpander(model: name, folder: self.expanderFolder(name).path)
    }

    private func expanderFolder(_ name: String) throws -> (path: String, KnownModel?) {
        if name.hasPrefix("/") { return (name, nil) }
        let found = try self.checkedFolder(name)
        if let known = found.1, known.task != .expands {
            throw EmbeddingError(
                .unsupportedModel,
                "\(name) gives vectors, not terms: name it in a stage 'embed'"
            )
        }
        return found
    }
}

private func lastPart(of name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
}
