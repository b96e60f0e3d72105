package import Dataflow
internal import Hashing
internal import Records

/// The rules of a pipeline that give the documents of one source access labels.
package struct LabelRules: Sendable {
    private struct Rule {
        let path: GlobSet?
        let metadata: [String: GlobSet]
        let labels: [String]

        func matches(_ place: some Sequence<UInt8>, _ metadata: [String: String]) -> Bool {
            guard self.path?.matches(place) ?? true else { return false }
            return self.metadata.allSatisfy { key, globs in
                metadata[key].map { globs.matches($0.utf8) } ?? false
            }
        }
    }

    private let source: String
    private let rules: [Rule]
    /// Of all that they say.
    let digest: Digest

    /// Nil where no rule concerns the source.
    ///
    /// - Throws: `.configuration` for a glob or a label that is none.
    package init?(
        _ configuration: [String: ConfigValue],
        of source: String
    ) throws(ConnectorError) {
        guard case .list(let values)? = configuration[LabelRuleKeys.ofSource], !values.isEmpty
        else { return nil }
        self.source = source
        var rules: [Rule] = []
        for (index, value) in values.enumerated() {
            guard case .map(let keys) = value else { continue }
            rules.append(try Self.rule(keys, "labels[\(index + 1)]", of: source))
        }
        self.rules = rules
        self.digest = sha256(["rules": ConfigValue.list(values)].canonicalText)
    }

    private static func rule(
        _ keys: [String: ConfigValue],
        _ name: String,
        of source: String
    ) throws(ConnectorError) -> Rule {
        let labels = keys[LabelRuleKeys.labels]?.stringListValue ?? []
        guard !labels.isEmpty else {
            throw ConnectorError(.configuration, path: name, "it gives no label; name one or more")
        }
        do throws(ConnectorError) { _ = try Labels.checked(labels, of: name) } catch {
            throw ConnectorError(.configuration, path: name, error.message)
        }
        var metadata: [String: GlobSet] = [:]
        if case .map(let globs)? = keys[LabelRuleKeys.metadata] {
            for (key, value) in globs {
                metadata[key] = try globSet(
                    value.stringListValue ?? [],
                    key: "\(name).metadata.\(key)",
                    of: source,
                    hidden: true
                )
            }
        }
        let paths = keys[LabelRuleKeys.path]?.stringListValue ?? []
        return Rule(
            path: paths.isEmpty
                ? nil : try globSet(paths, key: "\(name).path", of: source, hidden: true),
            metadata: metadata,
            labels: labels
        )
    }

    /// Whether a document's place alone decides.
    var readsPlacesAlone: Bool { self.rules.allSatisfy { $0.metadata.isEmpty } }

    /// The labels of a document: those that its source gives, and those of each rule that matches it.
    ///
    /// - Throws: `.permanent` where there are none: that nobody said who may see a document does not mean
    ///   that all may.
    func labels(
        of uri: String,
        metadata: [String: String],
        given: [String]
    ) throws(ConnectorError) -> [String] {
        let place = uri.utf8.dropFirst(self.source.utf8.count + 1)
        var labels = given
        for rule in self.rules where rule.matches(place, metadata) { labels += rule.labels }
        guard !labels.isEmpty else {
            throw ConnectorError(
                .permanent,
                path: uri,
                "no rule of 'labels' matches it, and its source gives it no label; a rule without 'path' and "
                    + "'metadata' at the end, such as { labels: public }, takes in what no other does"
            )
        }
        return try Labels.checked(labels, of: uri)
    }
}
