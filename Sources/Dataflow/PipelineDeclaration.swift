internal import Records

/// What a pipeline file says, read and checked key by key; the graph is checked after.
struct PipelineDeclaration {
    static let supportedVersion = 1
    static let shardCountRange = 1...1024
    static let shardCountDefault = 8
    static let priorityRange = -1000...1000
    static let rootKeys = [
        "version", "name", "workspace", "shards", "sources", "stages", "gate", "retention",
        RerankKeys.name, LabelRuleKeys.name,
    ]
    static let sourceKeys = ["type", "priority"]
    static let stageKeys = ["uses", "from"]
    static let mediaKey = "media"
    /// Keeps the walks over the graph, which recurse, far from the end of a stack.
    static let stageCountMax = 256

    struct Source {
        var name: String
        var place: Place
        /// Empty when the file's type is unknown.
        var type = ""
        var priority = 0
        var configuration: [String: ConfigValue] = [:]
    }

    struct Input {
        var name: String
        /// As the file has it, before expansion.
        var shown: String
        var place: Place
    }

    struct Stage {
        var name: String
        var place: Place
        /// Nil when the file's stage kind is unknown.
        var descriptor: StageDescriptor?
        var inputs: [Input] = []
        /// Sorted; their order has no meaning.
        var mediaTypes: [String] = []
        var configuration: [String: ConfigValue] = [:]
    }

    var name = ""
    var workspace = ""
    /// The address of a workspace on object storage.
    var remote: String?
    var shardCount = Self.shardCountDefault
    var sources: [Source] = []
    var stages: [Stage] = []
    var gate: GateSettings?
    var retention = RetentionSettings()
    var rerank: RerankSettings?
    /// Where `stages` stands, for what concerns the graph as a whole.
    var stagesPlace: Place
}

/// Refuses a file of another version before anything else in it is judged by the wrong rules.
func checkVersion(of tree: YAMLNode) throws(PipelineError) {
    var findings = Findings()
    let supported = PipelineDeclaration.supportedVersion
    guard let entries = tree.entries else {
        let found = tree.found(isSecret: false)
        findings.add(tree.place, "a pipeline is a mapping of keys, found \(found)")
        throw findings.error
    }
    guard let version = entries.first(where: { $0.key == "version" })?.value else {
        findings.add(
            tree.place,
            "the pipeline lacks the required key 'version'; "
                + "this program reads version \(supported)"
        )
        throw findings.error
    }
    if case .scalar(let scalar) = version.content, scalar.shape == .int(supported) { return }
    findings.add(
        version.place,
        "version: found \(version.found(isSecret: false)), but this program reads version "
            + "\(supported)"
    )
    throw findings.error
}

func readDeclaration(
    _ tree: YAMLNode,
    catalogue: StageCatalogue,
    directory: String,
    findings: inout Findings
) -> PipelineDeclaration {
    var reader = DeclarationReader(
        catalogue: catalogue,
        directory: directory,
        root: tree,
        findings: findings
    )
    reader.readRoot()
    findings = reader.findings
    return reader.declaration
}

private struct DeclarationReader {
    let catalogue: StageCatalogue
    let directory: String
    let root: YAMLNode
    var findings: Findings
    var declaration: PipelineDeclaration

    init(catalogue: StageCatalogue, directory: String, root: YAMLNode, findings: Findings) {
        self.catalogue = catalogue
        self.directory = directory
        self.root = root
        self.findings = findings
        self.declaration = PipelineDeclaration(stagesPlace: root.place)
    }

