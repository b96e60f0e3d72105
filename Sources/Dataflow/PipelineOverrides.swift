/// Puts each override into the tree, as if the file said so.
///
/// A key is `workspace`, `shards` or `name`; `stage.key`; or `sources.source.key`.
func apply(_ overrides: [String: String], to tree: inout YAMLNode, findings: inout Findings) {
    for (key, text) in overrides.sorted(by: { $0.key < $1.key }) {
        let place = Place.override(key)
        guard let path = overridePath(key) else {
            findings.add(
                place,
                "an override is 'stage.key=value', 'sources.source.key=value', "
                    + "'workspace=…', 'shards=…' or 'name=…'"
            )
            continue
        }
        let value = YAMLNode(content: .scalar(YAMLScalar(text, style: .argument)), place: place)
        tree.set(value, at: path[...], place: place, findings: &findings)
    }
}

/// The keys that lead from the root to the overridden value.
private func overridePath(_ key: String) -> [String]? {
    let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    switch parts.count {
    case 1: return ["workspace", "shards", "name"].contains(key) ? parts : nil
    case 2: return ["stages"] + parts
    case 3 where parts.first == "sources" || parts.first == "stages": return parts
    default: return nil
    }
}

extension YAMLNode {
    fileprivate mutating func set(
        _ value: YAMLNode,
        at path: ArraySlice<String>,
        place: Place,
        findings: inout Findings
    ) {
        guard case .mapping(var entries) = self.content, let key = path.first else {
            findings.add(place, "the file has no mapping at this place")
            return
        }
        let index = entries.firstIndex { $0.key == key }
        if path.count == 1 {
            let entry = YAMLEntry(key: key, keyPlace: place, value: value)
            if let index { entries[index] = entry } else { entries.append(entry) }
        } else if let index {
            entries[index].value.set(value, at: path.dropFirst(), place: place, findings: &findings)
        } else {
            findings.addUnknown(
                place,
                "the pipeline has no \(quoted(key))",
                name: key,
                candidates: entries.map(\.key),
                listedAs: "it has"
            )
        }
        self.content = .mapping(entries)
    }
}
