package import Records

/// What flows along an edge of the pipeline.
package enum PortType: String, Sendable, Codable, CaseIterable {
    /// A document's bytes, as a source gives them.
    case bytes
    /// One document's text with blocks.
    case document
    /// The chunks of one document.
    case chunks
    /// Chunks with one vector each.
    case vectors
    /// Chunks with a list of terms each, by which they should be found.
    case expansions
}

/// The part of a run a stage belongs to; phases are cut at the dedupe barrier.
package enum Phase: String, Sendable, Codable, CaseIterable {
    case prepare
    case resolve
    case materialise
    /// After publishing: what is live is brought to another system.
    case export
}

/// One key of a stage's configuration: enough to validate it, document it and print its schema.
package struct ParameterSpec: Sendable {
    package enum Kind: Sendable {
        case bool
        case int(ClosedRange<Int>)
        case double(ClosedRange<Double>)
        case string
        case choice([String])
        case stringList
        /// Texts, or one that stands for a list of itself.
        case names
        /// A program and its arguments, which may repeat.
        case command
        /// A set of these.
        case choiceList([String])
        /// Some of these, in an order that counts.
        case choiceOrder([String])
        /// A path relative to the pipeline file, made absolute by validation.
        case path
        /// A name; or a path, which begins with `./`, `../` or `/` and is made absolute likewise.
        case nameOrPath
    }

    package let name: String
    package let kind: Kind
    /// Nil makes the key required, unless `isOptional`.
    package let defaultValue: ConfigValue?
    package let isOptional: Bool
    /// False for keys that change speed or cost but never the output; they stay out of fingerprints.
    package let affectsOutput: Bool
    package let summary: String

    package init(
        _ name: String,
        _ kind: Kind,
        default defaultValue: ConfigValue? = nil,
        isOptional: Bool = false,
        affectsOutput: Bool = true,
        summary: String
    ) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.isOptional = isOptional
        self.affectsOutput = affectsOutput
        self.summary = summary
    }
}

/// What the pipeline validator knows of a stage kind, without knowing the stage.
package struct StageDescriptor: Sendable {
    /// The word after `uses:`.
    package let name: String
    /// Goes up when the same input may give another output; part of the fingerprint.
    package let revision: Int
    package let summary: String
    package let phase: Phase
    /// The port types it takes; more than one means any of them.
    package let inputs: [PortType]
    /// Nil for a sink.
    package let output: PortType?
    /// The media types an extraction stage takes unless `media:` says otherwise; empty for others.
    package let mediaTypes: [MediaType]
    package let parameters: [ParameterSpec]

    package init(
        name: String,
        revision: Int,
        summary: String,
        phase: Phase,
        inputs: [PortType],
        output: PortType?,
        mediaTypes: [MediaType] = [],
        parameters: [ParameterSpec]
    ) {
        self.name = name
        self.revision = revision
        self.summary = summary
        self.phase = phase
        self.inputs = inputs
        self.output = output
        self.mediaTypes = mediaTypes
        self.parameters = parameters
    }
}

/// The kinds of source a pipeline may name.
package struct SourceDescriptor: Sendable {
    /// The word after `type:`.
    package let name: String
    package let summary: String
    package let parameters: [ParameterSpec]

    package init(name: String, summary: String, parameters: [ParameterSpec]) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
    }
}

/// Every stage and source kind this binary has; handed to the validator by `Operations`.
package struct StageCatalogue: Sendable {
    package let stages: [StageDescriptor]
    package let sources: [SourceDescriptor]

    package init(stages: [StageDescriptor], sources: [SourceDescriptor]) {
        self.stages = stages
        self.sources = sources
    }
}