    mutating func readRoot() {
        let entries = self.root.entries ?? []
        let values = readConfiguration(
            entries,
            parameters: rootParameters,
            reservedKeys: [
                "version", "sources", "stages", GateKeys.name, RetentionKeys.name, RerankKeys.name,
                LabelRuleKeys.name,
            ],
            reader: ParameterReader(owner: "the pipeline", directory: self.directory),
            ownerPlace: self.root.place,
            findings: &self.findings
        )
        self.declaration.workspace = values["workspace"]?.stringValue ?? ""
        self.readRemote(entries)
        self.declaration.shardCount = values["shards"]?.intValue ?? 1
        self.declaration.name = values["name"]?.stringValue ?? ""
        if let node = entries.first(where: { $0.key == "name" })?.value, values["name"] != nil {
            self.checkName(self.declaration.name, of: "the pipeline's name", node: node)
        }
        for entry in self.members(of: "sources", entries) { self.readSource(entry) }
        for entry in self.members(of: "stages", entries) { self.readStage(entry) }
        self.checkNamesAreDistinct()
        self.declaration.gate = readGate(
            in: entries,
            directory: self.directory,
            findings: &self.findings
        )
        let names = self.declaration.sources.map(\.name)
        self.declaration.retention = readRetention(
            in: entries,
            sources: names,
            findings: &self.findings
        )
        self.declaration.rerank = readRerank(
            in: entries,
            directory: self.directory,
            findings: &self.findings
        )
        let rules = readLabelRules(in: entries, sources: names, findings: &self.findings)
        for index in self.declaration.sources.indices {
            let name = self.declaration.sources[index].name
            self.declaration.sources[index].configuration[LabelRuleKeys.ofSource] = rules[name]
        }
    }

    /// The workspace may be an address on object storage; another URL would become the path of a folder of that
    /// name.
    private mutating func readRemote(_ entries: [YAMLEntry]) {
        guard let node = entries.first(where: { $0.key == "workspace" })?.value,
            case .scalar(let scalar) = node.content, scalar.text.contains("://")
        else { return }
        let parts = scalar.text.split(separator: "/", omittingEmptySubsequences: false)
        if scalar.text.hasPrefix("s3://"), parts.count > 3, !parts[2].isEmpty, !parts[3].isEmpty {
            self.declaration.remote = scalar.text
            self.declaration.workspace = scalar.text
            return
        }
        self.findings.add(
            node.place,
            "key 'workspace' of the pipeline: a workspace is a folder on a disk of this machine, or "
                + "s3://bucket/prefix, not \(quoted(scalar.raw))"
        )
    }

    /// The named things under a root key, each a mapping.
    private mutating func members(of key: String, _ entries: [YAMLEntry]) -> [YAMLEntry] {
        guard let entry = entries.first(where: { $0.key == key }) else {
            self.findings.add(self.root.place, "the pipeline lacks the required key '\(key)'")
            return []
        }
        if key == "stages" { self.declaration.stagesPlace = entry.keyPlace }
        guard let members = entry.value.entries, !members.isEmpty else {
            let found = entry.value.entries == nil ? entry.value.found(isSecret: false) : "none"
            self.findings.add(
                entry.value.place,
                "key '\(key)': expected named \(key), found \(found)"
            )
            return []
        }
        if members.count > PipelineDeclaration.stageCountMax {
            self.findings.add(
                entry.keyPlace,
                "\(members.count) \(key); at most \(PipelineDeclaration.stageCountMax) are allowed"
            )
        }
        return Array(members.prefix(PipelineDeclaration.stageCountMax))
    }

    private mutating func readSource(_ entry: YAMLEntry) {
        self.checkName(entry.key, "source name", place: entry.keyPlace)
        let owner = "source \(quoted(entry.key))"
        guard let entries = self.entries(of: entry, owner: owner) else {
            self.declaration.sources.append(
                PipelineDeclaration.Source(name: entry.key, place: entry.keyPlace)
            )
            return
        }
        let types = self.catalogue.sources.map(\.name)
        let type = self.kind("type", in: entries, of: entry, owner: owner, "source type", types)
        let descriptor = self.catalogue.sources.first { $0.name == type }
        var source = PipelineDeclaration.Source(
            name: entry.key,
            place: entry.keyPlace,
            type: descriptor?.name ?? ""
        )
        if let descriptor {
            source.configuration = readConfiguration(
                entries,
                parameters: descriptor.parameters + [priorityParameter],
                reservedKeys: ["type"],
                reader: ParameterReader(owner: owner, directory: self.directory),
                ownerPlace: entry.keyPlace,
                findings: &self.findings
            )
            source.priority =
                source.configuration.removeValue(forKey: priorityParameter.name)?.intValue ?? 0
        }
        self.declaration.sources.append(source)
    }

