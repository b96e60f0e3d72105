/// The model that a static one was made of, as its `config.json` has it under `distilled_from`.
package struct DistillationOrigin: Hashable, Sendable, Codable {
    package var name: String
    /// Where it came from.
    package var source: String
    /// As its maker states it, for what is made of it too; empty where nobody said.
    package var licence: String
    /// Primary tags of the languages it was made for; empty where nobody said.
    package var languages: [String]
    /// Of its weights.
    package var sha256: String
    /// Of its products when the vectors were made.
    package var precision: String

    package init(name: String, source: String, licence: String, languages: [String]) {
        self.name = name
        self.source = source
        self.licence = licence
        self.languages = languages
        self.sha256 = ""
        self.precision = ""
    }
}

extension ModelStore {
    /// What the model in `folder` was distilled from; nil for one that was not.
    package func origin(ofFolder folder: String) -> DistillationOrigin? {
        (try? ModelConfig(path: folder + "/config.json"))?.distilledFrom
    }

    /// What the configuration in a folder calls the model's family; empty where it says nothing.
    package func family(ofFolder folder: String) -> String {
        (try? ModelConfig(path: folder + "/config.json"))?.modelType ?? ""
    }

    /// Primary tags of the languages that a model, or the one it was distilled from, was made for; empty where
    /// nobody said.
    package func languages(of reference: LocalReference) -> [String] {
        KnownModel.all.first { $0.name == reference.model }?.languages
            ?? self.origin(ofFolder: self.path(of: reference))?.languages ?? []
    }
}
