internal import Storage

/// What a model's `config.json` says, key by key: a refusal names the key and what stands there.
struct ConfigValues {
    private let json: JSONTree

    /// - Throws: ``EmbeddingError`` `.damagedModel`; `StorageError`.
    init(path: String) throws {
        guard let json = JSONTree(try readFile(path, maximumBytes: 1 << 20)) else {
            throw EmbeddingError(.damagedModel, "\(path): not JSON")
        }
        self.init(json)
    }

    init(_ json: JSONTree) { self.json = json }

    /// Nil where the key is missing or null.
    subscript(key: String) -> JSONTree? {
        guard let value = self.json[member: key] else { return nil }
        if case .null = value { return nil }
        return value
    }

    func contains(_ key: String) -> Bool { self.json[member: key] != nil }

    /// - Throws: ``EmbeddingError`` `.unsupportedModel`, as all below.
    func count(_ key: String, upTo limit: Int) throws(EmbeddingError) -> Int {
        guard let count = self[key]?.integer, count > 0, count <= limit else {
            throw self.refusal(key, "it must be 1...\(limit)")
        }
        return count
    }

    func flag(_ key: String, default value: Bool) throws(EmbeddingError) -> Bool {
        guard self.contains(key) else { return value }
        guard let flag = self[key]?.flag else {
            throw self.refusal(key, "it must be true or false")
        }
        return flag
    }

    func number(
        _ key: String,
        default value: Double,
        in range: ClosedRange<Double>
    ) throws(EmbeddingError) -> Double {
        guard self.contains(key) else { return value }
        guard case .number(let number)? = self[key], range.contains(number) else {
            throw self.refusal(key, "it must be \(range.lowerBound)...\(range.upperBound)")
        }
        return number
    }

    /// One of the texts in `allowed`.
    func choice<Value>(
        _ key: String,
        default text: String,
        _ allowed: KeyValuePairs<String, Value>
    ) throws(EmbeddingError) -> Value {
        let chosen = self.contains(key) ? self[key]?.text : text
        guard let value = allowed.first(where: { $0.key == chosen })?.value else {
            let names = allowed.map(\.key).joined(separator: ", ")
            throw self.refusal(key, "\(names) \(allowed.count == 1 ? "is" : "are")")
        }
        return value
    }

    /// The object of `key`; empty where there is none.
    func values(_ key: String) throws(EmbeddingError) -> ConfigValues {
        switch self[key] {
        case nil: return ConfigValues(.object([]))
        case .object(let members)?: return ConfigValues(.object(members))
        default: throw self.refusal(key, "it must be an object")
        }
    }

    /// Refuses what would change the arithmetic in ways that are not run.
    ///
    /// - Parameter keys: of which each is missing, null, false or 0 in a model that is.
    func requireOff(_ keys: String...) throws(EmbeddingError) {
        for key in keys {
            switch self[key] {
            case nil, .bool(false)?, .number(0)?: continue
            default: throw self.refusal(key, "only a model without it is")
            }
        }
    }

    func refusal(_ key: String, _ wanted: String) -> EmbeddingError {
        EmbeddingError(
            .unsupportedModel,
            "config.json: '\(key): \(self.spelled(key))' is not run; \(wanted)"
        )
    }

    private func spelled(_ key: String) -> String {
        switch self.json[member: key] {
        case nil: "(missing)"
        case .null?: "null"
        case .bool(let flag)?: "\(flag)"
        case .number(let number)?:
            number == number.rounded() && abs(number) < 1e15
                ? "\(Int(number))" : "\(number)"
        case .string(let bytes)?: String(decoding: bytes.prefix(80), as: UTF8.self)
        case .numbers?, .array?: "[…]"
        case .object?: "{…}"
        }
    }
}