    private mutating func readStage(_ entry: YAMLEntry) {
        self.checkName(entry.key, "stage name", place: entry.keyPlace)
        let owner = "stage \(quoted(entry.key))"
        guard let entries = self.entries(of: entry, owner: owner) else {
            // Its name stands, so that those who read from it are not blamed.
            self.declaration.stages.append(
                PipelineDeclaration.Stage(name: entry.key, place: entry.keyPlace)
            )
            return
        }
        let kinds = self.catalogue.stages.map(\.name)
        let kind = self.kind("uses", in: entries, of: entry, owner: owner, "stage kind", kinds)
        let descriptor = self.catalogue.stages.first { $0.name == kind }
        var stage = PipelineDeclaration.Stage(
            name: entry.key,
            place: entry.keyPlace,
            descriptor: descriptor,
            inputs: self.inputs(in: entries, of: entry, owner: owner)
        )
        if let descriptor {
            let mediaKeys = descriptor.mediaTypes.isEmpty ? [] : [PipelineDeclaration.mediaKey]
            stage.mediaTypes = self.mediaTypes(in: entries, of: descriptor, owner: owner)
            stage.configuration = readConfiguration(
                entries,
                parameters: descriptor.parameters,
                reservedKeys: PipelineDeclaration.stageKeys + mediaKeys,
                reader: ParameterReader(owner: owner, directory: self.directory),
                ownerPlace: entry.keyPlace,
                findings: &self.findings
            )
        }
        self.declaration.stages.append(stage)
    }

    private mutating func entries(of entry: YAMLEntry, owner: String) -> [YAMLEntry]? {
        entry.value.entries(of: owner, &self.findings)
    }

    /// The word after `uses:` or `type:`, reported when it is missing or unknown.
    private mutating func kind(
        _ key: String,
        in entries: [YAMLEntry],
        of owner: YAMLEntry,
        owner subject: String,
        _ noun: String,
        _ candidates: [String]
    ) -> String? {
        guard let entry = entries.first(where: { $0.key == key }) else {
            self.findings.add(owner.keyPlace, "\(subject) lacks the required key '\(key)'")
            return nil
        }
        guard case .scalar(let scalar) = entry.value.content else {
            let found = entry.value.found(isSecret: false)
            self.findings.add(
                entry.value.place,
                "key '\(key)' of \(subject): expected a name, found \(found)"
            )
            return nil
        }
        if candidates.contains(scalar.text) { return scalar.text }
        self.findings.addUnknown(
            entry.value.place,
            "unknown \(noun) \(quoted(scalar.raw)) in \(subject)",
            name: scalar.raw,
            candidates: candidates,
            listedAs: "known"
        )
        return nil
    }

    private mutating func inputs(
        in entries: [YAMLEntry],
        of owner: YAMLEntry,
        owner subject: String
    ) -> [PipelineDeclaration.Input] {
        guard let entry = entries.first(where: { $0.key == "from" }) else {
            self.findings.add(owner.keyPlace, "\(subject) lacks the required key 'from'")
            return []
        }
        let nodes = listElements(of: entry.value) ?? [entry.value]
        if nodes.isEmpty {
            self.findings.add(entry.value.place, "\(subject) is unreachable: 'from' names nothing")
        }
        var inputs: [PipelineDeclaration.Input] = []
        for node in nodes {
            guard case .scalar(let scalar) = node.content, !scalar.text.isEmpty else {
                let found = node.found(isSecret: false)
                self.findings.add(
                    node.place,
                    "key 'from' of \(subject): expected the name of a stage or source, "
                        + "found \(found)"
                )
                continue
            }
            if inputs.contains(where: { $0.name == scalar.text }) {
                self.findings.add(node.place, "\(subject) names \(quoted(scalar.raw)) twice")
                continue
            }
            inputs.append(
                PipelineDeclaration.Input(
                    name: scalar.text,
                    shown: scalar.raw,
                    place: node.place
                )
            )
        }
        return inputs
    }

