extension RedactionPolicy: Codable {
    private enum Key: String, CodingKey, CaseIterable {
        case version, name, kinds, action, threshold, rules, context, allow, dictionaries, patterns
        case pseudonymKey = "pseudonym_key"
        case keepLast = "keep_last"
        case uris, cases
    }

    /// Reads a policy and holds it to its rules: unknown keys, kinds and actions are errors, whose
    /// coding path says where.
    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(decoder, Key.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Key.self)
        let version = try values.decode(Int.self, forKey: .version)
        guard version == Self.formatVersion else {
            throw wrong(values, .version, "version \(version) is not \(Self.formatVersion)")
        }
        self.init()
        self.name = try values.decodeIfPresent(String.self, forKey: .name) ?? ""
        if let kinds = try values.decodeIfPresent([PIIKind].self, forKey: .kinds) {
            self.kinds = Set(kinds)
        }
        self.fallback = try decodeAction(values, .action, .keepLast) ?? .placeholder
        self.threshold = try decodeShare(values, .threshold) ?? 0.5
        self.rules = try values.decodeIfPresent([Rule].self, forKey: .rules) ?? []
        self.context = try values.decodeIfPresent([ContextWords].self, forKey: .context) ?? []
        self.allowed = try values.decodeIfPresent([AllowList].self, forKey: .allow) ?? []
        self.dictionaries = try values.decodeIfPresent([Terms].self, forKey: .dictionaries) ?? []
        self.patterns = try values.decodeIfPresent([Shape].self, forKey: .patterns) ?? []
        self.keyID = try values.decodeIfPresent(String.self, forKey: .pseudonymKey) ?? ""
        guard self.keyID.utf8.allSatisfy(isKeyByte), self.keyID.utf8.count <= 16 else {
            throw wrong(values, .pseudonymKey, "a key id has up to 16 letters and digits")
        }
        guard !self.needsKey || !self.keyID.isEmpty else {
            throw wrong(values, .pseudonymKey, "the action 'pseudonym' needs a 'pseudonym_key'")
        }
        self.redactsURIs = try decodeURIs(values, .uris)
        self.cases = try values.decodeIfPresent([Case].self, forKey: .cases) ?? []
    }

    /// Writes every key, sets in order: the canonical form.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(Self.formatVersion, forKey: .version)
        try values.encode(self.name, forKey: .name)
        try values.encode(self.kinds.map(\.rawValue).sorted(), forKey: .kinds)
        try values.encode(self.fallback.name, forKey: .action)
        try values.encodeIfPresent(self.fallback.keepLast, forKey: .keepLast)
        try values.encode(self.threshold, forKey: .threshold)
        try values.encode(self.rules, forKey: .rules)
        try values.encode(self.context, forKey: .context)
        try values.encode(self.allowed, forKey: .allow)
        try values.encode(self.dictionaries, forKey: .dictionaries)
        try values.encode(self.patterns, forKey: .patterns)
        try values.encode(self.keyID, forKey: .pseudonymKey)
        try values.encode(self.redactsURIs ? "redact" : "keep", forKey: .uris)
        try values.encode(self.cases, forKey: .cases)
    }
}

extension PIIKind: Codable {
    package init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        guard let kind = PIIKind(rawValue: name) else {
            let known = Self.allCases.map(\.rawValue)
            throw UnknownName(name, noun: "kind", known: known).error(at: decoder.codingPath)
        }
        self = kind
    }
}

extension RedactionPolicy.Rule: Codable {
    private enum Key: String, CodingKey, CaseIterable {
        case kind, source, language, region, action, threshold
        case keepLast = "keep_last"
    }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(decoder, Key.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Key.self)
        guard let action = try decodeAction(values, .action, .keepLast) else {
            throw wrong(values, .action, "a rule needs an action")
        }
        self.init(action: action)
        self.kinds = Set(try values.decodeIfPresent([PIIKind].self, forKey: .kind) ?? [])
        self.sources = Set(try values.decodeIfPresent([String].self, forKey: .source) ?? [])
        self.languages = Set(try values.decodeIfPresent([String].self, forKey: .language) ?? [])
        self.regions = Set(try values.decodeIfPresent([String].self, forKey: .region) ?? [])
        self.threshold = try decodeShare(values, .threshold)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(self.kinds.map(\.rawValue).sorted(), forKey: .kind)
        try values.encode(self.sources.sorted(), forKey: .source)
        try values.encode(self.languages.sorted(), forKey: .language)
        try values.encode(self.regions.sorted(), forKey: .region)
        try values.encode(self.action.name, forKey: .action)
        try values.encodeIfPresent(self.action.keepLast, forKey: .keepLast)
        try values.encodeIfPresent(self.threshold, forKey: .threshold)
    }
}

extension RedactionPolicy.ContextWords: Codable {
    private enum Key: String, CodingKey, CaseIterable { case kind, words, raise }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(decoder, Key.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            kind: try values.decode(PIIKind.self, forKey: .kind),
            words: try values.decode([String].self, forKey: .words),
            raise: try decodeShare(values, .raise) ?? 0.3
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(self.kind, forKey: .kind)
        try values.encode(self.words.sorted(), forKey: .words)
        try values.encode(self.raise, forKey: .raise)
    }
}

extension RedactionPolicy.AllowList: Codable {
    private enum Key: String, CodingKey, CaseIterable { case kind, values, suffixes }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(decoder, Key.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Key.self)
        self.init()
        self.kinds = Set(try values.decodeIfPresent([PIIKind].self, forKey: .kind) ?? [])
        self.values = Set(try values.decodeIfPresent([String].self, forKey: .values) ?? [])
        self.suffixes = Set(try values.decodeIfPresent([String].self, forKey: .suffixes) ?? [])
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(self.kinds.map(\.rawValue).sorted(), forKey: .kind)
        try values.encode(self.values.sorted(), forKey: .values)
        try values.encode(self.suffixes.sorted(), forKey: .suffixes)
    }
}

