/// Which embedder is meant: all that is needed to make it again, on this machine or another.
///
/// An index keeps it beside its vectors, so that a search needs no pipeline file.
package enum EmbedderReference: Hashable, Sendable {
    case local(LocalReference)
    case remote(RemoteSettings)

    /// A model of the store by its name, with nothing else said.
    package static func named(_ name: String) -> EmbedderReference {
        .local(LocalReference(model: name))
    }

    /// What people know it by.
    package var name: String {
        switch self {
        case .local(let reference): reference.model
        case .remote(let settings): settings.model
        }
    }
}

/// A model that runs here.
package struct LocalReference: Hashable, Sendable, Codable {
    /// A name of the store, or an absolute path of a folder.
    package var model: String
    package var precision: Precision
    /// Nil takes what the model's own files say.
    package var queryPrefix: String?
    package var passagePrefix: String?
    /// The first so many dimensions are kept; nil keeps all.
    package var dimensions: Int?

    package init(
        model: String,
        precision: Precision = .auto,
        queryPrefix: String? = nil,
        passagePrefix: String? = nil,
        dimensions: Int? = nil
    ) {
        self.model = model
        self.precision = precision
        self.queryPrefix = queryPrefix
        self.passagePrefix = passagePrefix
        self.dimensions = dimensions
    }
}

/// Number format of a model's products.
package enum Precision: String, Sendable, Codable, CaseIterable {
    /// fp32: the only one that every machine runs, so that a workspace may move.
    case auto
    case fp32
    /// Half the memory, and twice the speed where the processor adds pairs of products as fast as single
    /// ones. Same bits on every x86-64 processor with AVX2 and FMA.
    case bf16
    /// A quarter of the memory and more than twice the speed where the processor has VNNI. Vectors are a
    /// little off: judge by `evaluate`.
    case int8
}

extension EmbedderReference: Codable {
    private enum CodingKeys: String, CodingKey {
        case local
        case remote
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let remote = try values.decodeIfPresent(RemoteSettings.self, forKey: .remote) {
            self = .remote(remote)
        } else {
            self = .local(try values.decode(LocalReference.self, forKey: .local))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .local(let reference): try values.encode(reference, forKey: .local)
        case .remote(let settings): try values.encode(settings, forKey: .remote)
        }
    }
}