    private mutating func mediaTypes(
        in entries: [YAMLEntry],
        of descriptor: StageDescriptor,
        owner: String
    ) -> [String] {
        guard !descriptor.mediaTypes.isEmpty else { return [] }
        guard let entry = entries.first(where: { $0.key == PipelineDeclaration.mediaKey }) else {
            return descriptor.mediaTypes.map(\.name).sorted()
        }
        let spec = ParameterSpec(
            PipelineDeclaration.mediaKey,
            .stringList,
            summary: "Media types routed to the stage."
        )
        let reader = ParameterReader(owner: owner, directory: self.directory)
        guard
            let names = reader.read(entry.value, as: spec, findings: &self.findings)?
                .stringListValue
        else { return [] }
        if names.isEmpty {
            self.findings.add(entry.value.place, "key 'media' of \(owner): the list is empty")
        }
        for node in listElements(of: entry.value) ?? [] {
            guard case .scalar(let scalar) = node.content, !isMediaType(scalar.text) else {
                continue
            }
            self.findings.add(
                node.place,
                "key 'media' of \(owner): \(quoted(scalar.raw)) is not a media type "
                    + "such as text/html"
            )
        }
        return Set(names.map { $0.lowercased() }).sorted()
    }

    private mutating func checkName(_ name: String, of noun: String, node: YAMLNode) {
        guard case .scalar(let scalar) = node.content, !isPipelineName(name) else { return }
        self.addBadName(scalar.raw, noun, place: node.place)
    }

    private mutating func checkName(_ name: String, _ noun: String, place: Place) {
        if !isPipelineName(name) { self.addBadName(name, noun, place: place) }
    }

    private mutating func addBadName(_ name: String, _ noun: String, place: Place) {
        self.findings.add(
            place,
            "\(noun) \(quoted(name)): expected 1 to 64 letters, digits, '-' or '_', "
                + "starting with a letter or digit"
        )
    }

    /// Sources and stages share one set of names, because `from` may name either.
    private mutating func checkNamesAreDistinct() {
        for stage in self.declaration.stages {
            guard let source = self.declaration.sources.first(where: { $0.name == stage.name })
            else { continue }
            self.findings.add(
                stage.place,
                "stage '\(stage.name)' has the name of the source at line \(source.place.line)"
            )
        }
    }
}

/// The scalar keys at the root, in the form of parameters so that they share every check.
let rootParameters = [
    ParameterSpec("name", .string, summary: "The pipeline's name, in reports and logs."),
    ParameterSpec(
        "workspace",
        .path,
        summary:
            "The folder that holds manifests, segments and snapshots, or s3://bucket/prefix."
    ),
    ParameterSpec(
        "shards",
        .int(PipelineDeclaration.shardCountRange),
        default: .int(PipelineDeclaration.shardCountDefault),
        summary:
            "Parts of the workspace that are written in parallel; changed by 'millrace reshard'."
    ),
]

let priorityParameter = ParameterSpec(
    "priority",
    .int(PipelineDeclaration.priorityRange),
    default: .int(0),
    summary: "Which source wins when documents are duplicates: lower comes first."
)

let pipelineNamePattern = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"

/// Names appear in URIs, file names and overrides, so they stay plain.
private func isPipelineName(_ name: String) -> Bool {
    func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    guard let first = name.utf8.first, isAlphanumeric(first), name.utf8.count <= 64 else {
        return false
    }
    return name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F }
}

private func isMediaType(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.count == 2
        && parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") }
        }
}