extension RedactionPolicy.Terms: Codable {
    private enum Key: String, CodingKey, CaseIterable { case name, terms }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(decoder, Key.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            terms: try values.decode([String].self, forKey: .terms)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(self.name, forKey: .name)
        try values.encode(self.terms.sorted(), forKey: .terms)
    }
}

extension RedactionPolicy.Shape: Codable {
    private enum Key: String, CodingKey, CaseIterable { case name, pattern }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(decoder, Key.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            pattern: try values.decode(String.self, forKey: .pattern)
        )
        guard TermPattern(self.pattern) != nil else {
            throw wrong(values, .pattern, "the pattern has no two literal letters to start from")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(self.name, forKey: .name)
        try values.encode(self.pattern, forKey: .pattern)
    }
}

extension RedactionPolicy.Case: Codable {
    private enum Key: String, CodingKey, CaseIterable { case text, expect, source, language }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(decoder, Key.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            text: try values.decode(String.self, forKey: .text),
            expected: try values.decode(String.self, forKey: .expect),
            source: try values.decodeIfPresent(String.self, forKey: .source) ?? "",
            language: try values.decodeIfPresent(String.self, forKey: .language) ?? ""
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(self.text, forKey: .text)
        try values.encode(self.expected, forKey: .expect)
        try values.encode(self.source, forKey: .source)
        try values.encode(self.language, forKey: .language)
    }
}

extension RedactionPolicy.Action {
    /// Masks keep no more than this.
    package static let keepLastLimit = 4

    package var name: String {
        switch self {
        case .placeholder: "placeholder"
        case .mask: "mask"
        case .pseudonym: "pseudonym"
        case .generalise: "generalise"
        case .dropChunk: "drop_chunk"
        case .dropDocument: "drop_document"
        case .quarantine: "quarantine"
        case .allow: "allow"
        }
    }

    static let names = [
        "placeholder", "mask", "pseudonym", "generalise", "drop_chunk", "drop_document",
        "quarantine", "allow",
    ]

    var keepLast: Int? { if case .mask(let count) = self { count } else { nil } }

    init?(name: String, keepLast: Int) {
        switch name {
        case "placeholder": self = .placeholder
        case "mask": self = .mask(keepLast: keepLast)
        case "pseudonym": self = .pseudonym
        case "generalise": self = .generalise
        case "drop_chunk": self = .dropChunk
        case "drop_document": self = .dropDocument
        case "quarantine": self = .quarantine
        case "allow": self = .allow
        default: return nil
        }
    }
}

/// A name in a policy that is none of those that may stand in its place.
package struct UnknownName: Error, Hashable, Sendable {
    package let name: String
    /// What it would be the name of: `kind`, `action` or `key`.
    package let noun: String
    package let known: [String]

    init(_ name: String, noun: String, known: [String]) {
        self.name = name
        self.noun = noun
        self.known = known
    }

    fileprivate func error(at path: [any CodingKey]) -> DecodingError {
        .dataCorrupted(
            .init(
                codingPath: path,
                debugDescription: "unknown \(self.noun) '\(self.name)'",
                underlyingError: self
            )
        )
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

private func requireKnownKeys(_ decoder: any Decoder, _ known: [String]) throws {
    let found = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    guard let unknown = found.filter({ !known.contains($0) }).min() else { return }
    throw UnknownName(unknown, noun: "key", known: known)
        .error(at: decoder.codingPath + [AnyKey(stringValue: unknown)])
}

private func wrong<Key: CodingKey>(
    _ values: KeyedDecodingContainer<Key>,
    _ key: Key,
    _ message: String
) -> DecodingError {
    .dataCorruptedError(forKey: key, in: values, debugDescription: message)
}

private func decodeShare<Key: CodingKey>(
    _ values: KeyedDecodingContainer<Key>,
    _ key: Key
) throws -> Float? {
    guard let share = try values.decodeIfPresent(Float.self, forKey: key) else { return nil }
    guard (0...1).contains(share) else { throw wrong(values, key, "expected a number from 0 to 1") }
    return share
}

private func decodeURIs<Key: CodingKey>(
    _ values: KeyedDecodingContainer<Key>,
    _ key: Key
) throws -> Bool {
    switch try values.decodeIfPresent(String.self, forKey: key) ?? "keep" {
    case "keep": return false
    case "redact": return true
    default: throw wrong(values, key, "expected keep or redact")
    }
}

private func decodeAction<Key: CodingKey>(
    _ values: KeyedDecodingContainer<Key>,
    _ key: Key,
    _ keepKey: Key
) throws -> RedactionPolicy.Action? {
    guard let name = try values.decodeIfPresent(String.self, forKey: key) else { return nil }
    let limit = RedactionPolicy.Action.keepLastLimit
    let keepLast = try values.decodeIfPresent(Int.self, forKey: keepKey) ?? limit
    guard (0...limit).contains(keepLast) else {
        throw wrong(values, keepKey, "a mask keeps 0 to \(limit)")
    }
    guard let action = RedactionPolicy.Action(name: name, keepLast: keepLast) else {
        throw UnknownName(name, noun: "action", known: RedactionPolicy.Action.names)
            .error(at: values.codingPath + [key])
    }
    return action
}

private func isKeyByte(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x5F
}
