internal import Embedding
internal import Storage

/// One model of the store, or one that could be fetched.
package struct ModelReport: Sendable, Codable, Hashable {
    package enum State: String, Sendable, Codable {
        case present
        case missing
        /// There, and it cannot be loaded or is not what was published.
        case damaged
    }

    package var name: String
    package var state: State
    /// What to type where it is not present; empty otherwise.
    package var remedy: String
    /// Where it came from.
    package var source: String
    /// As its maker states it; empty where nobody said.
    package var licence: String
    /// As its configuration calls it: `bert`, `modernbert`, `model2vec`.
    package var family: String
    /// Of the weights.
    package var sha256: String
    package var dimensions: Int
    package var maximumTokens: Int
    package var queryPrefix: String
    package var passagePrefix: String
    package var tokenizer: String
    package var precision: String
    /// Primary tags of the languages it was made for; empty where nobody said.
    package var languages: [String]
    package var byteCount: Int
}

package struct ModelListReport: Sendable, Codable {
    package var root: String
    package var models: [ModelReport]
}

/// What is known of one model, with how it reads languages.
package struct ModelDetailReport: Sendable, Codable {
    package var model: ModelReport
    package var files: [File]
    package var readings: [LanguageReading]

    package struct File: Sendable, Codable, Hashable {
        package var name: String
        package var byteCount: Int
        package var sha256: String
    }

    package struct LanguageReading: Sendable, Codable, Hashable {
        package var language: String
        package var unknownShare: Double
        package var tokensPerCharacter: Double
    }
}

package struct ModelVerifyReport: Sendable, Codable {
    package var root: String
    /// Name → what is wrong; empty where the model is sound.
    package var models: [String: String]
    package var isSound: Bool { self.models.values.allSatisfy(\.isEmpty) }

    private enum CodingKeys: String, CodingKey {
        case root
        case models
    }
}

package struct ModelBenchReport: Sendable, Codable {
    package var model: String
    package var precision: String
    package var texts: Int
    package var tokens: Int
    package var processorSeconds: Double
    package var tokensPerProcessorSecond: Double
}
