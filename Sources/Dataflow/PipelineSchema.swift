internal import Records

/// JSON Schema (draft 2020-12) of pipeline files, for editors.
///
/// It holds what a schema can say: keys, types, ranges, names of kinds. How stages connect is
/// checked by ``parsePlan(text:file:directory:catalogue:environment:overrides:)``.
/// - Output: pretty-printed, keys sorted, ending in a newline.
package func jsonSchema(for catalogue: StageCatalogue) -> String {
    let version = PipelineDeclaration.supportedVersion
    var properties = Dictionary(
        uniqueKeysWithValues: rootParameters.map { ($0.name, schema(of: $0)) }
    )
    properties["version"] = .map(["const": .int(version), "description": "Of the file's form."])
    properties["sources"] = namedMembers("source", "Where documents come from, by name.")
    properties["stages"] = namedMembers("stage", "What is done with them, by name.")
    properties[GateKeys.name] = GateKeys.schema
    properties[RetentionKeys.name] = RetentionKeys.schema
    properties[RerankKeys.name] = .map([
        "description": "Who ranks the best hits of a search anew.", "type": "object",
        "properties": .map(
            Dictionary(uniqueKeysWithValues: RerankKeys.all.map { ($0.name, schema(of: $0)) })
        ),
        "additionalProperties": false,
    ])
    properties[LabelRuleKeys.name] = LabelRuleKeys.schema
    let required = rootParameters.filter { $0.defaultValue == nil }.map(\.name)
    return prettyJSON(
        .map([
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": .string("https://millrace.invalid/pipeline-v\(version).json"),
            "title": "Millrace pipeline",
            "type": "object",
            "properties": .map(properties),
            "required": strings((required + ["version", "sources", "stages"]).sorted()),
            "additionalProperties": false,
            "$defs": .map(definitions(catalogue)),
        ])
    )
}

private func definitions(_ catalogue: StageCatalogue) -> [String: ConfigValue] {
    var definitions: [String: ConfigValue] = [
        "environment": .map([
            "description": "A value from the environment, such as ${NAME} or ${NAME:-default}.",
            "type": "string",
            "pattern": "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}",
        ]),
        "name": .map(["type": "string", "pattern": .string(pipelineNamePattern)]),
        "inputs": .map([
            "description": "The stages or sources it reads from: one name or a list.",
            "anyOf": [
                reference("name"),
                .map([
                    "type": "array", "items": reference("name"), "minItems": 1,
                    "uniqueItems": true,
                ]),
            ],
        ]),
        "stage": choice(of: "uses", among: catalogue.stages.map(\.name), prefix: "stage"),
        "source": choice(of: "type", among: catalogue.sources.map(\.name), prefix: "source"),
    ]
    for stage in catalogue.stages {
        definitions["stage-\(stage.name)"] = schema(of: stage)
    }
    for source in catalogue.sources {
        definitions["source-\(source.name)"] = schema(of: source)
    }
    return definitions
}

private func schema(of stage: StageDescriptor) -> ConfigValue {
    var fixed: [String: ConfigValue] = [
        "uses": .map(["const": .string(stage.name), "description": .string(stage.summary)]),
        "from": reference("inputs"),
    ]
    if !stage.mediaTypes.isEmpty {
        fixed[PipelineDeclaration.mediaKey] = .map([
            "description": "The media types routed to this stage.",
            "type": "array",
            "items": ["type": "string", "pattern": "^[^/; ]+/[^/; ]+$"],
            "minItems": 1,
            "uniqueItems": true,
            "default": strings(stage.mediaTypes.map(\.name)),
        ])
    }
    return object(
        stage.summary,
        fixed: fixed,
        required: ["from", "uses"],
        parameters: stage.parameters
    )
}

private func schema(of source: SourceDescriptor) -> ConfigValue {
    object(
        source.summary,
        fixed: [
            "type": .map([
                "const": .string(source.name), "description": .string(source.summary),
            ])
        ],
        required: ["type"],
        parameters: source.parameters + [priorityParameter]
    )
}

private func object(
    _ summary: String,
    fixed: [String: ConfigValue],
    required: [String],
    parameters: [ParameterSpec]
) -> ConfigValue {
    var properties = fixed
    for spec in parameters { properties[spec.name] = schema(of: spec) }
    let needed = parameters.filter { $0.defaultValue == nil && !$0.isOptional }.map(\.name)
    return .map([
        "description": .string(summary),
        "type": "object",
        "properties": .map(properties),
        "required": strings((required + needed).sorted()),
        "additionalProperties": false,
    ])
}

/// An object whose `key` decides which definition holds for the whole.
private func choice(of key: String, among names: [String], prefix: String) -> ConfigValue {
    .map([
        "type": "object",
        "properties": .map([key: ["enum": strings(names)]]),
        "required": strings([key]),
        "allOf": .list(
            names.map { name in
                .map([
                    "if": .map([
                        "properties": .map([key: .map(["const": .string(name)])]),
                        "required": strings([key]),
                    ]),
                    "then": reference("\(prefix)-\(name)"),
                ])
            }
        ),
    ])
}

private func namedMembers(_ definition: String, _ description: String) -> ConfigValue {
    .map([
        "description": .string(description),
        "type": "object",
        "patternProperties": .map([pipelineNamePattern: reference(definition)]),
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": .int(PipelineDeclaration.stageCountMax),
    ])
}

private func schema(of spec: ParameterSpec) -> ConfigValue {
    var schema = schema(of: spec.kind)
    schema["description"] = .string(spec.summary)
    if let value = spec.defaultValue { schema["default"] = value }
    return .map(schema)
}

private func schema(of kind: ParameterSpec.Kind) -> [String: ConfigValue] {
    switch kind {
    case .bool: orEnvironment(["type": "boolean"])
    case .int(let range):
        orEnvironment(
            ["type": "integer", "minimum": .int(range.lowerBound)].merging(
                range.upperBound == Int.max ? [:] : ["maximum": .int(range.upperBound)]
            ) { $1 }
        )
    case .double(let range):
        orEnvironment([
            "type": "number", "minimum": .double(range.lowerBound),
            "maximum": .double(range.upperBound),
        ])
    case .string, .nameOrPath: ["type": "string"]
    case .path: ["type": "string", "minLength": 1]
    case .choice(let choices): orEnvironment(["enum": strings(choices)])
    case .stringList: ["type": "array", "items": ["type": "string"], "uniqueItems": true]
    case .names:
        [
            "anyOf": [
                ["type": "string"],
                ["type": "array", "items": ["type": "string"], "uniqueItems": true],
            ]
        ]
    case .command: ["type": "array", "items": ["type": "string"], "minItems": 1]
    case .choiceList(let choices), .choiceOrder(let choices):
        [
            "type": "array", "uniqueItems": true,
            "items": .map(orEnvironment(["enum": strings(choices)])),
        ]
    }
}

private func orEnvironment(_ schema: [String: ConfigValue]) -> [String: ConfigValue] {
    ["anyOf": [.map(schema), reference("environment")]]
}

private func reference(_ definition: String) -> ConfigValue {
    .map(["$ref": .string("#/$defs/\(definition)")])
}

private func strings(_ values: [String]) -> ConfigValue {
    .list(values.map(ConfigValue.string))
}

// Schemas are written as literals, which read like the JSON they become.

extension ConfigValue: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension ConfigValue: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .int(value) }
}

extension ConfigValue: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension ConfigValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: ConfigValue...) { self = .list(elements) }
}

extension ConfigValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, ConfigValue)...) {
        self = .map(Dictionary(elements) { $1 })
    }
}
